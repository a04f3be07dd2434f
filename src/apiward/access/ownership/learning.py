"""What a good exchange teaches: who made what, who was shown what, who let whom in."""

import re
from typing import Final

from apiward.access.ownership.book import Book, OperationModel, body_ids, id_of, is_id_like
from apiward.access.ownership.judging import Judge
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
    TEAMED,
    TOUCHED,
    Memory,
    Thing,
    day_of,
)
from apiward.access.ownership.model import KindModel, SlotModel, Votes
from apiward.access.ownership.naming_fields import NamingFields, names_in_list
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.reach import Grip, Reach
from apiward.access.ownership.records import Record, fields_of, rows, single
from apiward.access.ownership.templating import Templates
from apiward.access.ownership.texts import canonical, text_of
from apiward.core.api import SAFE_METHODS
from apiward.core.call import Call
from apiward.core.jsonvalue import Json, NotJson, leaves
from apiward.core.objects import Whose
from apiward.spec.meaning.naming import words

_TOKEN: Final = re.compile(r"[A-Za-z0-9_~.-]{16,200}")
_MOST_VOTES: Final = 400
_MOST_SIZES: Final = 4
_MOST_LISTS: Final = 4_096
"""Lists that one worker has learned from and knows again."""
_PEOPLE: Final = frozenset(
    "account assignee author client collaborator contributor customer editor employee guest invitee member owner "
    "participant patient people person recipient reviewer student teacher to user users viewer with".split()
)
"""Words of places where a number may name somebody."""
_SURE_CASES: Final = 10
_MANY_RIGHTFUL: Final = 30
_MANY_SHOWN: Final = 20
_SOME_ROWS: Final = 20
_FEW: Final = 0.02
_LIKELY_CASES: Final = 3
_DIFFERENT: Final = 10
"""Different values at a place that show that ids stand there."""
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
        self._lists: set[tuple[int, str, bytes, int]] = set()
        self._reads: set[tuple[int, str, bytes, int, int]] = set()

    def learn(self, call: Call, reach: Reach) -> None:
        """Learn from a request that was answered well, and from its answer."""
        operation, person, now_s = reach.operation, reach.person, call.started_s
        if operation is None:
            return
        if person.is_staff:
            self._by_staff(call, reach, operation)
            return
        if any(grip.whose is Whose.FOREIGN for grip in reach.grips):
            return
        held = [grip for grip in reach.grips if grip.thing is not None]
        if not person.is_known:
            self._open_list(call, reach, operation)
            return
        is_rightful = all(grip.whose in _RIGHTFUL for grip in held)
        if is_rightful and self.knows(call, reach):
            return
        value = reach.value
        if not isinstance(value, NotJson):
            self._read(call, reach, operation, held, value, is_rightful=is_rightful)
        if not operation.is_read:
            self._acted(call, reach, held, is_rightful=all(self._is_trusted(grip, person) for grip in held))
        for grip in held:
            self._touched(grip, person, now_s)
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
        """Learn from a list, or from what was made. The same list as before teaches nothing new."""
        seen = (reach.person.name, call.path, call.query, reach.digest)
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
        sent = _sent(call) if is_made else frozenset()
        head = "".join(f"{text}/" for text in reach.arguments)
        for record in records:
            _, name = id_of(kind, record)
            if name and name not in sent:
                self._templates.prove(kind.name, name, reach.person.name)
                self._one_shown(kind, operation.kind_mark, head + name, record, reach.person, call, is_made=is_made)

    def _by_staff(self, call: Call, reach: Reach, operation: OperationModel) -> None:
        """Learn what staff has of its own: it made that and names nobody else, or the list shows only one's own."""
        value = reach.value
        if not operation.collection or isinstance(value, NotJson) or self._made_for(call, reach, operation):
            return
        held = [grip for grip in reach.grips if grip.thing is not None]
        is_own = all(grip.whose in _RIGHTFUL for grip in held)
        if call.method == "POST":
            texts = self._naming_texts(value)
            is_named = not texts.isdisjoint(reach.person.texts)
            if not is_named:
                texts |= _sent(call)
            if is_own and (held or is_named) and not any(self._is_somebody(text, reach.person) for text in texts):
                self._shown(call, reach, operation, value)
        elif call.method == "GET" and is_own and self._shows_own(call, reach.person, operation, value):
            self._shown(call, reach, operation, value)

    def _shows_own(self, call: Call, person: Person, operation: OperationModel, value: Json) -> bool:
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

    def _is_somebody(self, text: str, person: Person) -> bool:
        """Whether a text names another team, or a person who is no colleague."""
        team, named = self._people.team(text), self._people.named(text)
        if self._memory.size_of(team) and team not in person.teams:
            return True
        main = self._memory.person(named)
        return bool(main) and main != person.name and self._memory.team_of(main) not in person.teams

    def _made_for(self, call: Call, reach: Reach, operation: OperationModel) -> bool:
        """Learn for which team staff has made something: the request says so in a field that is known to name teams."""
        if call.method != "POST" or not operation.collection or isinstance(reach.value, NotJson):
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
            self._one_made(kind, mark, thing, call, person)
            return
        right = memory.right(thing.base, person.name)
        said = self._fields.says(kind, mark, record, person)
        if said is not None and said.owner and said.owner != thing.owner and not thing.how & NAMED:
            memory.keep_owner(thing, said.owner, said.how, now_s)
            memory.count_owned(mark, said.owner, now_s)
            thing = memory.thing(thing.key)
        if right & SEEN or right & BARRED:
            if thing.owner in person.names and thing.how == SHOWN and kind.is_alone(record):
                memory.keep_owner(thing, thing.owner, ALONE, now_s)
            return
        listed = self._fields.listed_in(record)
        self._named(thing, (said.named if said is not None else frozenset()) | listed, now_s)
        if listed:
            kind.mates.count(is_hit=False, who=person.name)  # it says itself who takes part
        elif not right & RIGHTS:
            self._count_company(kind, mark, thing.base, thing.owner, person, now_s)
        memory.give(thing.base, person.name, SEEN, now_s)
        for team in person.teams:
            memory.give(thing.base, team, SEEN, now_s)
        if not thing.owner or thing.how == REACHED:
            is_one = bool(listed) and names_in_list(record, person)
            how = ALONE if kind.is_alone(record) else PARTLY if is_one else SHOWN
            self._owned(kind, mark, thing.key, person.name, how, now_s)

    def _one_made(self, kind: KindModel, mark: int, thing: Thing, call: Call, person: Person) -> None:
        """Learn that a caller has made an object; where the id was another's, that one is gone."""
        memory, now_s = self._memory, call.started_s
        if thing.owner and thing.owner not in person.names:
            memory.keep_owner(thing, person.name, MADE, now_s, is_new=True)
            thing = memory.thing(thing.key)
        elif not thing.owner:
            self._owned(kind, mark, thing.key, person.name, MADE, now_s)
            thing = memory.thing(thing.key)
        memory.give(thing.base, person.name, CREATED, now_s)
        self._let_in(call, [thing], person)
        for team in person.teams:
            memory.give(thing.base, team, SEEN, now_s)

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
            if not grip.is_let_in and not self._memory.right(thing.base, reach.person.name) & (GIVEN | LISTED):
                self._fields.study(kind, record, reach.person, is_made=False)
            said = self._fields.says(kind, self._book.kind_mark(kind.name), record, reach.person)
            if said is not None and not reach.person.is_staff and self._fields.roles(kind)[0]:
                is_mine = self._fields.is_named_owner(kind, record, reach.person)
                kind.count_flags(record, is_mine=is_mine, who=reach.person.name)
            self._named(
                thing, (said.named if said is not None else frozenset()) | self._fields.listed_in(record), now_s
            )

    def _named(self, thing: Thing, named: frozenset[int], now_s: float) -> None:
        """Learn that those whom an object names may reach it, unless they have written that as strangers."""
        for other in named:
            main = self._memory.person(other) or other  # who was not met yet will come under that name
            if not self._memory.right(thing.base, main) & BARRED:
                self._memory.give(thing.base, main, LISTED, now_s)

    def _let_in(self, call: Call, things: list[Thing], person: Person) -> None:
        """Learn that those whom a holder of right names beside an object may reach it."""
        memory, now_s = self._memory, call.started_s
        for place, text in body_ids(call) if things else ():
            if text.isdigit() and _PEOPLE.isdisjoint(words(place)):
                continue  # a number of pieces, or of another kind of thing, names nobody
            named = self._people.named(text)
            main = memory.person(named) or (named if "@" in text else 0)
            if main and main != person.name:
                for thing in things:
                    if memory.right(thing.base, main) & (RIGHTS | BARRED) != GIVEN:
                        memory.clear(thing.base, main, GIVEN, now_s)

    def _acted(self, call: Call, reach: Reach, held: list[Grip], *, is_rightful: bool) -> None:
        """Learn from a deed: whom a caller named beside an object, which secret opens it, what was sent."""
        memory, person, now_s = self._memory, reach.person, call.started_s
        things = [grip.thing for grip in held if grip.thing is not None] if is_rightful else []
        self._let_in(call, things, person)
        if things and call.method == "POST" and isinstance(reach.value, dict):
            names = {grip.name for grip in held}
            for _, value in fields_of(reach.value):
                if isinstance(value, str) and len(value) <= 400:
                    for token in _TOKEN.findall(value):
                        if token not in names and any(letter.isdigit() for letter in token):
                            memory.keep_link(token, things[-1].base, now_s)
                            self._linked(held[-1], token, call, person)

    def _linked(self, grip: Grip, token: str, call: Call, person: Person) -> None:
        """Learn that the API makes secrets for objects of a kind, and of which length."""
        if canonical(token) in _sent(call):
            return
        kind = self._book.kind(grip.slot.kind, day_of(call.started_s))
        kind.links.count(is_hit=True, who=person.name)
        if len(kind.link_sizes) < _MOST_SIZES:
            kind.link_sizes.add(len(token))

    def _is_trusted(self, grip: Grip, person: Person) -> bool:
        """Whether what a caller does with an object counts: they have a right, or nothing speaks against the first."""
        if grip.whose in _RIGHTFUL:
            return True
        is_first = grip.whose is Whose.UNKNOWN and grip.thing is not None and not grip.thing.owner
        return is_first and not self._memory.is_thief(self._book.kind_mark(grip.slot.kind), person.name)

    def _touched(self, grip: Grip, person: Person, now_s: float) -> None:
        """Remember who reached an object of which nothing was known: as long as nobody else is, that is its owner."""
        thing, memory = grip.thing, self._memory
        if thing is None or not self._is_trusted(grip, person):
            return
        if not thing.owner:
            memory.keep_owner(thing, person.name, REACHED, now_s)
        for team in person.teams:
            memory.give(thing.base, team, TOUCHED, now_s)

    def vote(self, slot: SlotModel, name: str, person: Person) -> None:
        """Find out of which kind the ids at a place are: of that whose objects the callers were shown before."""
        if not person.is_known or person.is_staff or not is_id_like(name):
            return
        if len(slot.seen) < _DIFFERENT:
            slot.seen.add(name)
        total = max((votes.cases for votes in slot.links.values()), default=0)
        if total >= _MOST_VOTES and total % 16:
            return
        memory = self._memory
        for kind in self._book.kinds:
            if "{}" in kind:
                continue
            thing = memory.thing(memory.thing_key(kind, name))
            is_hit = bool(memory.right(thing.base, person.name) & RIGHTS) or any(
                memory.right(thing.base, team) & RIGHTS for team in person.teams
            )
            votes = slot.links.get(kind)
            if votes is None:
                votes = slot.links[kind] = Votes()
            votes.count(is_hit=is_hit, who=person.name)
        if len(slot.seen) >= _DIFFERENT or self._likely(slot):  # else it is a page, or a choice
            slot.kind = _elected(slot, self._likely(slot)) or slot.kind

    def _likely(self, slot: SlotModel) -> frozenset[str]:
        """Return the kinds whose ids stand under the same name at other operations."""
        name = slot.key.rpartition(" ")[2].partition(".")[2]
        if name.isdigit():
            return frozenset()
        return frozenset(
            one.kind
            for one in self._book.slots.values()
            if one.kind and one.key.endswith(f".{name}") and one is not slot
        )


def _answer_mark(call: Call, person: Person, digest: int) -> tuple[int, str, bytes, int, int]:
    return person.name, call.path, call.query, digest, day_of(call.started_s)


def _sent(call: Call) -> frozenset[str]:
    """Return every scalar that a caller has sent: an id among them was not given by the API."""
    values = [] if isinstance(call.value, NotJson) else [value for _, value in leaves(call.value)]
    texts = [value for _, value in (*call.query_pairs, *call.form_pairs)]
    return frozenset(text for value in (*values, *texts) if (text := text_of(value)))


def _elected(slot: SlotModel, likely: frozenset[str]) -> str:
    """Return the kind whose objects the callers had a right to most often, where that is plain enough."""
    ranked = sorted(slot.links.items(), key=lambda item: -item[1].share)
    if not ranked:
        return ""
    name, best = ranked[0]
    second = ranked[1][1].share if len(ranked) > 1 else 0.0
    if name in likely and best.cases >= _LIKELY_CASES and best.share >= 0.5 and second <= 0.6 * best.share:
        return name
    is_plain = best.is_sure(_SURE_CASES, 0.75) and second <= 0.6 * best.share
    return name if is_plain or (best.is_sure(_SURE_CASES, 0.4) and second <= 0.2 * best.share) else ""
