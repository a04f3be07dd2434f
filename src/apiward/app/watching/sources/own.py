"""The guard's own events, in the order in which they were stored."""

from collections.abc import Sequence
from typing import Final

from apiward.core.event import Event
from apiward.core.ports import WatchRecord

OWN: Final = "guard"
_LONGEST_NUMBER: Final = 18


class OwnEvents:
    """Gives events after the one with the number in `position`. They are stored already, so they are not kept again."""

    def __init__(self, record: WatchRecord, position: str, *, is_followed: bool) -> None:
        self.name = OWN
        self.is_own = True
        self.size = self.done_bytes = self.unread = 0
        self._record = record
        upto, _, skip = position.partition("+")
        self._upto = self._next = _number(upto)
        self._skip = _number(skip)
        self._is_followed = is_followed
        self._was_empty = False
        self.events: Sequence[Event] = ()
        self.at = 0

    def fill(self) -> bool:
        """Read further where all was taken; return whether there is something to take."""
        if self.at < len(self.events):
            return True
        self._upto = self._next
        found = self._record.events_after(self._upto)
        self.events, self.at, self._next = found.events, min(self._skip, len(found.events)), found.upto
        self._skip = 0
        self._was_empty = not found.events and found.upto == self._upto
        return self.at < len(found.events)

    @property
    def position(self) -> str:
        """Return the number after which to go on, and how many events after it were taken already."""
        return str(self._next) if self.at >= len(self.events) else f"{self._upto}+{self.at}"

    @property
    def is_over(self) -> bool:
        """Return whether all of it was read and no more is waited for."""
        return not self._is_followed and self._was_empty

    def close(self) -> None:
        """Do nothing: the store belongs to who opened it."""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else 0
