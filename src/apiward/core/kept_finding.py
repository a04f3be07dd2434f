"""A finding as it is kept from scan to scan: when it was first seen, whether it is gone, whether it came back."""

from dataclasses import dataclass
from enum import StrEnum

from apiward.core.finding import Severity
from apiward.core.verdict import Confidence


class FindingState(StrEnum):
    """FIXED: a later scan looked at the same place and it holds. Where none could look, a finding stays OPEN."""

    OPEN = "open"
    FIXED = "fixed"


class FindingTurn(StrEnum):
    """What one scan said of a finding."""

    NEW = "new"
    STILL_THERE = "still-there"
    FIXED = "fixed"
    CAME_BACK = "came-back"


@dataclass(frozen=True, slots=True)
class FindingMoment:
    """What the scan of that id, at that time (seconds since the epoch), said."""

    at_s: float
    kind: FindingTurn
    scan: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """A weakness of the API at `target`, with its history. `id` is the one that every report shows.

    Times are in seconds since the epoch; `times` is in how many scans it was found.
    """

    target: str
    id: str
    check: str
    operation: str
    place: str
    severity: Severity
    confidence: Confidence
    saw: str
    state: FindingState
    first_s: float
    last_s: float
    fixed_s: float | None = None
    times: int = 1
    history: tuple[FindingMoment, ...] = ()
