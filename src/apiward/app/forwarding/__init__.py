"""Sends what is stored to where an owner keeps the records of all systems, without losing any of it."""
