"""Reads what came over the wire in one way only: whatever two parsers could read differently is refused."""
