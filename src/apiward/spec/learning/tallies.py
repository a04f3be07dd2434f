"""How often something was seen, and by how many callers: small, and two of them can be joined."""

from collections.abc import Iterable
from typing import Final

from apiward.core.jsonvalue import Json

ENOUGH_CALLERS: Final = 4
"""Callers that must have shown the same before it counts: three who agree are not enough."""
MOST_CALLERS: Final = 12
"""Callers that a tally tells apart; more of them are "12 or more"."""
_SPACE: Final = 2**48


class StateError(ValueError):
    """A written-down state that is of another form."""


class Tally:
    """A count, with the callers behind it as numbers that say nothing of who they are."""

    __slots__ = ("callers", "count")

    def __init__(self, count: int = 0, callers: Iterable[int] = ()) -> None:
        self.count = count
        self.callers = set(callers)

    def add(self, caller: int) -> bool:
        """Count once more; return whether just now enough callers have shown it."""
        self.count += 1
        callers = self.callers
        if caller in callers or len(callers) >= MOST_CALLERS:
            return False
        callers.add(caller)
        return len(callers) == ENOUGH_CALLERS

    @property
    def is_shown_by_enough(self) -> bool:
        """Whether more callers have shown it than may be in league."""
        return len(self.callers) >= ENOUGH_CALLERS

    def join(self, other: "Tally") -> None:
        """Take in what another worker counted."""
        self.count += other.count
        self.callers = set(sorted(self.callers | other.callers)[:MOST_CALLERS])

    def state(self) -> Json:
        """Return it as JSON."""
        return [self.count, *sorted(self.callers)]

    @classmethod
    def from_state(cls, state: Json) -> "Tally":
        """Return what `state` gave. Raises ValueError."""
        count, *callers = whole_numbers(state)
        return cls(count, callers[:MOST_CALLERS])


class Crowd:
    """How many callers there are, nearly: it keeps the smallest of their numbers (k minimum values)."""

    __slots__ = ("_most", "smallest")

    SIZE: Final = 64

    def __init__(self, smallest: Iterable[int] = ()) -> None:
        self.smallest = set(smallest)
        self._most = max(self.smallest, default=0)

    def add(self, caller: int) -> None:
        """Count one caller."""
        known = self.smallest
        if caller in known:
            return
        if len(known) < self.SIZE:
            known.add(caller)
            self._most = max(self._most, caller)
        elif caller < self._most:
            known.remove(self._most)
            known.add(caller)
            self._most = max(known)

    def join(self, other: "Crowd") -> None:
        """Take in what another worker counted."""
        self.smallest = set(sorted(self.smallest | other.smallest)[: self.SIZE])
        self._most = max(self.smallest, default=0)

    def __len__(self) -> int:
        if len(self.smallest) < self.SIZE:
            return len(self.smallest)
        return int((self.SIZE - 1) * _SPACE / max(self._most, 1))

    def state(self) -> Json:
        """Return it as JSON."""
        return [*sorted(self.smallest)]

    @classmethod
    def from_state(cls, state: Json) -> "Crowd":
        """Return what `state` gave. Raises ValueError."""
        return cls(whole_numbers(state)[: cls.SIZE])


def whole_numbers(state: Json) -> list[int]:
    """Return a list of whole numbers that are not negative. Raises ValueError."""
    if not isinstance(state, list):
        raise StateError("a list of whole numbers was expected")
    found = [one for one in state if isinstance(one, int) and not isinstance(one, bool) and 0 <= one < 2**53]
    if len(found) != len(state):
        raise StateError("a whole number was expected")
    return found


def whole_number(state: Json) -> int:
    """Return one whole number. Raises ValueError."""
    return whole_numbers([state])[0]


def mapping(state: Json) -> dict[str, Json]:
    """Return an object. Raises ValueError."""
    if not isinstance(state, dict):
        raise StateError("an object was expected")
    return state


def row(state: Json, length: int) -> list[Json]:
    """Return a list of that many parts. Raises ValueError."""
    if not isinstance(state, list) or len(state) != length:
        raise StateError(f"a list of {length} was expected")
    return state
