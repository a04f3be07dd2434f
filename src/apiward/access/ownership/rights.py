"""The `core.ports.ObjectRights`: what the owner declared, then what was learned, joined to one answer."""

import re
from typing import Final

from apiward.access.ownership.book import Book, OperationModel, body_ids, id_of, query_ids
from apiward.access.ownership.declarations import Declarations
from apiward.access.ownership.declared import Declared
from apiward.access.ownership.enumeration import Walks
from apiward.access.ownership.judging import Judge
from apiward.access.ownership.learning import Learner
from apiward.access.ownership.marks import Marks, shown
from apiward.access.ownership.memory import ALONE, BARRED, NAMED, Memory, Thing, day_of
from apiward.access.ownership.model import ENOUGH_PEOPLE, KindModel, SlotModel
from apiward.access.ownership.naming_fields import NamingFields
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.quiet import Quiet
from apiward.access.ownership.reach import NOTE, Grip, Reach
from apiward.access.ownership.records import Record, single
from apiward.access.ownership.settings import ObjectsSettings
from apiward.access.ownership.sharing import Shares
from apiward.access.ownership.templating import Templates
from apiward.access.ownership.texts import canonical, text_of
from apiward.core.api import SAFE_METHODS, Api, Operation
from apiward.core.call import Answer, Call
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.core.objects import ObjectMode, ObjectVerdict, Whose
from apiward.core.ports import Facts
from apiward.spec.meaning.naming import nouns, words

_OWN, _FOREIGN, _BESIDE = 1, 2, 4
_LINK_DAYS: Final = 30
"""So long links may turn up that were made before the guard was there."""
_MOST_BELIEVED: Final = 3
"""Objects of one kind for which one caller is believed to hold such a link."""
_LATER: Final = "later"
"""Noted of a read that reaches for nothing: all that it needs is a look at its answer."""
_SECRET: Final = re.compile(r"[A-Za-z0-9_~.-]{16,200}")


class Rights:
    """Judges requests and answers. Raises ValueError where a rule does not fit the description."""

    def __init__(
        self, settings: ObjectsSettings, api: Api | None, facts: Facts, pepper: bytes, *, book: Book | None = None
    ) -> None:
        marks = Marks(pepper)
        self._settings = settings
        self._declarations = Declarations(settings.rules, api)
        self._memory = Memory(facts, marks)
        self._people = People(
            marks,
            tenant_claims=settings.tenant_claims,
            roles=frozenset(settings.staff_roles),
            staff=frozenset(settings.staff),
            meet=self._met,
        )
        self._shares = Shares(settings.shares, marks)
        self.book = book or Book(marks)
        self._judge = Judge(self._memory)
        self._fields = NamingFields(self._people, self._memory, self._judge)
        self._templates = Templates(self._was_shown)
        self._learner = Learner(self.book, self._memory, self._judge, self._fields, self._people, self._templates)
        self._walks = Walks()
        self._quiet = Quiet()
        self._now_s = 0.0

    def is_silent(self, operation: Operation | None) -> bool:
        """Return whether nothing is ever said of an operation."""
        return not (self._settings.learn or self._declarations.speak_of(operation))

    def judge_head(self, call: Call) -> ObjectVerdict | None:
        """Judge the ids in path, query and headers."""
        self._now_s = call.started_s
        declared, arguments = self._declarations.at(call)
        if not declared:
            if not self._settings.learn or self._quiet.is_known(call):
                return None
            if call.method in SAFE_METHODS and self._quiet.is_bare(call, self.book.operations.get(call.operation_key)):
                call.notes[NOTE] = _LATER
                return None
        reach = self._reach(call, declared, arguments)
        return self._asked(call, reach, in_body=False)

    def _reach(self, call: Call, declared: tuple[Declared, ...], arguments: tuple[str, ...]) -> Reach:
        """Find out what a request reaches for, and keep that for its later phases."""
        reach = call.notes[NOTE] = Reach(self._people.of(call.principal), declared, arguments)
        self._place(call, reach)
        self._grip_head(call, reach)
        return reach

    def wants_body(self, call: Call) -> bool:
        """Return whether ids may stand in the body."""
        return NOTE in call.notes and call.method not in SAFE_METHODS

    def judge_body(self, call: Call) -> ObjectVerdict | None:
        """Judge the ids in the body."""
        reach = call.notes.get(NOTE)
        if not isinstance(reach, Reach) or call.method in SAFE_METHODS:
            return None
        operation = reach.operation
        if operation is not None and self._settings.learn and not self._quiet.is_idle(operation, "body."):
            for place, name in body_ids(call):
                slot = self.book.free_slot(operation, place, day_of(call.started_s))
                if slot is not None:
                    self._take(reach, slot, place, name)
        return self._asked(call, reach, in_body=True)

    def wants_answer(self, call: Call, answer: Answer) -> bool:  # noqa: ARG002 - the shape of the port
        """Return whether the answer tells whose an object is, or shows some."""
        reach = call.notes.get(NOTE)
        if not isinstance(reach, Reach):
            return reach is _LATER
        return reach.operation is not None or any(one.owner_steps or one.tenant_steps for one in reach.declared)

    def judge_answer(self, call: Call, answer: Answer, value: Json | NotJson) -> ObjectVerdict | None:
        """Judge what is about to be shown."""
        reach, digest = call.notes.get(NOTE), hash(answer.body)
        if reach is _LATER and value is not NOT_JSON:
            if self._learner.has_read(call, self._people.of(call.principal), digest):
                return None
            reach = self._reach(call, (), call.path_arguments)
        if not isinstance(reach, Reach) or isinstance(value, NotJson):
            return None
        reach.value, reach.digest = value, digest
        if self._is_read_again(call, reach):
            reach.is_read_again = True
            return None
        for declared in reach.declared:
            verdict = self._shown(call, reach, declared, value)
            if verdict is not None:
                return self._said(reach, verdict)
        record = single(value)
        if record is not None and self._names_itself(call, reach, record) and call.method in SAFE_METHODS:
            self._asked(call, reach, in_body=False)
        return self._learned_shown(call, reach, value)

    def _is_read_again(self, call: Call, reach: Reach) -> bool:
        """Whether a reader gets, by right, the very answer that was judged and learned from before, today."""
        if reach.declared or call.operation is None or not self._learner.knows(call, reach):
            return False
        return all(grip.thing is None or grip.whose in (Whose.OWN, Whose.MATE) for grip in reach.grips)

    def _names_itself(self, call: Call, reach: Reach, record: Record) -> bool:
        """Whether the answer shows that the last word of the path is an id. If so, it is taken as one."""
        template, _, part = call.path.rpartition("/")
        kind = self.book.kinds.get(template)
        if call.operation is not None or reach.declared or kind is None or not kind.objects or call.method == "POST":
            return False
        if id_of(kind, record)[1] != canonical(part) or not self._templates.is_word(template, part):
            return False
        self._templates.prove(template, part, reach.person.name)
        reach.grips.clear()
        self._place(call, reach, is_anew=True)
        self._grip_head(call, reach)
        return True

    def judge_status(self, call: Call, status: int) -> ObjectVerdict | None:
        """Say what was held back until the API answered well: else there is nothing to hide."""
        reach = call.notes.get(NOTE)
        if not isinstance(reach, Reach) or not 200 <= status < 300:
            return None
        for grip in reach.grips:
            self._count(reach.person, grip, call.started_s)
        held = reach.held or self._walk(call, reach)
        return None if held is None else self._said(reach, held)

    def _walk(self, call: Call, reach: Reach) -> ObjectVerdict | None:
        """Say where one caller has read far more different objects than callers do."""
        person = reach.person
        if not person.is_known or person.is_staff or call.method not in SAFE_METHODS:
            return None
        for grip in reach.grips:
            if grip.thing is None or grip.slot.is_public or self.book.kind(grip.slot.kind, 0).is_public:
                continue
            mark = self.book.kind_mark(grip.slot.kind)
            is_strange = grip.whose in (Whose.UNKNOWN, Whose.FOREIGN)
            count = self._walks.reached(
                person.name, mark, grip.thing.key, grip.name, call.started_s, is_strange=is_strange
            )
            if count:
                declared = self._rule_of(reach, grip.slot.kind)
                mode = declared.rule.mode if declared is not None else self._settings.mode
                return ObjectVerdict(grip.slot.kind, Whose.FOREIGN, mode, grip.place, count=count)
        return None

    def learn(self, call: Call, status: int) -> None:
        """Learn from a request that has ended."""
        reach = call.notes.get(NOTE)
        if not self._settings.learn or not isinstance(reach, Reach) or not 200 <= status < 300:
            return
        if reach.is_read_again:
            return
        if call.operation is None:
            self._templates.learn(call)
        self._learner.learn(call, reach)
        for grip in reach.grips:
            if self._is_open(grip.slot):
                self._learner.vote(grip.slot, grip.name, reach.person)
        if not reach.declared and reach.operation is not None and not reach.operation.collection:
            self._quiet.note(call, reach)

    def _met(self, person: Person) -> None:
        if person.is_known:
            self._memory.meet(person.names, person.name, person.team, self._now_s)

    def _was_shown(self, template: str, part: str) -> bool:
        """Whether a part of a path is the id of an object of that collection."""
        if template not in self.book.kinds:
            return False
        return self._memory.thing(self._memory.thing_key(template, canonical(part))).is_known

    def _is_open(self, slot: SlotModel) -> bool:
        """Whether it is not known of which kind the ids at a place are."""
        if not slot.kind:
            return True
        kind = self.book.kinds.get(slot.kind)
        return (kind is None or not kind.objects) and "{}" not in slot.kind

    # --- what a request reaches for

    def _place(self, call: Call, reach: Reach, *, is_anew: bool = False) -> None:
        if not self._settings.learn:
            return
        operation = call.operation
        if operation is not None:
            template, key = operation.base_path + operation.path, call.operation_key
            arguments = call.path_arguments
        else:
            template, arguments = self._templates.read(call)
            key = f"{call.method} {template}"
        reach.operation = self.book.operation(call.method, template, key, day_of(call.started_s))
        if is_anew or not reach.arguments:
            reach.arguments = arguments

    def _grip_head(self, call: Call, reach: Reach) -> None:
        operation = reach.operation
        if operation is None:
            return
        name = ""
        for number, slot in enumerate(operation.path_slots[: len(reach.arguments)]):
            text = canonical(reach.arguments[number])
            name = f"{name}/{text}" if name else text
            self._take(reach, slot, f"path.{number}", name if "{}" in slot.kind else text)
        if call.query_pairs and not self._quiet.is_idle(operation, "query."):
            for place, text in query_ids(call):
                free = self.book.free_slot(operation, place, day_of(call.started_s))
                if free is not None:
                    self._take(reach, free, place, text)

    def _take(self, reach: Reach, slot: SlotModel, place: str, name: str) -> None:
        grip = Grip(slot, place, name)
        reach.grips.append(grip)
        if not slot.kind:
            slot.kind = self._declared_kind(reach, place) or self.book.kind_by_name(slot)
        if slot.kind:
            kind = self.book.kind(slot.kind, slot.first_day)
            grip.thing = self._memory.thing(self._memory.thing_key(slot.kind, name))
            grip.whose = self._judge.whose(kind, self.book.kind_mark(slot.kind), grip.thing, reach.person)
            if grip.whose is Whose.FOREIGN and kind.is_public:
                grip.whose = Whose.UNKNOWN
            if grip.whose is Whose.FOREIGN and self._is_colleague(kind, name, reach.person):
                grip.whose = Whose.MATE
            if grip.whose is Whose.FOREIGN and "{}" in slot.kind and _is_within_own(reach):
                grip.whose = Whose.MATE

    def _is_colleague(self, kind: KindModel, name: str, person: Person) -> bool:
        """Whether an object is a person, as in a list of a team, and a colleague of the caller."""
        if not person.teams or not kind.id_keys or not kind.may_be_shared:
            return False
        if max(kind.id_keys, key=kind.id_keys.__getitem__) not in self._fields.roles(kind)[1]:
            return False
        main = self._memory.person(self._people.named(name))
        return bool(main) and self._memory.team_of(main) in person.teams

    def _declared_kind(self, reach: Reach, place: str) -> str:
        """Return the kind of the ids at a place, where a rule names it: by the name of its rule, and of the place."""
        for declared in reach.declared:
            if declared.is_learned and declared.rule.id in words(place):
                return next((name for name in self.book.kinds if nouns(name)[-1:] == (declared.rule.id,)), "")
        return ""

    # --- what is said

    def _said(self, reach: Reach, verdict: ObjectVerdict) -> ObjectVerdict | None:
        if reach.is_told:
            return None
        reach.is_told = True
        return verdict

    def _asked(self, call: Call, reach: Reach, *, in_body: bool) -> ObjectVerdict | None:
        for declared in reach.declared:
            if _is_in_body(declared.place) is in_body and self._is_held(call, reach.person, declared):
                verdict = self._asked_by(call, reach, declared)
                if verdict is not None:
                    return self._said(reach, verdict)
        for grip in reach.grips:
            if grip.whose is Whose.FOREIGN and _is_in_body(grip.place) is in_body and grip.thing is not None:
                verdict = self._learned(call, reach, grip, grip.thing)
                if verdict is not None and call.method in SAFE_METHODS:
                    reach.held = verdict
                elif verdict is not None:
                    return self._said(reach, verdict)
        return None

    def _learned(self, call: Call, reach: Reach, grip: Grip, thing: Thing) -> ObjectVerdict | None:
        """Return the verdict on an object that is foreign by what was learned, None where nothing is to be said."""
        person, now_s = reach.person, call.started_s
        if person.is_staff or (not person.is_known and call.method not in SAFE_METHODS):
            return None
        declared = self._rule_of(reach, grip.slot.kind)
        if declared is not None and not self._is_held(call, person, declared):
            return None
        shown_kind = declared.rule.id if declared is not None else grip.slot.kind
        if self._shares.hold(person, thing.owner, shown_kind, grip.name, now_s) or self._is_opened(call, thing):
            grip.whose, grip.is_let_in = Whose.MATE, True
            return None
        kind = self.book.kind(grip.slot.kind, grip.slot.first_day)
        if self._may_hold_link(call, person, kind, thing, is_ruled=declared is not None):
            grip.whose, grip.is_let_in = Whose.UNKNOWN, True
            return None
        if declared is None and any(not one.is_learned for one in reach.declared):
            return None
        if declared is None and not self._is_in_force(kind, grip.slot, call):
            return None
        mode = declared.rule.mode if declared is not None else self._settings.mode
        return ObjectVerdict(shown_kind, Whose.FOREIGN, mode, grip.place, shown(thing.owner))

    def _rule_of(self, reach: Reach, kind: str) -> Declared | None:
        """Return the rule that sets the mode of a learned kind: one of its name, or one that names no learned kind."""
        fitting = [one for one in reach.declared if one.is_learned and one.rule.id not in self.book.kinds]
        named = [one for one in reach.declared if one.is_learned and one.rule.id == kind]
        return next(iter((*named, *fitting)), None)

    def _is_in_force(self, kind: KindModel, slot: SlotModel, call: Call) -> bool:
        days = (day_of(call.started_s) - kind.first_day) % 65_536
        if days < self._settings.warm_up_days or not kind.is_private or kind.is_public:
            return False
        # where only thieves change things of a private kind, that makes the place no public one
        return not slot.is_public or (call.method not in SAFE_METHODS and kind.rightful.share >= 0.8)

    def _is_opened(self, call: Call, thing: Thing) -> bool:
        """Whether the request shows a secret that opens the object."""
        texts = [value for _, value in call.query_pairs if len(value) >= 16]
        return any(self._memory.opens(text, thing.base) for text in texts[:8])

    def _may_hold_link(self, call: Call, person: Person, kind: KindModel, thing: Thing, *, is_ruled: bool) -> bool:
        """Whether the request shows what may be a secret from before the guard was there. Believed for a time."""
        days = (day_of(call.started_s) - kind.first_day) % 65_536
        if not call.query_pairs or call.method not in SAFE_METHODS or days >= _LINK_DAYS:
            return False
        is_warming = days < self._settings.warm_up_days and not is_ruled
        text = next((value for _, value in call.query_pairs if _is_secret(value, kind, is_warming=is_warming)), "")
        mark = self.book.kind_mark(kind.name)
        if not text or self._memory.opens_another(text, thing.base):
            return False
        if self._memory.believed(mark, person.name) >= _MOST_BELIEVED:
            return False
        self._memory.count_believed(mark, person.name, call.started_s)
        self._memory.keep_link(text, thing.base, call.started_s)
        return True

    def _count(self, person: Person, grip: Grip, now_s: float) -> None:
        """Count a request that was answered well, once a day for each caller and place."""
        if grip.thing is None or grip.whose is Whose.UNKNOWN or person.is_staff:
            return
        is_foreign = grip.whose is Whose.FOREIGN
        slot, memory = grip.slot, self._memory
        self._count_mates(person, grip, grip.thing, now_s)
        if memory.is_first_today(self.book.kind_mark(slot.key), person.name, _FOREIGN if is_foreign else _OWN, now_s):
            slot.rightful.count(is_hit=not is_foreign, who=person.name)
            self.book.kind(slot.kind, slot.first_day).rightful.count(is_hit=not is_foreign, who=person.name)
            if is_foreign and len(slot.foreign_people) < 8:
                slot.foreign_people.add(person.name)
        if is_foreign and person.is_known:
            memory.give(grip.thing.base, person.name, BARRED, now_s)
            memory.keep_thief(self.book.kind_mark(slot.kind), person.name, now_s)

    def _count_mates(self, person: Person, grip: Grip, thing: Thing, now_s: float) -> None:
        """Count whether those who have no right of their own are colleagues of the owner."""
        if not person.teams or not thing.owner or thing.owner in person.names or grip.whose is Whose.OWN:
            return
        team = self._memory.team_of(thing.owner)
        if team and self._memory.is_first_today(self.book.kind_mark(grip.slot.key), person.name, _BESIDE, now_s):
            kind = self.book.kind(grip.slot.kind, grip.slot.first_day)
            kind.reached.count(is_hit=team in person.teams, who=person.name)

    def _learned_shown(self, call: Call, reach: Reach, value: Json) -> ObjectVerdict | None:
        """Judge the one object that an answer shows by the fields that name people, and remember whose it is."""
        grip = next((one for one in reversed(reach.grips) if one.thing is not None), None)
        operation = reach.operation
        if grip is None or grip.thing is None or operation is None or (operation.collection and operation.path_slots):
            return None
        if grip.whose in (Whose.OWN, Whose.MATE) and self._learner.knows(call, reach):
            return None
        record = single(value)
        if record is not None and not self._is_about(operation, grip, record):
            return None
        kind = self.book.kind(grip.slot.kind, grip.slot.first_day)
        mark = self.book.kind_mark(kind.name)
        said = self._fields.says(kind, mark, record, reach.person) if record is not None else None
        if said is None:
            return None
        thing = grip.thing
        is_barred = bool(self._memory.right(thing.base, reach.person.name) & BARRED)
        if is_barred or (grip.whose is Whose.FOREIGN and call.method not in SAFE_METHODS):
            return None  # what a stranger has written into it says nothing
        if said.owner and (said.owner != thing.owner or (said.how == ALONE and thing.how != ALONE)):
            self._memory.keep_owner(thing, said.owner, said.how, call.started_s)
            thing = grip.thing = self._memory.thing(thing.key)
        if said.whose in (Whose.OWN, Whose.MATE) and grip.whose is not Whose.OWN:
            grip.whose = said.whose
            reach.held = None
        elif said.whose is Whose.FOREIGN and grip.whose is Whose.UNKNOWN:
            grip.whose = self._judge.whose(kind, mark, thing, reach.person)
            if grip.whose is Whose.FOREIGN:
                return self._answer_verdict(call, reach, grip, thing)
        return None

    def _is_about(self, operation: OperationModel, grip: Grip, record: Record) -> bool:
        """Whether a record is the object that an id of the request names, and not one that only repeats the id."""
        if grip.place.startswith("path."):
            return True
        made = self.book.kinds.get(operation.collection)
        if made is not None and made.objects:
            return False
        return any(text_of(one) == grip.name for one in record.values() if isinstance(one, str | int))

    def _answer_verdict(self, call: Call, reach: Reach, grip: Grip, thing: Thing) -> ObjectVerdict | None:
        verdict = self._learned(call, reach, grip, thing)
        return None if verdict is None else self._said(reach, verdict)

    # --- what was declared

    def _is_held(self, call: Call, person: Person, declared: Declared) -> bool:
        """Whether the rule holds for this caller and this request."""
        if declared.is_over(call.started_s) or declared.is_open(call):
            return False
        return not (person.is_staff or declared.is_staff(call.principal))

    def _asked_by(self, call: Call, reach: Reach, declared: Declared) -> ObjectVerdict | None:
        rule = declared.rule
        whose = declared.asked(call, reach.arguments)
        if whose is Whose.FOREIGN:
            return ObjectVerdict(rule.id, Whose.FOREIGN, rule.mode, declared.place)
        if whose is not None or not declared.owner_steps or call.method in SAFE_METHODS:
            return None
        for name in declared.ids(call, reach.arguments):
            thing = self._memory.thing(self._memory.thing_key(f"declared {rule.id}", name))
            if not thing.owner or thing.owner in reach.person.names:
                continue
            if not self._shares.hold(reach.person, thing.owner, rule.id, name, call.started_s):
                return ObjectVerdict(rule.id, Whose.FOREIGN, rule.mode, declared.place, shown(thing.owner))
        return None

    def _shown(self, call: Call, reach: Reach, declared: Declared, value: Json) -> ObjectVerdict | None:
        found = declared.shown(call.principal, value)
        if found is None:
            return None
        whose, name = found
        owner, rule = self._people.named(name), declared.rule
        ids = declared.ids(call, reach.arguments)
        key = self._memory.thing_key(f"declared {rule.id}", ids[0]) if len(ids) == 1 else 0
        if key and declared.owner_steps:
            self._memory.keep_owner(self._memory.thing(key), owner, NAMED, call.started_s)
        if whose not in (Whose.FOREIGN, Whose.UNKNOWN) or not self._is_held(call, reach.person, declared):
            return None
        if self._shares.hold(reach.person, owner, rule.id, ids[0] if key else "", call.started_s):
            return None
        mode = rule.mode if whose is Whose.FOREIGN else ObjectMode.OBSERVE
        return ObjectVerdict(rule.id, whose, mode, f"answer {rule.owner_field or rule.tenant_field}", shown(owner))


def _is_in_body(place: str) -> bool:
    return place.startswith("body.")


def _is_secret(text: str, kind: KindModel, *, is_warming: bool) -> bool:
    """Whether a text looks like the secrets that open single objects of a kind."""
    if not _SECRET.fullmatch(text) or text.isalpha() or text.isdigit():
        return False
    if len(kind.links.people) >= ENOUGH_PEOPLE:
        return len(text) in kind.link_sizes
    return is_warming


def _is_within_own(reach: Reach) -> bool:
    """Whether the last id of the path stands below one to which the caller has a right."""
    return len(reach.grips) > 1 and reach.grips[-2].whose in (Whose.OWN, Whose.MATE)
