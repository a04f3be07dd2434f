"""What a good exchange teaches: who made what, who was shown what, who let whom in."""

import re
from typing import Final

from apiward.access.ownership.book import Book, OperationModel, body_ids, id_of, is_id_like
from apiward.access.ownership.judging import Judge
from apiward.access.ownership.memory import (
    BARRED,
    CREATED,
    GIVEN,
    LISTED,
    MADE,
    NAMED,
    REACHED,
    RIGHTS,
    SEEN,
    SHOWN,
    TOUCHED,
    Memory,
    Thing,
    day_of,
)
from apiward.access.ownership.model import KindModel, SlotModel, Votes
from apiward.access.ownership.naming_fields import NamingFields, Said
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.reach import Grip, Reach
from apiward.access.ownership.records import Record, fields_of, rows, single
from apiward.access.ownership.texts import text_of
from apiward.core.call import Call
from apiward.core.jsonvalue import Json, NotJson
from apiward.core.objects import Whose

_TOKEN: Final = re.compile(r"[A-Za-z0-9_~.-]{16,200}")
_MOST_VOTES: Final = 400
_SURE_CASES: Final = 8
_LIKELY_CASES: Final = 3
_RIGHTFUL: Final = (Whose.OWN, Whose.MATE)


class Learner:
    """Learns from one exchange after the other. Who calls it has made sure that the exchange was clean."""

    def __init__(self, book: Book, memory: Memory, judge: Judge, fields: NamingFields, people: People) -> None:
        self._book = book
        self._memory = memory
        self._judge = judge
        self._fields = fields
        self._people = people

    def learn(self, call: Call, reach: Reach) -> None:
        """Learn from a request that was answered well, and from its answer."""
        operation, person, now_s = reach.operation, reach.person, call.started_s
        if operation is None or person.is_staff:
            return
        if any(grip.whose is Whose.FOREIGN for grip in reach.grips):
            return
        held = [grip for grip in reach.grips if grip.thing is not None]
        if not person.is_known:
            self._open_list(call, reach, operation)
            return
        is_rightful = all(grip.whose in _RIGHTFUL for grip in held)
        value = reach.value
        if not isinstance(value, NotJson):
            self._read(call, reach, operation, held, value, is_rightful=is_rightful)
        if not operation.is_read:
            self._acted(call, reach, held, is_rightful=is_rightful)
        for grip in held:
            self._touched(grip, person, now_s)
        if call.method == "DELETE" and held and is_rightful and not operation.collection:
            thing = held[-1].thing
            if thing is not None:
                self._memory.forget(thing, now_s)

    def _read(
        self, call: Call, reach: Reach, operation: OperationModel, held: list[Grip], value: Json, *, is_rightful: bool
    ) -> None:
        if operation.collection and is_rightful and not (held and not operation.path_slots):
            self._shown(call, reach, operation, value)
        elif held and held[-1].thing is not None:
            record = single(value)
            if record is not None:
                self._own_record(call, reach, held[-1], record, is_rightful=is_rightful)

    def _shown(self, call: Call, reach: Reach, operation: OperationModel, value: Json) -> None:
        """Learn from a list, or from what was made."""
        kind = self._book.kind(operation.collection, day_of(call.started_s))
        is_made = call.method == "POST"
        if is_made:
            record = single(value)
            if record is None or not id_of(kind, record)[1]:
                return
            records = [record]
        else:
            records = rows(value)
        sent = {text for _, text in body_ids(call)} if is_made else set()
        head = "".join(f"{text}/" for text in reach.arguments)
        for record in records:
            _, name = id_of(kind, record)
            if name and name not in sent:
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
            if thing.owner and thing.owner not in person.names:
                memory.keep_owner(thing, person.name, MADE, now_s, is_new=True)
                thing = memory.thing(thing.key)
            elif not thing.owner:
                self._owned(kind, mark, thing.key, person.name, MADE, now_s)
                thing = memory.thing(thing.key)
            memory.give(thing.base, person.name, CREATED, now_s)
            for team in person.teams:
                memory.give(thing.base, team, SEEN, now_s)
            return
        right = memory.right(thing.base, person.name)
        said = self._fields.says(kind, mark, record, person)
        if said is not None and said.owner and said.owner != thing.owner and not thing.how & NAMED:
            memory.keep_owner(thing, said.owner, said.how, now_s)
            memory.count_owned(mark, said.owner, now_s)
            thing = memory.thing(thing.key)
        if right & SEEN or right & BARRED:
            return
        self._named(thing, said, now_s)
        if not right & RIGHTS:
            self._count_company(kind, mark, thing.base, thing.owner, person, now_s)
        memory.give(thing.base, person.name, SEEN, now_s)
        for team in person.teams:
            memory.give(thing.base, team, SEEN, now_s)
        if not thing.owner or thing.how == REACHED:
            self._owned(kind, mark, thing.key, person.name, SHOWN, now_s)

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
            self._fields.study(kind, record, reach.person, is_made=False)
            said = self._fields.says(kind, self._book.kind_mark(kind.name), record, reach.person)
            self._named(thing, said, now_s)

    def _named(self, thing: Thing, said: Said | None, now_s: float) -> None:
        """Learn that those whom an object names may reach it, unless they came as strangers and wrote that themselves."""
        for other in said.named if said is not None else ():
            main = self._memory.person(other)
            if main and not self._memory.right(thing.base, main) & BARRED:
                self._memory.give(thing.base, main, LISTED, now_s)

    def _acted(self, call: Call, reach: Reach, held: list[Grip], *, is_rightful: bool) -> None:
        """Learn from a deed: whom a caller named beside an object, which secret opens it, what was sent."""
        memory, person, now_s = self._memory, reach.person, call.started_s
        things = [grip.thing for grip in held if grip.thing is not None] if is_rightful else []
        for _, text in body_ids(call):
            memory.keep_sent(person.name, text, now_s)
            main = memory.person(self._people.named(text)) if things else 0
            if main and main != person.name:
                for thing in things:
                    if memory.right(thing.base, main) & (RIGHTS | BARRED) != GIVEN:
                        memory.clear(thing.base, main, GIVEN, now_s)
        if things and call.method == "POST" and isinstance(reach.value, dict):
            names = {grip.name for grip in held}
            for _, value in fields_of(reach.value):
                if isinstance(value, str) and len(value) <= 400:
                    for token in _TOKEN.findall(value):
                        if token not in names and any(letter.isdigit() for letter in token):
                            memory.keep_link(token, things[-1].base, now_s)

    def _touched(self, grip: Grip, person: Person, now_s: float) -> None:
        """Remember who reached an object of which nothing was known: as long as nobody else is, that is its owner."""
        thing, memory = grip.thing, self._memory
        if thing is None or thing.owner or grip.whose is not Whose.UNKNOWN:
            return
        mark = self._book.kind_mark(grip.slot.kind)
        if memory.is_thief(mark, person.name):
            return
        memory.keep_owner(thing, person.name, REACHED, now_s)
        for team in person.teams:
            memory.give(thing.base, team, TOUCHED, now_s)

    def vote(self, slot: SlotModel, name: str, person: Person) -> None:
        """Find out of which kind the ids at a place are: of that whose objects the callers were shown before."""
        if not person.is_known or person.is_staff or not is_id_like(name):
            return
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


def _elected(slot: SlotModel, likely: frozenset[str]) -> str:
    """Return the kind whose objects the callers had a right to most often, where that is plain enough."""
    ranked = sorted(slot.links.items(), key=lambda item: -item[1].share)
    if not ranked:
        return ""
    name, best = ranked[0]
    if len(ranked) > 1 and ranked[1][1].share > 0.6 * best.share:
        return ""
    if name in likely and best.cases >= _LIKELY_CASES and best.share >= 0.5:
        return name
    return name if best.is_sure(_SURE_CASES, 0.5) else ""
