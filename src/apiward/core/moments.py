"""Seconds since the epoch as moments of the calendar, whatever number they are."""

from datetime import UTC, datetime
from typing import Final

LAST_S: Final = 253_402_300_799.0
"""The last second of the year 9999, the last one that has a date here."""


def utc(at_s: float) -> datetime:
    """Return the moment; what no calendar has is brought to its ends, and what is no number to the beginning."""
    # In this order: of two that cannot be compared, `max` returns the first.
    return datetime.fromtimestamp(min(max(0.0, at_s), LAST_S), UTC)
