"""Owners' rules at work: each event is held against all of them as it comes."""

from collections.abc import Sequence
from typing import Final, Self, TypeAlias

import orjson

from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.core.evidence import caller_of
from apiward.watch.sigma.fields import Value
from apiward.watch.sigma.model import Book, Member, Rule
from apiward.watch.sigma.tracking import MAX_GROUPS, Key, Tracker, is_drill

VERSION: Final = 1

_Membership: TypeAlias = tuple[int, int, Member]
_Groups: TypeAlias = dict[Key, tuple[tuple[str, ...], list[tuple[int, Value]]]]


class SigmaRules:
    """Holds events against the rules of a book. What it remembers can be kept and taken back, exactly."""

    def __init__(self, book: Book, *, max_groups: int = MAX_GROUPS) -> None:
        self.book = book
        self._correlations = [(one, Tracker(one, max_groups=max_groups)) for one in book.correlations]
        self._rules = [
            (rule.test, Tracker(rule, max_groups=max_groups) if rule.is_shown else None, _memberships(rule, book))
            for rule in book.rules
        ]

    @classmethod
    def restored(cls, book: Book, state: bytes, *, max_groups: int = MAX_GROUPS) -> Self:
        """Return the rules as they were when `state` was taken. A rule that has changed since begins anew."""
        made = cls(book, max_groups=max_groups)
        try:
            kept = orjson.loads(state)
        except orjson.JSONDecodeError:
            return made
        if isinstance(kept, dict) and kept.get("version") == VERSION and isinstance(kept.get("rules"), dict):
            for tracker in made._trackers():
                tracker.restore(kept["rules"].get(tracker.head.code))
        return made

    @property
    def is_empty(self) -> bool:
        """Whether there is no rule that could see anything."""
        return not self._rules

    @property
    def evicted(self) -> int:
        """How many groups were forgotten as there were too many."""
        return sum(tracker.evicted for tracker in self._trackers())

    def see(self, event: Event) -> Sequence[Detection]:
        """Take in an event; nearly always there is nothing to tell."""
        hits = [(own, members) for test, own, members in self._rules if test(event)]
        return self._hit(event, hits) if hits else ()

    def _hit(self, event: Event, hits: Sequence[tuple[Tracker | None, Sequence[_Membership]]]) -> Sequence[Detection]:
        found: list[Detection] = []
        drill = is_drill(event)
        groups: dict[int, _Groups] = {}
        for own, members in hits:
            if own is not None:
                found += own.see(event, (drill, caller_of(event)))
            for correlation, number, member in members:
                _add(groups.setdefault(correlation, {}), event, number, member, drill=drill)
        for correlation in sorted(groups):
            tracker = self._correlations[correlation][1]
            for key, (shared, values) in groups[correlation].items():
                found += tracker.see(event, key, shared, values)
        return found

    def passed(self, now_s: float) -> Sequence[Detection]:
        """Say that it is now `now_s`: what has ended is told with its last count."""
        return [one for tracker in self._trackers() for one in tracker.passed(round(now_s * 1000))]

    def state(self) -> bytes:
        """Return all that is remembered, for `restored`."""
        rules = {tracker.head.code: tracker.state() for tracker in self._trackers()}
        return orjson.dumps({"version": VERSION, "rules": rules})

    def _trackers(self) -> list[Tracker]:
        shown = [own for _, own, _ in self._rules if own is not None]
        return [*shown, *(tracker for _, tracker in self._correlations)]


def _memberships(rule: Rule, book: Book) -> Sequence[_Membership]:
    """Return in which correlations a rule is, and as which of their members."""
    return [
        (place, number, member)
        for place, one in enumerate(book.correlations)
        for number, member in enumerate(one.members)
        if member.rule.head.id == rule.head.id
    ]


def _add(groups: _Groups, event: Event, number: int, member: Member, *, drill: bool) -> None:
    """Add what an event says to its group. One that lacks what is grouped by belongs to none.

    Letters mean the same in either case, as everywhere in a rule; what is told of the group is as it came.
    """
    values = [get(event) for get in member.group]
    if None in values:
        return
    folded = [value.lower() if isinstance(value, str) else value for value in values]
    _, hits = groups.setdefault((drill, *folded), (tuple(map(str, values)), []))
    hits.append((number, member.value(event) if member.value else None))
