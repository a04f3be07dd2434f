"""What staff has of its own: staff is shown everything, so most of that says nothing of whose it is."""

from typing import Final

from apiward.access.ownership.book import Book, OperationModel, body_ids, id_of
from apiward.access.ownership.letting_in import sent
from apiward.access.ownership.memory import SEEN, TEAMED, Memory, day_of
from apiward.access.ownership.naming_fields import NamingFields
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.reach import Reach
from apiward.access.ownership.records import fields_of, rows, single
from apiward.access.ownership.texts import text_of
from apiward.core.call import Call
from apiward.core.jsonvalue import Json, NotJson, leaves
from apiward.core.objects import Whose

_MANY_RIGHTFUL: Final = 30
_MANY_SHOWN: Final = 20
_SOME_ROWS: Final = 20
_FEW: Final = 0.02


class Desk:
    """Tells what of staff's requests may be learned from, and learns for whom staff makes things."""

    def __init__(self, book: Book, memory: Memory, fields: NamingFields, people: People) -> None:
        self._book = book
        self._memory = memory
        self._fields = fields
        self._people = people

    def shows_own(self, call: Call, reach: Reach, operation: OperationModel) -> bool:
        """Whether staff has made something of its own, or was shown no more than its own."""
        value = reach.value
        if not operation.collection or isinstance(value, NotJson) or self._made_for(call, reach, operation):
            return False
        held = [grip for grip in reach.grips if grip.thing is not None]
        is_own = all(grip.whose in (Whose.OWN, Whose.MATE) for grip in held)
        if call.method == "POST":
            texts = self._naming_texts(value)
            is_named = not texts.isdisjoint(reach.person.texts)
            if not is_named:
                texts |= sent(call)
            is_theirs = bool(held) or is_named or any(self._is_mate(text, reach.person) for text in texts)
            return is_own and is_theirs and not any(self._is_other(text, reach.person) for text in texts)
        return call.method == "GET" and is_own and self._lists_own(call, reach.person, operation, value)

    def _lists_own(self, call: Call, person: Person, operation: OperationModel, value: Json) -> bool:
        """Whether a list shows staff no more than their own: else known things of others would be among so many."""
        kind = self._book.kind(operation.collection, day_of(call.started_s))
        if "{}" in kind.name or kind.rightful.hits < _MANY_RIGHTFUL:
            return False
        for record in rows(value)[:_SOME_ROWS]:
            name = id_of(kind, record)[1]
            owner = self._memory.thing(self._memory.thing_key(kind.name, name)).owner if name else 0
            whose = {owner, self._memory.team_of(owner)} if owner else set()
            operation.desk.count(is_hit=bool(whose) and whose.isdisjoint(person.names | person.teams), who=person.name)
        return operation.desk.cases >= _MANY_SHOWN and operation.desk.share <= _FEW

    def _naming_texts(self, value: Json) -> set[str]:
        """Return what may name somebody in an answer. Numbers do only in fields that are known to name people."""
        texts = {text for _, one in leaves(value) if (text := text_of(one)) and not text.isdigit()}
        naming = {name for one in self._book.kinds.values() for part in self._fields.roles(one) for name in part}
        return texts | {
            text for name, one in fields_of(single(value) or {}) if name in naming and (text := text_of(one))
        }

    def _is_mate(self, text: str, person: Person) -> bool:
        """Whether a text names a colleague: what staff sends to one of their own is no customer's."""
        main = self._memory.person(self._people.named(text))
        return bool(main) and main != person.name and self._memory.team_of(main) in person.teams

    def _is_other(self, text: str, person: Person) -> bool:
        """Whether a text names another team, or a person who is no colleague."""
        team, named = self._people.team(text), self._people.named(text)
        if self._memory.size_of(team) and team not in person.teams:
            return True
        main = self._memory.person(named)
        return bool(main) and main != person.name and self._memory.team_of(main) not in person.teams

    def _made_for(self, call: Call, reach: Reach, operation: OperationModel) -> bool:
        """Learn for which team staff has made something: the request says so in a field that is known to name teams."""
        if call.method != "POST" or isinstance(reach.value, NotJson):
            return False
        kind = self._book.kind(operation.collection, day_of(call.started_s))
        record = single(reach.value)
        name = id_of(kind, record)[1] if record is not None else ""
        is_made = False
        known = {field for one in self._book.kinds.values() for field in self._fields.roles(one)[2]}
        for place, text in body_ids(call) if name else ():
            team = self._people.team(text)
            if place.partition(".")[2] in known and self._memory.size_of(team):
                thing = self._memory.thing(self._memory.thing_key(kind.name, name))
                self._memory.keep_owner(thing, team, TEAMED, call.started_s)
                self._memory.give(thing.base, team, SEEN, call.started_s)
                is_made = True
        return is_made
