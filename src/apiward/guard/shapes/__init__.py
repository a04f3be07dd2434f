"""Requests against the description: parameters and bodies, compiled once, judged in microseconds."""
