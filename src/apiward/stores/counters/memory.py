"""Counters of one process."""

from typing import Final

from apiward.core.ports import Count
from apiward.stores.counters.window import Window

_LONG_S: Final = 3_600


class MemoryCounters:
    """Implements `core.ports.Counters` in a dictionary that cannot grow without end.

    It has two halves. When the young half is full, the old one is dropped and the young one takes
    its place; a key that is in use moves back to the young half. So a flood of new keys can push
    out only what was idle. Windows of an hour and more (quotas) have halves of their own.
    """

    def __init__(self, most_keys: int = 100_000) -> None:
        self._short = _Halves(most_keys // 2)
        self._long = _Halves(most_keys // 2)

    def hit(self, key: str, *, limit: int, window_s: int, now_s: float, cost: int = 1) -> Count:
        """Count `cost` against `key` where it fits, and say how things stand."""
        halves = self._long if window_s >= _LONG_S else self._short
        return halves.window((key, window_s)).count(limit, window_s, now_s, cost)

    def peek(self, key: str, *, limit: int, window_s: int, now_s: float) -> Count:
        """Say how things stand without counting."""
        halves = self._long if window_s >= _LONG_S else self._short
        count = halves.seen((key, window_s)).count(limit, window_s, now_s, 0)
        return Count(is_within=count.remaining > 0, remaining=count.remaining, reset_s=count.reset_s)


class _Halves:
    __slots__ = ("_most", "_old", "_young")

    def __init__(self, most: int) -> None:
        self._most = max(most, 1)
        self._young: dict[tuple[str, int], Window] = {}
        self._old: dict[tuple[str, int], Window] = {}

    def seen(self, key: tuple[str, int]) -> Window:
        """Return the window of a key, and keep nothing."""
        return self._young.get(key) or self._old.get(key) or Window(-1)

    def window(self, key: tuple[str, int]) -> Window:
        """Return the window of a key, which is kept from now on."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key) or Window(-1)
            if len(self._young) >= self._most:
                self._old, self._young = self._young, {}
            self._young[key] = found
        return found
