"""The grade: a letter with a meaning, set by what caps it, never by an average. The same facts give the same letter.

Each open matter says "at most this letter"; the letter is the lowest of these. Below 80 % of the described operations
reached, or without a scan that is young enough, there is none. See docs/explanation/how-the-grade-is-made.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from apiward.core.finding import Severity
from apiward.core.verdict import Confidence
from apiward.prove.standing import GuardState, Standing, StandingFinding, StandingIncident, Treatment

LEAST_SHARE: Final = 0.8
"""The part of the operations that must be reached for a letter."""
FRESH_DAYS: Final = 30.0
"""So old may a scan be for an A."""
STALE_DAYS: Final = 90.0
"""From then on a scan caps at C."""
GONE_DAYS: Final = 180.0
"""From then on a scan says nothing any more."""
LONG_DAYS: Final = 30.0
"""So long may a serious problem be known until it counts for more."""
EXERCISE_DAYS: Final = 365.0
MANY: Final = 4
"""So many causes of serious problems count for more than one."""


class Letter(IntEnum):
    """The letters, the best highest, so that letters compare."""

    F = 0
    E = 1
    D = 2
    C = 3
    B = 4
    A = 5


class CapKind(StrEnum):
    """Why a letter cannot be better. What each means, and what lifts it, stands in catalogue/grades.toml."""

    CRITICAL = "critical"
    CRITICAL_LIKELY = "critical-likely"
    SERIOUS_LONG = "serious-long"
    SERIOUS_MANY = "serious-many"
    SERIOUS = "serious"
    MEDIUM = "medium"
    LOW = "low"
    ACCEPTED = "accepted"
    HELD = "held"
    INCIDENT = "incident"
    CONTAINED = "contained"
    SCAN_OLD = "scan-old"
    READ_ONLY = "read-only"
    GUARD_ABSENT = "guard-absent"
    GUARD_WATCHES = "guard-watches"
    EXERCISE = "exercise"


class Missing(StrEnum):
    """Why there is no letter."""

    NO_SCAN = "no-scan"
    SCAN_GONE = "scan-gone"
    TOO_LITTLE = "too-little"


@dataclass(frozen=True, slots=True)
class Cap:
    """One reason why the letter is at most `letter`.

    `check` and `findings` name the problem where it is one, `incidents` the incidents; `count` says how many it is
    about (for SERIOUS_MANY: how many causes must go for it to be gone).
    """

    kind: CapKind
    letter: Letter
    count: int = 1
    check: str = ""
    findings: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """The letter, or None and why there is none. `share` is the coverage that goes with it.

    `caps` are all reasons, what weighs most first. `lifts` are those of them that hold it at this letter, in the order
    to act on: with all of them gone it is `next_letter`. Without a letter, `missing` says what to do first, and `caps`
    what is known all the same.
    """

    letter: Letter | None
    share: float
    caps: tuple[Cap, ...] = ()
    lifts: tuple[Cap, ...] = ()
    next_letter: Letter | None = None
    missing: tuple[Missing, ...] = ()


def grade_of(standing: Standing) -> Grade:
    """Return the grade of how things stand."""
    caps = tuple(sorted(_caps(standing), key=_rank))
    share = standing.reach.share if standing.reach is not None else 0.0
    missing = tuple(_missing(standing))
    if missing:
        return Grade(None, share, caps, missing=missing)
    letter = _lowest(caps)
    lifts = tuple(cap for cap in caps if cap.letter is letter)
    above = _lowest(cap for cap in caps if cap.letter is not letter)
    return Grade(letter, share, caps, lifts, above if letter is not Letter.A else None)


def _lowest(caps: Iterable[Cap]) -> Letter:
    return min((cap.letter for cap in caps), default=Letter.A)


def _missing(standing: Standing) -> Iterator[Missing]:
    if standing.reach is None:
        yield Missing.NO_SCAN
        return
    if standing.reach.age_days > GONE_DAYS:
        yield Missing.SCAN_GONE
    if standing.reach.share < LEAST_SHARE:
        yield Missing.TOO_LITTLE


def _caps(standing: Standing) -> Iterator[Cap]:
    yield from _finding_caps(standing.findings, has_guard=standing.guard is not GuardState.ABSENT)
    yield from _incident_caps(standing.incidents)
    if standing.reach is not None and standing.reach.age_days > FRESH_DAYS:
        letter = Letter.C if standing.reach.age_days > STALE_DAYS else Letter.B
        yield Cap(CapKind.SCAN_OLD, letter, int(standing.reach.age_days))
    if standing.reach is not None and standing.reach.is_read_only:
        yield Cap(CapKind.READ_ONLY, Letter.B)
    if standing.guard is GuardState.ABSENT:
        yield Cap(CapKind.GUARD_ABSENT, Letter.B)
    elif standing.guard is GuardState.WATCHES:
        yield Cap(CapKind.GUARD_WATCHES, Letter.B)
    if standing.exercise_age_days is None or standing.exercise_age_days > EXERCISE_DAYS:
        yield Cap(CapKind.EXERCISE, Letter.B)


def _finding_caps(findings: Iterable[StandingFinding], *, has_guard: bool) -> Iterator[Cap]:
    """Yield a cap for each cause: findings of one check that count alike are put right together."""
    causes: dict[tuple[Letter, CapKind, str], list[str]] = defaultdict(list)
    serious: set[str] = set()
    for one in findings:
        found = _of_finding(one, has_guard=has_guard)
        if found is None:
            continue
        kind, letter = found
        causes[letter, kind, one.check].append(one.id)
        if kind in _SERIOUS:
            serious.add(one.check)
    for (letter, kind, check), ids in causes.items():
        yield Cap(kind, letter, len(ids), check, tuple(sorted(ids)))
    if len(serious) >= MANY:
        yield Cap(CapKind.SERIOUS_MANY, Letter.E, len(serious) - MANY + 1)


_SERIOUS: Final = frozenset({CapKind.SERIOUS, CapKind.SERIOUS_LONG})


def _of_finding(one: StandingFinding, *, has_guard: bool) -> tuple[CapKind, Letter] | None:
    """Return what one finding says of the letter. A rule holds only where a guard runs that keeps it."""
    if one.treatment is Treatment.HELD and has_guard:
        return (CapKind.HELD, Letter.B) if one.severity >= Severity.MEDIUM else None
    if one.treatment is Treatment.ACCEPTED:
        accepted = _ACCEPTED.get(one.severity)
        return (CapKind.ACCEPTED, accepted) if accepted is not None else None
    if one.severity is Severity.CRITICAL:
        is_proved = one.confidence is Confidence.PROVED
        return (CapKind.CRITICAL, Letter.F) if is_proved else (CapKind.CRITICAL_LIKELY, Letter.E)
    if one.severity is Severity.HIGH:
        is_long = one.age_days > LONG_DAYS
        return (CapKind.SERIOUS_LONG, Letter.E) if is_long else (CapKind.SERIOUS, Letter.D)
    return _SMALLER.get(one.severity)


_ACCEPTED: Final = {Severity.CRITICAL: Letter.D, Severity.HIGH: Letter.C, Severity.MEDIUM: Letter.B}
"""Who comes from outside does not know what was accepted: it caps still, two letters higher or so."""
_SMALLER: Final = {Severity.MEDIUM: (CapKind.MEDIUM, Letter.C), Severity.LOW: (CapKind.LOW, Letter.B)}


def _incident_caps(incidents: Iterable[StandingIncident]) -> Iterator[Cap]:
    groups: dict[tuple[Letter, CapKind], list[str]] = defaultdict(list)
    for one in incidents:
        letter = Letter.B if one.is_contained else _INCIDENT.get(one.severity, Letter.B)
        kind = CapKind.CONTAINED if one.is_contained else CapKind.INCIDENT
        if one.severity > Severity.NOTE:
            groups[letter, kind].append(one.id)
    for (letter, kind), ids in groups.items():
        yield Cap(kind, letter, len(ids), incidents=tuple(sorted(ids)))


_INCIDENT: Final = {Severity.CRITICAL: Letter.D, Severity.HIGH: Letter.C}
_ORDER: Final = tuple(CapKind)


def _rank(cap: Cap) -> tuple[int, int, int, str]:
    """Return what sorts caps: the lowest letter first, then as the kinds stand, then the cause with most places."""
    return (cap.letter, _ORDER.index(cap.kind), -cap.count, cap.check)
