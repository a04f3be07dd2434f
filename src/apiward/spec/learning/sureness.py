"""How sure we are of an operation, and of what it takes."""

from dataclasses import dataclass
from typing import Final

from apiward.spec.learning.operations import Seen
from apiward.spec.learning.tallies import ENOUGH_CALLERS

ENOUGH_REQUESTS: Final = 20
ENOUGH_QUIET: Final = 10
"""Requests in a row that brought nothing new."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """From how many good requests and callers an operation is known, and how many of the last brought nothing new."""

    requests: int
    callers: int
    quiet: int

    @classmethod
    def of(cls, seen: Seen) -> "Sureness":
        """Return how sure we are of what was seen."""
        return cls(seen.count, len(seen.crowd), seen.quiet)

    @property
    def is_sure(self) -> bool:
        """Whether the operation is known well enough to be used."""
        return not self.missing

    @property
    def missing(self) -> str:
        """What is still missing, in words; empty where nothing is."""
        wanted = []
        if self.requests < ENOUGH_REQUESTS:
            wanted.append(_more(ENOUGH_REQUESTS - self.requests, "request"))
        if self.callers < ENOUGH_CALLERS:
            wanted.append(_more(ENOUGH_CALLERS - self.callers, "caller"))
        if not wanted and self.quiet < ENOUGH_QUIET:
            wanted.append(f"{_more(ENOUGH_QUIET - self.quiet, 'request')} without news")
        return " and ".join(wanted)

    def __str__(self) -> str:
        return f"{self.requests} request{'s'[: self.requests != 1]} of {self.callers} caller{'s'[: self.callers != 1]}"


def _more(count: int, noun: str) -> str:
    return f"{count} more {noun}{'s'[: count != 1]}"
