"""What the owner allows although a rule refuses it: one rule, at one place, of one operation, until a day."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, TypeAlias

from apiward.core.call import Call
from apiward.core.decision import Decision, Effect
from apiward.core.ports import Clock
from apiward.core.settings import setting

ALLOWABLE: Final = ("route", "shape", "inspect")
"""Stages that judge the form of a request, and so may be wrong about an honest one."""
_INDEX: Final = re.compile(r"\[[0-9]+\]")
_HIDDEN: Final = re.compile(r"[?…]")
MAX_PLACE: Final = 99

ByPlace: TypeAlias = Mapping[tuple[str, str], "Allowance"]
"""What is allowed in one operation, by rule and place."""


def wide_place(place: str) -> str:
    """Return a place as exclusions name it: the number of an entry does not count (`body.items[].note`)."""
    return _INDEX.sub("[]", place) if "[" in place else place


def is_exact(place: str) -> bool:
    """Return whether a place is told whole. A name that was too odd to be kept, or was cut, would allow too much."""
    return not _HIDDEN.search(place) and len(place) < MAX_PLACE


@dataclass(frozen=True, slots=True)
class Allowance:
    """One exclusion, as narrow as a refusal: the rule, the place, and the operation."""

    id: str = setting("", "A name for it, which stands in the log.")
    operation: str = setting("", 'The operation, such as "POST /notes"; method and path where nothing describes it.')
    place: str = setting("", "The place that is let through there, such as body.items[].note; empty for the whole.")
    rule: str = setting("", "The rule that does not refuse there, such as inspect.sql.")
    reason: str = setting("", "Why it is allowed.")
    owner: str = setting("", "Who answers for it.")
    since: str = setting("", "When it was allowed.")
    expires: str = setting("", "When it ends, such as 2027-01-31 or 2027-01-31T12:00:00Z. It must end.")
    incident: str = setting("", "The refusal that it was made from.")

    def __post_init__(self) -> None:
        """Check the whole. Raises ValueError with the key."""
        method, _, path = self.operation.partition(" ")
        if not self.id:
            raise ValueError("id: is missing")
        if not (method.isalpha() and method.isupper() and path.startswith("/")):
            raise ValueError(f'operation: {self.operation[:60]!r} is none; write it as "POST /notes"')
        if self.rule.partition(".")[0] not in ALLOWABLE or not self.rule.partition(".")[2]:
            raise ValueError(f"rule: {self.rule[:60]!r} cannot be allowed; those of {', '.join(ALLOWABLE)} can")
        if not is_exact(self.place):
            raise ValueError("place: is not told whole, and would allow more than it says")
        if not self.expires:
            raise ValueError("expires: is missing; an exclusion must end")
        _ = self.expires_s, self.since_s

    @property
    def expires_s(self) -> float:
        """When it ends, in seconds since the epoch."""
        return moment_of(self.expires, "expires")

    @property
    def since_s(self) -> float:
        """When it was allowed, in seconds since the epoch; 0 where nobody said."""
        return moment_of(self.since, "since")

    @property
    def key(self) -> tuple[str, str]:
        """Rule and place, as they are looked up."""
        return self.rule, wide_place(self.place)


class Allowances:
    """All exclusions, by operation. `is_any` is what a stage asks first: most guards have none."""

    def __init__(self, allowances: Iterable[Allowance], clock: Clock) -> None:
        self._clock = clock
        self._by_operation: dict[str, dict[tuple[str, str], Allowance]] = {}
        for one in allowances:
            places = self._by_operation.setdefault(one.operation, {})
            before = places.get(one.key)
            if before is None or before.expires_s < one.expires_s:
                places[one.key] = one
        self.is_any = bool(self._by_operation)

    def passes(self, call: Call) -> "Passes | None":
        """Return what may pass in one request, or None where nothing of its operation is allowed."""
        places = self._by_operation.get(call.operation_key or f"{call.method} {call.path}")
        return Passes(places, self._clock) if places is not None else None


class Passes:
    """What may pass in one request. What did is noted: nothing is let through in silence."""

    __slots__ = ("_clock", "_places", "notes")

    def __init__(self, places: ByPlace, clock: Clock) -> None:
        self._places = places
        self._clock = clock
        self.notes: list[Decision] = []

    def take(self, refusal: Decision) -> bool:
        """Return whether the refusal is excluded, and note it then, once for each rule and place."""
        allowance = self._places.get((refusal.rule, wide_place(refusal.place)))
        if allowance is None or allowance.expires_s <= self._clock():
            return False
        if not any((note.rule, wide_place(note.place)) == allowance.key for note in self.notes):
            self.notes.append(noted(refusal, allowance))
        return True

    def with_notes(self, said: Decision | None) -> Decision | tuple[Decision, ...] | None:
        """Return what a stage says in the end, with what it let pass before it."""
        if not self.notes:
            return said
        return (*self.notes, said) if said is not None else tuple(self.notes)


def noted(refusal: Decision, allowance: Allowance) -> Decision:
    """Return the note that stands in the place of a refusal."""
    saw = f"allowed as {allowance.id}" + (f": {refusal.saw}" if refusal.saw else "")
    return replace(refusal, effect=Effect.NOTE, saw=saw, retry_after_s=None, headers=())


def moment_of(text: str, key: str) -> float:
    """Return a date or time in seconds since the epoch, 0 for an empty text. Raises ValueError with the key."""
    if not text:
        return 0.0
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{key}: {text[:40]!r} is no date; write 2027-01-31") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


NO_ALLOWANCES: Final = Allowances((), lambda: 0.0)
