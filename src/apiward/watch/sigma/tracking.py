"""One rule over time: its groups, which of them show it now, and what is told of them.

The first event that shows it is told at once, then each time when there are twice as many. What has grown besides is
told when time passes. So a flood of equal events costs a handful of detections, and the count is right.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from apiward.core import marks
from apiward.core.detection import EVERYBODY, Detection
from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.core.jsonvalue import Json
from apiward.watch.sigma.fields import Value, caller
from apiward.watch.sigma.model import Correlation, Head, Rule
from apiward.watch.sigma.windows import WINDOWS, Always, Hits, Window

MAX_GROUPS: Final = 20_000
"""Groups of one rule that are remembered; beyond that, the one that was quiet for longest is forgotten."""
QUIET_MS: Final = 600_000
"""After so long a silence, more of the same single events are a new attack."""
MAX_SHOWN: Final = 10
_EXPIRED_EACH: Final = 4

Key: TypeAlias = tuple[Value | bool, ...]


class Group:
    """What is known of one group: its window, and the run of events that show the rule."""

    __slots__ = ("count", "first_ms", "ids", "last_ms", "newest_ms", "shared", "told", "where", "who", "window")

    def __init__(self, window: Window, who: str, shared: tuple[str, ...]) -> None:
        self.window = window
        self.who = who
        self.shared = shared
        self.ids: list[tuple[int, str]] = []
        self.newest_ms = 0
        self.count = 0
        self.first_ms = 0
        self.last_ms = 0
        self.told = 0
        self.where = ""

    def note(self, event: Event, at_ms: int) -> None:
        """Remember some of the events."""
        self.newest_ms = max(self.newest_ms, at_ms)
        self.where = event.operation
        if self.told and len(self.ids) >= MAX_SHOWN:
            return
        self.ids.append((at_ms, event.id))
        if len(self.ids) > MAX_SHOWN:
            del self.ids[0]

    def state(self) -> list[Json]:
        """Return what `restore` takes."""
        ids: list[Json] = [[at_ms, id_] for at_ms, id_ in self.ids]
        told: list[Json] = [self.newest_ms, self.count, self.first_ms, self.last_ms, self.told]
        return [self.who, [*self.shared], self.where, told, ids, self.window.state()]

    def restore(self, state: Any) -> None:  # noqa: ANN401 - JSON as it came
        """Go on where another one was; raises ValueError or TypeError where that is none."""
        where, told, ids, window = state
        self.where = str(where)
        self.newest_ms, self.count, self.first_ms, self.last_ms, self.told = map(int, told)
        self.ids = [(int(at_ms), str(id_)) for at_ms, id_ in ids]
        self.window.restore(window)


class Tracker:
    """Follows one rule. `see` takes every event, `passed` says that time has gone by without any."""

    def __init__(self, rule: Rule | Correlation, *, max_groups: int = MAX_GROUPS) -> None:
        self.head: Head = rule.head
        self.evicted = 0
        """How many groups were forgotten as there were too many."""
        self._rule = rule if isinstance(rule, Correlation) else None
        self._span_ms = self._rule.span_ms if self._rule else QUIET_MS
        self._is_rising = self._rule.is_rising if self._rule else True
        self._max_groups = max_groups
        self._groups: OrderedDict[Key, Group] = OrderedDict()
        self._waiting: dict[Key, int] = {}
        self._grown: dict[Key, None] = {}
        self._clock_ms = 0

    def see(self, event: Event, key: Key, shared: tuple[str, ...] = (), hits: Hits = ()) -> Sequence[Detection]:
        """Take in an event that the rule is about, of the group `key`; `shared` is what the group has in common."""
        at_ms = round(event.at_s * 1000)
        found = self._advance(at_ms)
        group = self._group(key, event, shared)
        group.window.add(at_ms, hits)
        group.note(event, at_ms)
        if self._is_rising:
            return [*found, *self._judge(key, group, group.newest_ms)]
        # How many there are in this moment is known when it is over: others may have the same time.
        self._waiting[key] = group.newest_ms
        return found

    def passed(self, now_ms: int) -> Sequence[Detection]:
        """Tell what has grown since it was told, and forget what has ended by then."""
        found = self._settle(now_ms)
        if self._grown:  # in the order of the groups, which is the same after a restart
            grown = [(key, group) for key, group in self._groups.items() if key in self._grown]
            found += [self._detection(key, group) for key, group in grown]
        self._clock_ms = max(self._clock_ms, now_ms)
        return [*found, *self._expire(len(self._groups))]

    def _advance(self, at_ms: int) -> list[Detection]:
        if at_ms <= self._clock_ms:
            return []
        found = self._settle(at_ms) if self._waiting else []
        self._clock_ms = at_ms
        return [*found, *self._expire(_EXPIRED_EACH)]

    def _settle(self, before_ms: int) -> list[Detection]:
        due = [(key, at_ms) for key, at_ms in self._waiting.items() if at_ms < before_ms]
        found: list[Detection] = []
        for key, at_ms in due:
            del self._waiting[key]
            found += self._judge(key, self._groups[key], at_ms)
        return found

    def _expire(self, most: int) -> list[Detection]:
        found: list[Detection] = []
        while most and self._groups:
            key = next(iter(self._groups))
            group = self._groups[key]
            if group.newest_ms + self._span_ms >= self._clock_ms or key in self._waiting:
                break
            found += self._close(key, group)
            del self._groups[key]
            most -= 1
        return found

    def _group(self, key: Key, event: Event, shared: tuple[str, ...]) -> Group:
        group = self._groups.get(key)
        if group is not None:
            self._groups.move_to_end(key)
            return group
        if len(self._groups) >= self._max_groups:
            oldest, _ = self._groups.popitem(last=False)
            self._waiting.pop(oldest, None)
            self._grown.pop(oldest, None)
            self.evicted += 1
        group = self._groups[key] = Group(self._window(), self._who(event, shared), shared)
        return group

    def _window(self) -> Window:
        return WINDOWS[self._rule.kind](self._rule) if self._rule else Always()

    def _judge(self, key: Key, group: Group, at_ms: int) -> list[Detection]:
        found: list[Detection] = []
        if group.count and at_ms - group.last_ms > self._span_ms:
            found += self._close(key, group)
        if not group.window.holds(at_ms):
            return found
        if group.count:
            group.count += 1
        else:
            group.ids = [one for one in group.ids if one[0] >= at_ms - self._span_ms]
            group.count = max(group.window.size(at_ms), len(group.ids), 1)
            group.first_ms = group.ids[0][0] if group.ids else at_ms
        group.last_ms = max(group.last_ms, at_ms)
        if not group.told or group.count >= 2 * group.told:
            found.append(self._detection(key, group))
        else:
            self._grown[key] = None
        return found

    def _close(self, key: Key, group: Group) -> list[Detection]:
        """End the run of a group: what was not told yet of its count is told now."""
        found = [self._detection(key, group)] if group.count > group.told else []
        group.count = group.told = 0
        return found

    def _detection(self, key: Key, group: Group) -> Detection:
        group.told = group.count
        self._grown.pop(key, None)
        names = self._rule.group_names if self._rule else ()
        return Detection(
            rule=self.head.code,
            who=group.who,
            severity=Severity(self.head.severity),
            first_s=group.first_ms / 1000,
            last_s=group.last_ms / 1000,
            count=group.count,
            where=group.where,
            events=tuple(id_ for _, id_ in group.ids),
            facts=(("title", self.head.title), *zip(names, group.shared, strict=True)),
            is_drill=key[0] is True,
        )

    def _who(self, event: Event, shared: tuple[str, ...]) -> str:
        if self._rule is None:
            return caller(event) or EVERYBODY
        return who_of(dict(zip(self._rule.group_names, shared, strict=True)))

    def state(self) -> Json:
        """Return what `restore` takes."""
        groups: list[Json] = [[list(key), *group.state()] for key, group in self._groups.items()]
        waiting: list[Json] = [[list(key), at_ms] for key, at_ms in self._waiting.items()]
        return {"digest": self.head.digest, "clock": self._clock_ms, "groups": groups, "waiting": waiting}

    def restore(self, state: Any) -> bool:  # noqa: ANN401 - JSON as it came
        """Go on where a tracker of the same rule was. Returns False, and begins anew, where it was another rule."""
        if not isinstance(state, dict) or state.get("digest") != self.head.digest:
            return False
        try:
            groups: OrderedDict[Key, Group] = OrderedDict()
            for key, who, shared, *rest in state["groups"]:
                group = Group(self._window(), str(who), tuple(map(str, shared)))
                group.restore(rest)
                groups[tuple(key)] = group
            waiting = {tuple(key): int(at_ms) for key, at_ms in state["waiting"]}
            clock_ms = int(state["clock"])
        except (KeyError, TypeError, ValueError):
            return False
        self._groups, self._clock_ms = groups, clock_ms
        self._waiting = {key: at_ms for key, at_ms in waiting.items() if key in groups}
        self._grown = {key: None for key, group in groups.items() if group.count > group.told > 0}
        return True


_KINDS: Final = {
    "principal": "",
    "cs-username": "",
    "caller": "",
    "session": "session:",
    "device": "device:",
    "tenant": "tenant:",
    "client": "address:",
    "c-ip": "address:",
    "src_ip": "address:",
    "asn": "asn:",
}
"""The fields that say who does it, the surest first, and the kind that stands before the value."""


def who_of(group: Mapping[str, str]) -> str:
    """Return who is meant by the values that a group shares."""
    for name, kind in _KINDS.items():
        value = group.get(name)
        if value and not value.startswith("anonymous:"):
            return f"{kind}{value}"
    return EVERYBODY


def is_drill(event: Event) -> bool:
    """Return whether a drill plays it."""
    return any(name == marks.DRILL for name, _ in event.marks)
