"""What is remembered of a stream in little room: counts over time, distinct things, habits, order.

Whatever changes in time stands in plain lists of numbers and texts, which the functions of these modules are given.
So a checkpoint is written and read back as it is, and what goes on after a restart is what would have gone on.
"""
