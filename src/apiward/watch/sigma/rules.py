"""Owners' rules at work: each event is held against all of them as it comes."""

from collections.abc import Sequence
from typing import Final, Self

import orjson

from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.watch.sigma.model import Book, Correlation, Member, Rule
from apiward.watch.sigma.tracking import MAX_GROUPS, Key, Tracker, is_drill

VERSION: Final = 1


class SigmaRules:
    """Holds events against the rules of a book. What it remembers can be kept and taken back, exactly."""

    def __init__(self, book: Book, *, max_groups: int = MAX_GROUPS) -> None:
        self.book = book
        self._rules = [(rule, Tracker(rule, max_groups=max_groups)) for rule in book.rules if rule.is_shown]
        self._correlations = [(one, Tracker(one, max_groups=max_groups)) for one in book.correlations]

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
    def evicted(self) -> int:
        """How many groups were forgotten as there were too many."""
        return sum(tracker.evicted for tracker in self._trackers())

    def see(self, event: Event) -> Sequence[Detection]:
        """Take in an event; nearly always there is nothing to tell."""
        found: list[Detection] = []
        drill = is_drill(event)
        for rule, tracker in self._rules:
            if rule.test(event):
                found += tracker.see(event, (drill, _caller_key(event)))
        hit: dict[int, bool] = {}
        for one, tracker in self._correlations:
            for key, (shared, members) in _groups(one, event, hit, drill=drill).items():
                values = [(number, member.value(event) if member.value else None) for number, member in members]
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
        return [tracker for _, tracker in (*self._rules, *self._correlations)]


def _caller_key(event: Event) -> str:
    return event.client if event.principal.startswith("anonymous:") or not event.principal else event.principal


def _groups(
    one: Correlation, event: Event, hit: dict[int, bool], *, drill: bool
) -> dict[Key, tuple[tuple[str, ...], list[tuple[int, Member]]]]:
    """Return the groups of an event, each with the members that say so. One without a value is left out.

    Letters mean the same in either case, as everywhere in a rule; what is told of the group is as it came.
    """
    found: dict[Key, tuple[tuple[str, ...], list[tuple[int, Member]]]] = {}
    for number, member in enumerate(one.members):
        rule: Rule = member.rule
        known = hit.get(id(rule))
        if known is None:
            known = hit[id(rule)] = rule.test(event)
        if not known:
            continue
        values = [get(event) for get in member.group]
        if None not in values:
            folded = [value.lower() if isinstance(value, str) else value for value in values]
            shared = tuple(str(value) for value in values)
            found.setdefault((drill, *folded), (shared, []))[1].append((number, member))
    return found
