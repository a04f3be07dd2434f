"""How fast somebody may go on trying passwords: slower with each wrong one, and never so that an owner is locked out.

Wrong tries slow down those who made them: one address with one name, one address with many names. Tries from elsewhere
only make the first free ones fewer, so whoever comes from an address of their own always has some. And a browser in
which somebody has logged in before is counted by itself, whatever others do with that name.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from apiward.core.ports import Clock

FREE: Final = 5
FREE_UNDER_ATTACK: Final = 2
FREE_OF_ADDRESS: Final = 20
ATTACK: Final = 20
"""Wrong tries of one name from anywhere, after which an address that is not known has fewer free ones."""
LONGEST_S: Final = 900.0
LONGEST_KNOWN_S: Final = 60.0
FORGET_S: Final = 3_600.0
MOST: Final = 20_000
"""Counts that are kept; of more, the oldest go."""


@dataclass(slots=True)
class _Count:
    number: int
    last_s: float


class Pace:
    """Counts wrong tries. `known` is what tells a browser that has logged in before, empty for others."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: OrderedDict[tuple[str, str], _Count] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, name: str, address: str, known: str = "") -> float:
        """Return in how many seconds somebody may try again; 0 for now."""
        with self._lock:
            if known:
                return self._left(("known", known), FREE, LONGEST_KNOWN_S)
            free = FREE_UNDER_ATTACK if self._number(("name", name)) >= ATTACK else FREE
            pair = self._left(("pair", f"{name}\x1f{address}"), free, LONGEST_S)
            return max(pair, self._left(("address", address), FREE_OF_ADDRESS, LONGEST_S))

    def fail(self, name: str, address: str, known: str = "") -> None:
        """Note a wrong try."""
        with self._lock:
            for key in self._keys(name, address, known):
                count = self._counts.setdefault(key, _Count(0, 0.0))
                count.number = self._number(key) + 1
                count.last_s = self._clock()
                self._counts.move_to_end(key)
            while len(self._counts) > MOST:
                self._counts.popitem(last=False)

    def succeed(self, name: str, address: str, known: str = "") -> None:
        """Forget the wrong tries that this one has made good; not those of others."""
        with self._lock:
            self._counts.pop(("known", known) if known else ("pair", f"{name}\x1f{address}"), None)

    def wrong(self, name: str) -> int:
        """Return how many wrong tries there were of a name, from browsers that are not known."""
        with self._lock:
            return self._number(("name", name))

    def _keys(self, name: str, address: str, known: str) -> tuple[tuple[str, str], ...]:
        if known:
            return (("known", known),)
        return (("pair", f"{name}\x1f{address}"), ("name", name), ("address", address))

    def _number(self, key: tuple[str, str]) -> int:
        count = self._counts.get(key)
        return count.number if count is not None and self._clock() - count.last_s < FORGET_S else 0

    def _left(self, key: tuple[str, str], free: int, longest_s: float) -> float:
        number = self._number(key)
        if number < free:
            return 0.0
        wait_s = min(longest_s, 2.0 ** min(number - free + 1, 20))
        return max(0.0, self._counts[key].last_s + wait_s - self._clock())
