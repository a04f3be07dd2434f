"""Lists of other people's things that a caller has asked for by the other's name: `/orders?customer=7`.

What a list shows unasked is a right to it. What it shows because somebody was named is none, as anybody can be named.
Only both together count: the request names somebody else, and each row that was looked at is that one's.
"""

from collections.abc import Iterator
from typing import Final

from apiward.access.ownership.book import OperationModel, body_ids, id_of, query_ids
from apiward.access.ownership.judging import Judge
from apiward.access.ownership.letting_in import PEOPLE
from apiward.access.ownership.memory import BARRED, RIGHTS, TEAMED, Memory
from apiward.access.ownership.model import KindModel
from apiward.access.ownership.naming_fields import NamingFields
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.reach import Reach
from apiward.access.ownership.records import Record, rows
from apiward.access.ownership.texts import canonical
from apiward.core.call import Call
from apiward.core.jsonvalue import Json
from apiward.core.objects import Whose
from apiward.spec.meaning.naming import words

MOST_ROWS: Final = 5
_LONGEST: Final = 100
_MOST_HEADERS: Final = 8


class Steering:
    """Finds such lists. It asks the memory, and never changes it."""

    def __init__(self, memory: Memory, judge: Judge, fields: NamingFields, people: People) -> None:
        self._memory = memory
        self._judge = judge
        self._fields = fields
        self._people = people

    def steered(
        self, call: Call, reach: Reach, operation: OperationModel, kind: KindModel, value: Json
    ) -> tuple[str, int] | None:
        """Return where a request named the stranger whose things a list shows, and the stranger; else None."""
        person, records = reach.person, rows(value)[:MOST_ROWS]
        if not records or person.is_staff:
            return None
        owners = set()
        head = "".join(f"{text}/" for text in reach.arguments)
        for record in records:
            owner = self._stranger(kind, operation.kind_mark, head, record, person)
            if not owner:
                return None
            owners.add(owner)
        if len(owners) > 1:
            return None
        owner = owners.pop()
        place = next((place for place, mark in self._named(call, reach, operation, person) if mark == owner), "")
        return (place, owner) if place else None

    def _stranger(self, kind: KindModel, mark: int, head: str, record: Record, person: Person) -> int:
        """Return whose a row is where that is a stranger to the caller, else 0."""
        name = id_of(kind, record)[1]
        thing = self._memory.thing(self._memory.thing_key(kind.name, head + name)) if name else None
        right = self._memory.right(thing.base, person.name) if thing is not None else 0
        if right & RIGHTS and not right & BARRED:
            return 0
        said = self._fields.says(kind, mark, record, person)
        if said is not None and said.whose in (Whose.OWN, Whose.MATE):
            return 0
        owner = said.owner if said is not None else 0
        if not owner and thing is not None:
            if self._judge.whose(kind, mark, thing, person) is not Whose.FOREIGN:
                return 0
            owner = thing.owner if thing.how != TEAMED or thing.owner not in person.teams else 0
        if not owner or owner in person.names or self._judge.are_mates(kind, mark, owner, person):
            return 0
        return self._memory.person(owner) or owner

    def _named(self, call: Call, reach: Reach, operation: OperationModel, person: Person) -> Iterator[tuple[str, int]]:
        """Yield the places of a request where somebody else, or another team, is named."""
        for place, text in _texts(call, reach, operation):
            if not text or len(text) > _LONGEST or text in person.texts:
                continue
            if text.isdigit() and PEOPLE.isdisjoint(words(place)):
                yield place, self._people.team(text)
                continue
            named = self._people.named(text)
            yield place, self._memory.person(named) or named
            yield place, self._people.team(text)


def _texts(call: Call, reach: Reach, operation: OperationModel) -> Iterator[tuple[str, str]]:
    yield from query_ids(call)
    for number, slot in enumerate(operation.path_slots[: len(reach.arguments)]):
        yield f"path.{number} {slot.kind}", canonical(reach.arguments[number])
    yield from body_ids(call)
    own = [(name, text) for name, text in call.headers if name.startswith(b"x-")]
    for name, text in own[:_MOST_HEADERS]:
        yield f"header.{name.decode('latin-1')}", canonical(text.decode("latin-1"))
