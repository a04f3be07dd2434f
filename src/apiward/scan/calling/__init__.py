"""Filling in an operation, and sending it."""
