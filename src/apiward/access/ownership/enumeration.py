"""One caller who asks for far more different objects than callers do: copying a collection, id by id.

What is asked for in vain is counted elsewhere (`guard.conducts.trails`). Here counts what is found.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

HOUR_S: Final = 3_600
MOST_CALLERS: Final = 20_000
_LEAST: Final = 40
"""Different objects of one kind in an hour that anybody may read."""
_TIMES: Final = 3
"""So many times the most of other callers, or of the caller's own hours before, is too many."""
_MOST_KEPT: Final = 2_000
_RUN: Final = 20
"""So many numbers in a row, one after the other, are no accident."""
_PEERS: Final = 5


@dataclass(slots=True)
class _Hour:
    """What one caller has read of one kind in this hour, and the most in any hour before."""

    hour: int = 0
    ids: set[int] = field(default_factory=set)
    strange: int = 0
    usual: int = 0
    last: int = -2
    run: int = 0


class Walks:
    """Counts by caller and kind. Bounded: who was not seen for longest is forgotten."""

    def __init__(self) -> None:
        self._hours: OrderedDict[tuple[int, int], _Hour] = OrderedDict()
        self._peers: dict[int, list[tuple[int, int]]] = {}

    def reached(self, who: int, kind: int, thing: int, name: str, now_s: float, *, is_strange: bool) -> int:
        """Count one object, and return how many it is where that is too many, else 0.

        `is_strange` says that it is not known to be the caller's or a colleague's.
        """
        hour = self._of(who, kind, int(now_s // HOUR_S))
        if thing in hour.ids:
            return 0
        if len(hour.ids) < _MOST_KEPT:
            hour.ids.add(thing)
        hour.strange += is_strange
        number = int(name) if name.isascii() and name.isdigit() and len(name) < 16 else -2
        hour.run = hour.run + 1 if number == hour.last + 1 and is_strange else 0
        hour.last = number
        count = len(hour.ids)
        is_walk = hour.run >= _RUN
        is_many = count > max(_LEAST, _TIMES * hour.usual, _TIMES * self._most_of_others(kind, who))
        return count if (is_walk or is_many) and 2 * hour.strange >= count else 0

    def _of(self, who: int, kind: int, hour: int) -> _Hour:
        key = (who, kind)
        found = self._hours.get(key)
        if found is None:
            found = self._hours[key] = _Hour(hour)
            if len(self._hours) > MOST_CALLERS:
                self._hours.popitem(last=False)
        self._hours.move_to_end(key)
        if found.hour != hour:
            if 2 * found.strange < len(found.ids):  # what one does with one's own is a habit; a theft becomes none
                found.usual = max(found.usual, len(found.ids))
                self._keep_peer(kind, who, len(found.ids))
            found.hour, found.run, found.last, found.strange = hour, 0, -2, 0
            found.ids.clear()
        return found

    def _keep_peer(self, kind: int, who: int, count: int) -> None:
        """Remember the busiest callers of a kind."""
        rows = [row for row in self._peers.get(kind, ()) if row[1] != who]
        self._peers[kind] = sorted([*rows, (count, who)], reverse=True)[:_PEERS]

    def _most_of_others(self, kind: int, who: int) -> int:
        return max((count for count, one in self._peers.get(kind, ()) if one != who), default=0)
