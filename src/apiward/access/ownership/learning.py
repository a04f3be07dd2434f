"""What a good exchange teaches: who made what, who was shown what, who let whom in."""

from typing import Final

from apiward.access.ownership.book import Book, OperationModel, id_of, is_id_like
from apiward.access.ownership.desk import Desk
from apiward.access.ownership.gripping import early
from apiward.access.ownership.judging import Judge
from apiward.access.ownership.letting_in import LettingIn, sent
from apiward.access.ownership.memory import (
    ALONE,
    BARRED,
    CREATED,
    GIVEN,
    LISTED,
    MADE,
    NAMED,
    PARTLY,
    REACHED,
    RIGHTS,
    SEEN,
    SHOWN,
    TOUCHED,
    Memory,
    Thing,
    day_of,
)
from apiward.access.ownership.model import KindModel
from apiward.access.ownership.naming_fields import NamingFields, names_in_list
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.reach import Grip, Reach
from apiward.access.ownership.records import Record, rows, single
from apiward.access.ownership.templating import Templates
from apiward.access.ownership.texts import canonical, text_of
from apiward.core.api import SAFE_METHODS
from apiward.core.call import Call
from apiward.core.jsonvalue import Json, NotJson
from apiward.core.objects import Whose
from apiward.core.principal import PrincipalKind

_MOST_LISTS: Final = 4_096
"""Lists that one worker has learned from and knows again."""
_RIGHTFUL: Final = (Whose.OWN, Whose.MATE)


class Learner:
    """Learns from one exchange after the other. Who calls it has made sure that the exchange was clean."""

    def __init__(
        self, book: Book, memory: Memory, judge: Judge, fields: NamingFields, people: People, templates: Templates
    ) -> None:
        self._book = book
        self._memory = memory
        self._judge = judge
        self._fields = fields
        self._people = people
        self._templates = templates
        self._letting_in = LettingIn(book, memory, people)
        self._desk = Desk(book, memory, fields, people)
        self._lists: set[tuple[int, str, bytes, int, int]] = set()
        self._reads: set[tuple[int, str, bytes, int, int]] = set()

    def learn(self, call: Call, reach: Reach) -> None:
        """Learn from a request that was answered well, and from its answer."""
        operation, person = reach.operation, reach.person
        if operation is None:
            return
        if not operation.is_read and (person.is_staff or call.operation is None):  # else nothing is named beside it
            self._offered(call, reach)
        if person.is_staff:
            self._by_staff(call, reach, operation)
            return
        if reach.grips and any(grip.whose is Whose.FOREIGN for grip in reach.grips):
            return
        if person.is_known:
            self._by_caller(call, reach, operation)
        else:
            self._open_list(call, reach, operation)

    def _by_staff(self, call: Call, reach: Reach, operation: OperationModel) -> None:
        """Learn what is staff's own, and of all else in a list who is named there, staff among them."""
        person = reach.person
        for grip in reach.grips:
            self._touched_by_staff(grip, person, call.started_s)
        held = [grip for grip in reach.grips if grip.thing is not None]
        if not operation.is_read and all(grip.whose in _RIGHTFUL for grip in held):
            self._letting_in.acted(call, reach, held, is_rightful=True)
        elif not operation.is_read:
            self._letting_in.linked(call, reach, held, is_rightful=False)
        value = reach.value
        if isinstance(value, NotJson):
            return
        if self._desk.shows_own(call, reach, operation):
            self._shown(call, reach, operation, value)
        elif operation.collection and call.method == "GET":
            kind = self._book.kind(operation.collection, day_of(call.started_s))
            head = "".join(f"{text}/" for text in reach.arguments)
            for record in rows(value):
                name = id_of(kind, record)[1]
                if name and names_in_list(record, reach.person):
                    thing = self._memory.thing(self._memory.thing_key(kind.name, head + name))
                    self._letting_in.named(thing, self._fields.listed_in(record), call.started_s)

    def _offered(self, call: Call, reach: Reach) -> None:
        """Learn whom staff names beside an object, and whom anybody names beside what may be one.

        It counts where it turns out that they had a right: staff to what is their own, others to a word that is an id.
        """
        things = [grip.thing for grip in reach.grips if grip.thing is not None] if reach.person.is_staff else []
        words = self._templates.words(call) if call.operation is None and reach.person.is_known else ()
        things += [self._memory.thing(self._memory.thing_key(head, canonical(part))) for head, part in words]
        self._letting_in.by_name(call, things, reach.person, is_rightful=False)

    def _by_caller(self, call: Call, reach: Reach, operation: OperationModel) -> None:
        person = reach.person
        held = [grip for grip in reach.grips if grip.thing is not None] if reach.grips else []
        is_rightful = not held or all(grip.whose in _RIGHTFUL for grip in held)
        if is_rightful and self.knows(call, reach):
            return
        value = reach.value
        if not isinstance(value, NotJson):
            self._read(call, reach, operation, held, value, is_rightful=is_rightful)
        if held and not operation.is_read:
            self._letting_in.acted(call, reach, held, is_rightful=all(self._is_trusted(grip, person) for grip in held))
        for grip in reach.grips:
            self._touched(grip, person, call.started_s)
        if is_rightful:
            self._done(call, reach, operation, held)

    def _done(self, call: Call, reach: Reach, operation: OperationModel, held: list[Grip]) -> None:
        """Forget what is gone, and remember which answer was read."""
        if call.method == "DELETE" and held and not operation.collection:
            thing = held[-1].thing
            if thing is not None:
                self._memory.forget(thing, call.started_s)
        if operation.is_read and not isinstance(reach.value, NotJson):
            if len(self._reads) >= _MOST_LISTS:
                self._reads.clear()
            self._reads.add(_answer_mark(call, reach.person, reach.digest))

    def knows(self, call: Call, reach: Reach) -> bool:
        """Return whether a reader was given the very same answer before, today: it teaches nothing new."""
        return call.method in SAFE_METHODS and self.has_read(call, reach.person, reach.digest)

    def has_read(self, call: Call, person: Person, digest: int) -> bool:
        """Return whether a reader was given the answer of that digest before, today."""
        return _answer_mark(call, person, digest) in self._reads

    def _read(
        self, call: Call, reach: Reach, operation: OperationModel, held: list[Grip], value: Json, *, is_rightful: bool
    ) -> None:
        if (call.method == "POST" and operation.collection and is_rightful) or (
            operation.collection and is_rightful and not (held and not operation.path_slots)
        ):
            self._shown(call, reach, operation, value)
        elif held and held[-1].thing is not None:
            record = single(value)
            if record is not None:
                self._own_record(call, reach, held[-1], record, is_rightful=is_rightful)

    def _shown(self, call: Call, reach: Reach, operation: OperationModel, value: Json) -> None:
        """Learn from a list, or from what was made. The same list as before teaches nothing new that day."""
        seen = _answer_mark(call, reach.person, reach.digest)
        if seen in self._lists:
            return
        if len(self._lists) >= _MOST_LISTS:
            self._lists.clear()
        self._lists.add(seen)
        kind = self._book.kind(operation.collection, day_of(call.started_s))
        is_made = call.method == "POST"
        if is_made:
            record = single(value)
            if record is None or not id_of(kind, record)[1]:
                return
            records = [record]
        else:
            records = rows(value)
        if records and not is_made and "{}" not in kind.name and not reach.is_steered:
            self._memory.keep_lister(operation.kind_mark, reach.person.name, call.started_s)
        if reach.is_steered:
            kind.strangers.count(is_hit=True, who=reach.person.name)  # where many do that, it is public
            return
        known = sent(call) if is_made else frozenset()
        head = "".join(f"{text}/" for text in reach.arguments)
        for record in records:
            _, name = id_of(kind, record)
            if name and name not in known:
                self._templates.prove(kind.name, name, reach.person.name)
                self._one_shown(kind, operation.kind_mark, head + name, record, reach.person, call, is_made=is_made)

    def _open_list(self, call: Call, reach: Reach, operation: OperationModel) -> None:
        """Learn from a list that the API shows to those who have not logged in: what stands there is no secret."""
        if operation.method != "GET" or not operation.collection or isinstance(reach.value, NotJson):
            return
        kind = self._book.kind(operation.collection, day_of(call.started_s))
        who = self._people.named(call.client)
        for record in rows(reach.value)[:5]:
            if id_of(kind, record)[1]:
                kind.strangers.count(is_hit=True, who=who)

    def _one_shown(
        self, kind: KindModel, mark: int, name: str, record: Record, person: Person, call: Call, *, is_made: bool
    ) -> None:
        memory, now_s = self._memory, call.started_s
        thing = memory.thing(memory.thing_key(kind.name, name))
        self._fields.study(kind, record, person, is_made=is_made)
        if is_made:
            self._one_made(kind, mark, thing, record, call, person)
            return
        right = memory.right(thing.base, person.name)
        said = self._fields.says(kind, mark, record, person)
        if said is not None and said.owner and said.owner != thing.owner and not thing.how & NAMED:
            memory.keep_owner(thing, said.owner, said.how, now_s)
            memory.count_owned(mark, said.owner, now_s)
            thing = memory.thing(thing.key)
        listed = self._fields.listed_in(record)
        is_one = bool(listed) and names_in_list(record, person)
        is_whole = not is_one and self._fields.lists_all(kind, record)
        if is_whole and thing.how == PARTLY and not right & BARRED:
            memory.keep_owner(thing, person.name, ALONE, now_s)  # the one whom the list need not name
        if thing.owner in person.names and thing.how in (SHOWN, MADE) and (is_whole or kind.is_alone(record)):
            memory.keep_owner(thing, thing.owner, ALONE, now_s)
        if right & SEEN or right & BARRED:
            return
        self._letting_in.named(thing, (said.named if said is not None else frozenset()) | listed, now_s)
        if listed:
            kind.mates.count(is_hit=False, who=person.name)  # it says itself who takes part
        elif not right & RIGHTS:
            self._count_company(kind, mark, thing.base, thing.owner, person, now_s)
        memory.give(thing.base, person.name, SEEN, now_s)
        for team in person.teams:
            memory.give(thing.base, team, SEEN, now_s)
        if not thing.owner or thing.how == REACHED:
            how = ALONE if is_whole or kind.is_alone(record) else PARTLY if is_one else SHOWN
            first = self._first_beside(mark, thing, listed, person) if is_one else 0
            self._owned(kind, mark, thing.key, first or person.name, ALONE if first else how, now_s)

    def _first_beside(self, mark: int, thing: Thing, listed: frozenset[int], person: Person) -> int:
        """Return who came before a list named those who take part, and is none of them: it need not name that one."""
        owner, memory = thing.owner, self._memory
        if not owner or owner in person.names or memory.is_thief(mark, owner):
            return 0
        return 0 if owner in {memory.person(one) or one for one in listed} else owner

    def _one_made(self, kind: KindModel, mark: int, thing: Thing, record: Record, call: Call, person: Person) -> None:
        """Learn that a caller has made an object; where the id was another's, that one is gone."""
        memory, now_s = self._memory, call.started_s
        if thing.owner and thing.owner not in person.names:
            memory.keep_owner(thing, person.name, MADE, now_s, is_new=True)
            thing = memory.thing(thing.key)
        elif not thing.owner:
            self._owned(kind, mark, thing.key, person.name, MADE, now_s)
            thing = memory.thing(thing.key)
        memory.give(thing.base, person.name, CREATED, now_s)
        if not names_in_list(record, person) and self._fields.lists_all(kind, record):
            memory.keep_owner(memory.thing(thing.key), person.name, ALONE, now_s)
        self._letting_in.named(thing, self._fields.listed_in(record), now_s)
        self._letting_in.by_name(call, [thing], person)
        for team in person.teams:
            memory.give(thing.base, team, SEEN | CREATED, now_s)

    def _count_company(self, kind: KindModel, mark: int, base: int, owner: int, person: Person, now_s: float) -> None:
        """Count who else was shown the same: a colleague, or a stranger."""
        memory = self._memory
        team = person.team
        if team:
            if memory.size_of(team) > 1:
                kind.mates.count(is_hit=bool(memory.right(base, team)), who=person.name)
            is_strange = bool(owner) and not memory.right(base, team) and memory.team_of(owner) not in (0, team)
            if not memory.right(base, team):
                kind.strangers.count(is_hit=is_strange and owner not in person.teams, who=person.name)
            return
        is_other = bool(owner) and owner not in person.names
        is_mate = is_other and self._judge.are_mates(kind, mark, owner, person)
        kind.mates.count(is_hit=is_other, who=person.name)
        kind.strangers.count(is_hit=is_other and not is_mate, who=person.name)
        if is_other:
            memory.count_pair(mark, owner, person.name, now_s)

    def _owned(self, kind: KindModel, mark: int, key: int, owner: int, how: int, now_s: float) -> None:
        memory = self._memory
        memory.keep_owner(memory.thing(key), owner, how, now_s)
        memory.count_owned(mark, owner, now_s)
        kind.objects += 1

    def _own_record(self, call: Call, reach: Reach, grip: Grip, record: Record, *, is_rightful: bool) -> None:
        """Learn from an answer that shows the one object that was asked for."""
        thing, now_s = grip.thing, call.started_s
        if thing is None:
            return
        kind = self._book.kind(grip.slot.kind, day_of(now_s))
        name = grip.name.rpartition("/")[2]
        for key, value in list(record.items())[:40]:
            if not isinstance(value, dict | list) and text_of(value) == name:
                kind.id_keys[key] = kind.id_keys.get(key, 0) + 1
                break
        if is_rightful:
            is_let_in = self._is_let_in(call, grip, thing, reach.person)
            if not is_let_in:
                self._fields.study(kind, record, reach.person, is_made=False)
            said = self._fields.says(kind, self._book.kind_mark(kind.name), record, reach.person)
            if said is not None and not is_let_in and not reach.person.is_staff and self._fields.roles(kind)[0]:
                is_mine = self._fields.is_named_owner(kind, record, reach.person)
                kind.count_flags(record, is_mine=is_mine, who=reach.person.name)
            self._letting_in.named(
                thing, (said.named if said is not None else frozenset()) | self._fields.listed_in(record), now_s
            )

    def _is_let_in(self, call: Call, grip: Grip, thing: Thing, person: Person) -> bool:
        """Whether a share or a link lets somebody in: that is no sign of who else may come to what says the same."""
        if grip.is_let_in or self._memory.right(thing.base, person.name) & (GIVEN | LISTED):
            return True
        return any(self._memory.opens(text, thing.base) for _, text in call.query_pairs[:8])

    def _is_trusted(self, grip: Grip, person: Person) -> bool:
        """Whether what a caller does with an object counts: they have a right, or nothing speaks against the first."""
        if grip.whose in _RIGHTFUL:
            return True
        is_first = grip.whose is Whose.UNKNOWN and grip.thing is not None and not grip.thing.owner
        return is_first and not self._is_thief(grip, person)

    def _is_thief(self, grip: Grip, person: Person) -> bool:
        return self._memory.is_thief(self._book.kind_mark(grip.slot.kind), person.name)

    def _touched(self, grip: Grip, person: Person, now_s: float) -> None:
        """Remember who reached an object of which nothing was known: as long as nobody else is, that is its owner."""
        thing, memory = grip.thing, self._memory
        if thing is None:
            self._touched_early(grip, person, now_s)
            return
        if thing.how == PARTLY and grip.whose is Whose.UNKNOWN and not self._is_thief(grip, person):
            memory.keep_owner(thing, person.name, ALONE, now_s)  # the seat that the list leaves free
        if not self._is_trusted(grip, person):
            return
        if not thing.owner:
            memory.keep_owner(thing, person.name, REACHED, now_s)
        for team in person.teams:
            memory.give(thing.base, team, TOUCHED, now_s)

    def _touched_by_staff(self, grip: Grip, person: Person, now_s: float) -> None:
        """Remember what may be staff's own: nobody else was ever seen with it, and staff comes back on another day.

        Where staff was never found at other people's objects of a kind, it is there as everybody is: once is enough.
        """
        thing, memory = grip.thing, self._memory
        if thing is None or person.principal.kind is not PrincipalKind.USER:
            return
        kind = self._book.kind(grip.slot.kind, grip.slot.first_day)
        kind.desk.count(is_hit=grip.whose is Whose.FOREIGN, who=person.name)
        if thing.owner or self._fields.is_of_people(kind):
            return  # the page of a person is that person's
        if memory.touch(thing.base, person.name, now_s) or not kind.is_served:
            memory.keep_owner(thing, person.name, REACHED, now_s)

    def _touched_early(self, grip: Grip, person: Person, now_s: float) -> None:
        """Remember who was first to send a value at a place of which it is not known of which kind its ids are."""
        if is_id_like(grip.name):
            thing = self._memory.thing(self._memory.thing_key(early(grip.slot), grip.name))
            if not thing.owner:
                self._memory.keep_owner(thing, person.name, REACHED, now_s)


def _answer_mark(call: Call, person: Person, digest: int) -> tuple[int, str, bytes, int, int]:
    return person.name, call.path, call.query, digest, day_of(call.started_s)
