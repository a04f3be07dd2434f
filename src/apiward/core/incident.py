"""What a person must handle: one attack, told once, with what has happened since."""

from dataclasses import dataclass
from enum import StrEnum

from apiward.core.finding import Severity


class IncidentState(StrEnum):
    """How things stand. CONTAINED: what does it is shut out for now, and that was verified."""

    OPEN = "open"
    CONTAINED = "contained"
    CLOSED = "closed"
    REOPENED = "reopened"


class MomentKind(StrEnum):
    """What an entry of the timeline tells."""

    SEEN = "seen"
    WORSE = "worse"
    TOLD = "told"
    NOT_TOLD = "not-told"
    CONTAINED = "contained"
    UNDONE = "undone"
    CLOSED = "closed"
    REOPENED = "reopened"
    STEP = "step"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the timeline: when (seconds since the epoch), what, in words, and by whom (empty: by apiward)."""

    at_s: float
    kind: MomentKind
    said: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """All detections of one technique by one actor, until it has been quiet. `severity` only ever rises.

    `id` depends on rule, actor and beginning alone, so that the same events give the same incidents however often they
    are read. `count` is the number of events; `touched` are keys of whom or what it reached (`user:7`, `operation:…`),
    some of `touched_count`. `unknown` says, in words of the catalogue, what cannot be known from here.
    """

    id: str
    rule: str
    who: str
    severity: Severity
    first_s: float
    last_s: float
    count: int
    state: IncidentState = IncidentState.OPEN
    where: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    touched: tuple[str, ...] = ()
    touched_count: int = 0
    unknown: tuple[str, ...] = ()
    timeline: tuple[Moment, ...] = ()
    is_drill: bool = False
