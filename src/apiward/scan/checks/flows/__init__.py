"""Flows: does the business get what it is owed, once, in its order, at its own price."""
