"""What is remembered of objects and people: rows of 64 bits behind `core.ports.Facts`, and what their bits mean."""

from typing import Final

from apiward.access.ownership.marks import Marks
from apiward.core.ports import Facts

DAY_S: Final = 86_400
_DAY: Final = (1 << 16) - 1
_OWNER_AT: Final = 24
_OWNER: Final = (1 << 40) - 1
STRONG: Final = 1
"""The API itself has named the owner."""


class Memory:
    """Rows about objects. The row of an object: the mark of its owner (40 bits), what is known of it (8), the day."""

    def __init__(self, facts: Facts, marks: Marks) -> None:
        self._facts = facts
        self._marks = marks

    def thing(self, kind: str, name: str) -> int:
        """Return the mark of an object."""
        return self._marks.of(f"object {kind}", name)

    def owner(self, thing: int) -> int:
        """Return the mark of the owner of an object, 0 where nobody is known."""
        return self._facts.get(thing) >> _OWNER_AT & _OWNER

    def keep_owner(self, thing: int, owner: int, now_s: float) -> None:
        """Remember whom the API has named as the owner of an object."""
        value = owner << _OWNER_AT | STRONG << 16 | day_of(now_s)
        if self._facts.get(thing) != value:
            self._facts.put(thing, value)


def day_of(now_s: float) -> int:
    """Return the day of a moment, as it is kept."""
    return int(now_s // DAY_S) & _DAY
