"""How things stand with one API, as counted facts: what page, report, digest and grade are made from."""

from dataclasses import dataclass
from enum import StrEnum

from apiward.core.finding import Severity
from apiward.core.verdict import Confidence


class Treatment(StrEnum):
    """What becomes of a finding. HELD: a rule at the guard holds it shut. ACCEPTED: somebody lives with it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    HELD = "held"


class GuardState(StrEnum):
    """Whether a guard runs in front of the API. WATCHES: it refuses nothing but what somebody ordered by name."""

    ABSENT = "absent"
    WATCHES = "watches"
    ENFORCES = "enforces"


@dataclass(frozen=True, slots=True)
class StandingFinding:
    """A finding that is not fixed. `id` is the one that every report shows; `age_days` is since it was first seen."""

    id: str
    check: str
    operation: str
    severity: Severity
    confidence: Confidence
    age_days: float
    treatment: Treatment = Treatment.OPEN


@dataclass(frozen=True, slots=True)
class StandingIncident:
    """An incident that is not closed; exercises are none. `is_contained`: who does it is held off."""

    id: str
    severity: Severity
    is_contained: bool = False


@dataclass(frozen=True, slots=True)
class Undecided:
    """Runs of checks without a clear result, by one reason. `is_run`: it was tried, and the answers do not tell."""

    why: str
    runs: int
    is_run: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """How far scans came.

    `operations` are described; of those, `reached` gave a good answer (2xx) to an account of a scan of late. `age_days`
    says how old that is: so long ago, enough of them for a grade had been reached since; without enough, it is the age
    of the last scan. `left_alone` were not called, as calling them could do harm. A run is one check on one operation;
    runs are those of the last whole scan. `is_read_only`: no scan of late has tried to change anything.
    """

    operations: int
    reached: int
    age_days: float = 0.0
    left_alone: int = 0
    runs: int = 0
    decided: int = 0
    accounts: int = 0
    is_read_only: bool = False
    undecided: tuple[Undecided, ...] = ()

    @property
    def share(self) -> float:
        """The part of the described operations that were reached, from 0 to 1; 0 where nothing is described."""
        return min(1.0, self.reached / self.operations) if self.operations > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with the API at `target`. Ages are in days; None is never.

    Where `reach` is None, no whole scan was kept. The order in which findings and incidents come means nothing.
    """

    target: str = ""
    findings: tuple[StandingFinding, ...] = ()
    reach: Reach | None = None
    guard: GuardState = GuardState.ABSENT
    incidents: tuple[StandingIncident, ...] = ()
    exercise_age_days: float | None = None
