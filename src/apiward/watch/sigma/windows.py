"""What is remembered of one group of a correlation: as little as tells whether it holds. Times are in milliseconds."""

import hashlib
from bisect import bisect_left, insort
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

from apiward.core.jsonvalue import Json
from apiward.watch.sigma.fields import Value
from apiward.watch.sigma.model import Correlation, Kind

_LONG: Final = 64
_NEVER: Final = -(1 << 62)

Hits: TypeAlias = Sequence[tuple[int, Value]]
"""The members of a correlation that one event belongs to, each with the value that is counted."""


class Window(Protocol):
    """The memory of one group."""

    def add(self, at_ms: int, hits: Hits) -> None:
        """Take in one event, which may come late."""
        ...

    def holds(self, at_ms: int) -> bool:
        """Return whether the rule holds for the time that ends at `at_ms`, the newest that was added."""
        ...

    def size(self, at_ms: int) -> int:
        """Return how many events at least show it."""
        ...

    def state(self) -> Json:
        """Return what `restore` takes."""
        ...

    def restore(self, state: Any) -> None:  # noqa: ANN401 - JSON as it came
        """Go on where another one was; raises ValueError or TypeError where that is none."""
        ...


class Always:
    """For a rule about single events: each one shows it."""

    __slots__ = ()

    def add(self, at_ms: int, hits: Hits) -> None:
        """Nothing is remembered."""

    def holds(self, at_ms: int) -> bool:  # noqa: ARG002 - the same for all windows
        """Return True."""
        return True

    def size(self, at_ms: int) -> int:  # noqa: ARG002 - the same
        """Return 1."""
        return 1

    def state(self) -> Json:
        """Return nothing."""
        return None

    def restore(self, state: Any) -> None:  # noqa: ANN401 - JSON as it came
        """Do nothing."""


class EventCount:
    """How many events: the times of the newest ones, as many as the condition needs."""

    __slots__ = ("_rule", "_times")

    def __init__(self, rule: Correlation) -> None:
        self._rule = rule
        self._times: list[int] = []

    def add(self, at_ms: int, hits: Hits) -> None:  # noqa: ARG002 - an event counts once, whatever it belongs to
        """Take in one event."""
        times = self._times
        if times and at_ms < times[-1]:
            insort(times, at_ms)
        else:
            times.append(at_ms)
        # Cut now and then: to take out the first entry of a list each time would cost its length.
        if len(times) > 2 * self._rule.need + 32:
            del times[: -self._rule.need]

    def holds(self, at_ms: int) -> bool:
        """Return whether the count is within the bounds."""
        count = self.size(at_ms)
        return all(bound.holds(count) for bound in self._rule.bounds)

    def size(self, at_ms: int) -> int:
        """Return the count; beyond what the condition needs it may be more."""
        return len(self._times) - bisect_left(self._times, at_ms - self._rule.span_ms)

    def state(self) -> Json:
        """Return the times."""
        return [*self._times]

    def restore(self, state: Any) -> None:  # noqa: ANN401 - JSON as it came
        """Take the times back."""
        self._times = _whole(state)


class ValueCount:
    """How many different values: when each was there last, the newest at the end."""

    __slots__ = ("_last", "_newest", "_rule")

    def __init__(self, rule: Correlation) -> None:
        self._rule = rule
        self._last: dict[str, int] = {}
        self._newest = _NEVER

    def add(self, at_ms: int, hits: Hits) -> None:
        """Take in one event; a field that is absent counts as nothing."""
        for _, value in hits:
            if value is not None:
                self._note(_short(str(value).lower()), at_ms)

    def _note(self, value: str, at_ms: int) -> None:
        last = self._last
        known = last.pop(value, _NEVER)
        last[value] = max(known, at_ms)
        if last[value] < self._newest:
            self._last = last = dict(sorted(last.items(), key=lambda pair: pair[1]))
        self._newest = max(self._newest, at_ms)
        if len(last) > self._rule.need:
            del last[next(iter(last))]

    def holds(self, at_ms: int) -> bool:
        """Return whether the count is within the bounds."""
        count = self.size(at_ms)
        return all(bound.holds(count) for bound in self._rule.bounds)

    def size(self, at_ms: int) -> int:
        """Return the count."""
        start = at_ms - self._rule.span_ms
        last = self._last
        while last:
            oldest = next(iter(last))
            if last[oldest] >= start:
                break
            del last[oldest]
        return len(last)

    def state(self) -> Json:
        """Return the values with their times."""
        return [[value, at_ms] for value, at_ms in self._last.items()]

    def restore(self, state: Any) -> None:  # noqa: ANN401 - JSON as it came
        """Take them back."""
        self._last = {str(value): int(at_ms) for value, at_ms in state}
        self._newest = max(self._last.values(), default=_NEVER)


class Together:
    """Which of the rules were there: when each was last."""

    __slots__ = ("_last", "_rule")

    def __init__(self, rule: Correlation) -> None:
        self._rule = rule
        self._last = [_NEVER] * len(rule.members)

    def add(self, at_ms: int, hits: Hits) -> None:
        """Take in one event."""
        for member, _ in hits:
            self._last[member] = max(self._last[member], at_ms)

    def holds(self, at_ms: int) -> bool:
        """Return whether the rules that the condition asks for were there."""
        start = at_ms - self._rule.span_ms
        if self._rule.sets:
            return any(all(self._last[member] >= start for member in one) for one in self._rule.sets)
        count = self.size(at_ms)
        return all(bound.holds(count) for bound in self._rule.bounds)

    def size(self, at_ms: int) -> int:
        """Return how many of the rules were there."""
        start = at_ms - self._rule.span_ms
        return sum(1 for last in self._last if last >= start)

    def state(self) -> Json:
        """Return the times."""
        return [*self._last]

    def restore(self, state: Any) -> None:  # noqa: ANN401 - JSON as it came
        """Take the times back."""
        self._last = _whole(state, len(self._last))


class InOrder:
    """Whether the rules came one after the other: for each part of each chain, the latest time at which it began.

    What comes late can only begin a chain: what came before it is not remembered.
    """

    __slots__ = ("_fresh", "_now_ms", "_rule", "_settled")

    def __init__(self, rule: Correlation) -> None:
        self._rule = rule
        self._now_ms = _NEVER
        self._settled = [[_NEVER] * len(chain) for chain in rule.sets]
        self._fresh: list[tuple[int, int, int]] = []

    def add(self, at_ms: int, hits: Hits) -> None:
        """Take in one event. Of what happened in the same moment, nothing came after the other."""
        if at_ms > self._now_ms:
            self._settle()
            self._now_ms = at_ms
        members = {member for member, _ in hits}
        for number, chain in enumerate(self._rule.sets):
            begun = self._settled[number]
            for place, member in enumerate(chain):
                if member not in members or (place and at_ms < self._now_ms):
                    continue
                start = at_ms if place == 0 else begun[place - 1]
                if at_ms < self._now_ms:
                    begun[0] = max(begun[0], start)
                elif start != _NEVER:
                    self._fresh.append((number, place, start))

    def _settle(self) -> None:
        for number, place, start in self._fresh:
            self._settled[number][place] = max(self._settled[number][place], start)
        self._fresh.clear()

    def holds(self, at_ms: int) -> bool:
        """Return whether a whole chain lies within the time that ends at `at_ms`."""
        start = at_ms - self._rule.span_ms
        ends = [len(chain) - 1 for chain in self._rule.sets]
        return any(begun[-1] >= start for begun in self._settled) or any(
            place == ends[number] and begun >= start for number, place, begun in self._fresh
        )

    def size(self, at_ms: int) -> int:  # noqa: ARG002 - the same for all windows
        """Return how many events the shortest chain has."""
        return min(map(len, self._rule.sets))

    def state(self) -> Json:
        """Return the beginnings."""
        fresh: list[Json] = [[*one] for one in self._fresh]
        settled: list[Json] = [[*one] for one in self._settled]
        return [self._now_ms, settled, fresh]

    def restore(self, state: Any) -> None:  # noqa: ANN401 - JSON as it came
        """Take them back."""
        now_ms, settled, fresh = state
        self._now_ms = int(now_ms)
        self._settled = [_whole(one, len(chain)) for one, chain in zip(settled, self._rule.sets, strict=True)]
        self._fresh = [(int(number), int(place), int(start)) for number, place, start in fresh]


WINDOWS: Final[Mapping[Kind, Callable[[Correlation], Window]]] = {
    Kind.EVENT_COUNT: EventCount,
    Kind.VALUE_COUNT: ValueCount,
    Kind.TEMPORAL: Together,
    Kind.TEMPORAL_ORDERED: InOrder,
}
"""What each kind of correlation remembers."""


def _whole(state: Any, length: int | None = None) -> list[int]:  # noqa: ANN401 - JSON as it came
    found = [int(one) for one in state]
    if length is not None and len(found) != length:
        raise ValueError("the list has another length")
    return found


def _short(value: str) -> str:
    """Return a value, or what stands for it where it is long: what is counted must not fill the memory."""
    if len(value) <= _LONG:
        return value

    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]
