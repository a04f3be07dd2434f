"""What a check says of one operation, and what it must show to say so."""

from dataclasses import dataclass
from enum import StrEnum

from apiward.core.exchange import Exchange


class Outcome(StrEnum):
    """Four outcomes, never two: silence and doubt are neither a pass nor a finding."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNSURE = "unsure"
    NOT_RUN = "not-run"


class Confidence(StrEnum):
    """How sure a finding is: PROVED by a differential or by state read back, LIKELY by strong signs."""

    PROVED = "proved"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exchange that shows the weakness, and the one that shows the difference.

    `control` is the same request by the rightful account, or with a harmless value; only checks
    that read what every answer already says (a banner, a missing header) go without.
    `more` are further exchanges that belong to the proof, in order (reading back, logging in).
    """

    attack: Exchange
    control: Exchange | None = None
    more: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one check on one operation. `saw` is one plain sentence of fact; `place` the slot at fault."""

    check: str
    operation: str
    outcome: Outcome
    saw: str
    place: str = ""
    evidence: Evidence | None = None
    confidence: Confidence = Confidence.PROVED

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.BROKEN) != (self.evidence is not None):
            raise ValueError("a verdict has evidence if and only if it is BROKEN")
        if not self.saw:
            raise ValueError("a verdict says what was seen")
