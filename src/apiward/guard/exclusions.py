"""From a refusal to its exclusion: what can be excluded, and what that would have let through before."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from apiward.core.decision import Decision, Effect
from apiward.core.event import Event
from apiward.core.evidence import Denial, caller_of
from apiward.guard.allowing import ALLOWABLE, is_exact, wide_place
from apiward.guard.readiness import is_attack

ELSEWHERE: Final = {
    "protocol": "What can be read in two ways stays refused. The caller's program must send it another way.",
    "origin": "Lists of addresses stand in [guard.origin].",
    "flood": "The limits stand in [guard.flood].",
    "quota": "The limits stand in [guard.quota].",
    "authenticate": "Who calls must be sure. Give the caller a good key or token: apiward keys --help",
    "permit": "Rights are given, not excluded: see apiward explain-access --help and [guard.permit].",
    "conduct": "How much is borne stands in [guard.conduct].",
    "patches": "A patch holds a known hole shut. Take it back: apiward patch --help",
    "guard": "The limits of the engine stand in [guard].",
}
"""Where to turn with refusals of stages whose rules cannot be excluded."""
_DOORS: Final = "route.undescribed"
_MOST_UNDESCRIBED: Final = 20
"""Requests for what nothing describes, of one caller, from which on it is somebody who tries doors."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """The narrowest exclusion of one refusal. `why_not` is empty where it can be made."""

    operation: str
    rule: str
    place: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Replay:
    """What an exclusion would also have let through before: requests, their callers, and what speaks for attacks."""

    requests: int
    callers: int
    attacks: int
    hostile: tuple[str, ...] = ()
    is_cut: bool = False


def refusals(event: Event) -> tuple[Decision, ...]:
    """Return what refused a request, or would have; what was applied comes first, as that is what the caller met."""
    found = [ruling for ruling in event.rulings if ruling.decision.effect is Effect.DENY]
    return tuple(ruling.decision for ruling in sorted(found, key=lambda ruling: not ruling.is_applied))


def exclusion(event: Event, refusal: Decision) -> Exclusion:
    """Return the narrowest exclusion of a refusal of a request, or why there is none."""
    operation = event.operation or f"{event.method} {event.path}"
    place = wide_place(refusal.place)
    return Exclusion(operation, refusal.rule, place, _why_not(event, refusal))


def replay(
    events: Iterable[Event], denials: Sequence[Denial], wanted: Exclusion, incident: str, *, is_cut: bool
) -> Replay:
    """Judge the refusals of the last days that an exclusion covers. `denials` are all refusals of their callers.

    An event counts as an attack where it holds another refusal as well, or where its caller was refused elsewhere
    for what no honest program does.
    """
    same = [one for one in events if _covers(wanted, one)]
    covered = [one for one in same if one.id != incident]
    hostile = _hostile(denials, wanted, Counter(map(caller_of, same)))
    attacks = [one for one in covered if _is_more_refused(one, wanted) or _names(one) & hostile]
    return Replay(
        requests=len(covered),
        callers=len({caller_of(one) for one in covered}),
        attacks=len(attacks),
        hostile=tuple(sorted({caller_of(one) for one in attacks})),
        is_cut=is_cut,
    )


def callers_in(events: Iterable[Event], wanted: Exclusion) -> frozenset[str]:
    """Return who sent what the exclusion covers: principals, and the addresses that they came from."""
    return frozenset(name for one in events if _covers(wanted, one) for name in _names(one))


def _names(event: Event) -> frozenset[str]:
    return frozenset({caller_of(event), event.client})


def _covers(wanted: Exclusion, event: Event) -> bool:
    return any(_is_wanted(one, wanted) for one in refusals(event))


def _is_wanted(refusal: Decision, wanted: Exclusion) -> bool:
    return refusal.rule == wanted.rule and wide_place(refusal.place) == wanted.place


def _is_more_refused(event: Event, wanted: Exclusion) -> bool:
    return any(not _is_wanted(one, wanted) for one in refusals(event))


def _hostile(denials: Sequence[Denial], wanted: Exclusion, same: Mapping[str, int]) -> frozenset[str]:
    """Return the callers with bad intent elsewhere. `same` counts what is in question, which speaks against nobody."""
    found: set[str] = set()
    unknown: Counter[str] = Counter()
    for one in denials:
        is_same = (one.rule, wide_place(one.place)) == (wanted.rule, wanted.place)
        if is_attack(one.rule) and not (is_same and one.operation == wanted.operation):
            found.add(one.caller)
        if one.rule == _DOORS:
            unknown[one.caller] += one.times
    if wanted.rule == _DOORS:
        unknown.subtract(same)
    return frozenset(found | {caller for caller, times in unknown.items() if times >= _MOST_UNDESCRIBED})


def _why_not(event: Event, refusal: Decision) -> str:
    stage = refusal.stage
    if stage not in ALLOWABLE:
        return ELSEWHERE.get(stage, "Its settings stand in [guard].")
    if not event.operation and not is_exact(event.path):
        return "The path holds something that is not kept, so it cannot be told whole. Describe the operation instead."
    if not is_exact(refusal.place):
        return "The name of the place was not kept, so an exclusion would let through more than this."
    return ""
