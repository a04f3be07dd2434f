"""Adapters that keep things: events, counters, blocks."""
