"""What requests that were answered well say of a kind of object: whether it is private, and shared by colleagues."""

from typing import Final

from apiward.access.ownership.book import Book
from apiward.access.ownership.enumeration import Walks
from apiward.access.ownership.memory import BARRED, RIGHTS, Memory, Thing
from apiward.access.ownership.people import Person
from apiward.access.ownership.reach import Grip, Reach
from apiward.core.api import SAFE_METHODS
from apiward.core.call import Call
from apiward.core.objects import Whose

_OWN, _FOREIGN, _BESIDE, _LISTED = 1, 2, 4, 8
_STRANGE: Final = (Whose.UNKNOWN, Whose.FOREIGN)


class Counting:
    """Counts once a day for each caller and place, and how many different objects one caller has read."""

    def __init__(self, book: Book, memory: Memory) -> None:
        self._book = book
        self._memory = memory
        self._walks = Walks()

    def count(self, person: Person, grip: Grip, now_s: float) -> None:
        """Count a request that was answered well."""
        if grip.thing is None or person.is_staff:
            return
        if grip.whose is Whose.UNKNOWN:
            if grip.thing.owner and not grip.is_let_in:
                self._count_whole(person, grip, grip.thing, now_s)
            return
        is_foreign = grip.whose is Whose.FOREIGN
        slot, memory = grip.slot, self._memory
        self._count_mates(person, grip, grip.thing, now_s)
        if memory.is_first_today(self._book.kind_mark(slot.key), person.name, _FOREIGN if is_foreign else _OWN, now_s):
            slot.rightful.count(is_hit=not is_foreign, who=person.name)
            self._book.kind(slot.kind, slot.first_day).rightful.count(is_hit=not is_foreign, who=person.name)
            if is_foreign and len(slot.foreign_people) < 8:
                slot.foreign_people.add(person.name)
            elif not is_foreign and not grip.is_let_in:
                self._count_whole(person, grip, grip.thing, now_s)
        if is_foreign and person.is_known:
            memory.give(grip.thing.base, person.name, BARRED, now_s)
            memory.keep_thief(self._book.kind_mark(slot.kind), person.name, now_s)

    def _count_whole(self, person: Person, grip: Grip, thing: Thing, now_s: float) -> None:
        """Count whether who lists has a right of their own to what they reach for, and so would find it in a list."""
        mark = self._book.kind_mark(grip.slot.kind)
        if not self._memory.lists(mark, person.name):
            return
        if self._memory.is_first_today(self._book.kind_mark(grip.slot.key), person.name, _LISTED, now_s):
            is_hit = bool(self._memory.right(thing.base, person.name) & RIGHTS)
            self._book.kind(grip.slot.kind, grip.slot.first_day).whole.count(is_hit=is_hit, who=person.name)

    def _count_mates(self, person: Person, grip: Grip, thing: Thing, now_s: float) -> None:
        """Count whether those who have no right of their own are colleagues of the owner."""
        if not person.teams or not thing.owner or thing.owner in person.names or grip.whose is Whose.OWN:
            return
        team = self._memory.team_of(thing.owner)
        if team and self._memory.is_first_today(self._book.kind_mark(grip.slot.key), person.name, _BESIDE, now_s):
            kind = self._book.kind(grip.slot.kind, grip.slot.first_day)
            kind.reached.count(is_hit=team in person.teams, who=person.name)

    def walk(self, call: Call, reach: Reach) -> tuple[Grip, int] | None:
        """Return where one caller has read far more different objects than callers do, and how many."""
        person = reach.person
        if not person.is_known or person.is_staff or call.method not in SAFE_METHODS:
            return None
        for grip in reach.grips:
            if grip.thing is None or grip.slot.is_public or self._book.kind(grip.slot.kind, 0).is_public:
                continue
            mark, is_strange = self._book.kind_mark(grip.slot.kind), grip.whose in _STRANGE
            count = self._walks.reached(
                person.name, mark, grip.thing.key, grip.name, call.started_s, is_strange=is_strange
            )
            if count:
                return grip, count
        return None
