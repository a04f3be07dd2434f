"""Owners' own rules: their files, and what they would have told of events that are there."""
