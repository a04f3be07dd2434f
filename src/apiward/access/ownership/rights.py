"""The `core.ports.ObjectRights`: what the owner declared, then what was learned, joined to one answer."""

from typing import Final

from apiward.access.ownership.book import Book, OperationModel
from apiward.access.ownership.counting import Counting
from apiward.access.ownership.declarations import Declarations
from apiward.access.ownership.declared import Declared
from apiward.access.ownership.gripping import Gripper
from apiward.access.ownership.judging import Judge
from apiward.access.ownership.learning import Learner
from apiward.access.ownership.links import Links
from apiward.access.ownership.marks import Marks, shown
from apiward.access.ownership.memory import ALONE, BARRED, Memory, Thing, day_of
from apiward.access.ownership.model import KindModel, SlotModel
from apiward.access.ownership.naming_fields import NamingFields
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.quiet import Quiet
from apiward.access.ownership.reach import NOTE, Grip, Reach
from apiward.access.ownership.records import Record, single
from apiward.access.ownership.ruling import Ruling
from apiward.access.ownership.settings import ObjectsSettings
from apiward.access.ownership.sharing import Shares
from apiward.access.ownership.steering import Steering
from apiward.access.ownership.texts import text_of
from apiward.access.ownership.voting import Voting
from apiward.core.api import SAFE_METHODS, Api, Operation
from apiward.core.call import Answer, Call
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.core.objects import ObjectVerdict, Whose
from apiward.core.ports import Facts

_LATER: Final = "later"
"""Noted of a read that reaches for nothing: all that it needs is a look at its answer."""


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
        self._quiet = Quiet()
        self._gripper = Gripper(self.book, self._memory, self._judge, self._fields, self._people, self._quiet)
        self._templates = self._gripper.templates
        self._learner = Learner(self.book, self._memory, self._judge, self._fields, self._people, self._templates)
        self._links = Links(self.book, self._memory, self._judge, settings.warm_up_days)
        self._ruling = Ruling(self._memory, self._people, self._shares)
        self._steering = Steering(self._memory, self._judge, self._fields, self._people)
        self._counting = Counting(self.book, self._memory)
        self._voting = Voting(self.book, self._memory)
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
        return self._asked(call, reach, in_body=False) if declared or reach.grips else None

    def _reach(self, call: Call, declared: tuple[Declared, ...], arguments: tuple[str, ...]) -> Reach:
        """Find out what a request reaches for, and keep that for its later phases."""
        reach = call.notes[NOTE] = Reach(self._people.of(call.principal), declared, arguments)
        if self._settings.learn:
            self._gripper.place(call, reach)
            self._gripper.grip_head(call, reach)
        return reach

    def wants_body(self, call: Call) -> bool:
        """Return whether ids may stand in the body."""
        return NOTE in call.notes and call.method not in SAFE_METHODS

    def judge_body(self, call: Call) -> ObjectVerdict | None:
        """Judge the ids in the body."""
        reach = call.notes.get(NOTE)
        if not isinstance(reach, Reach) or call.method in SAFE_METHODS:
            return None
        if self._settings.learn:
            self._gripper.grip_body(call, reach)
        return self._asked(call, reach, in_body=True) if reach.declared or reach.grips else None

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
        if call.method in SAFE_METHODS and self._is_read_again(call, reach):
            reach.is_read_again = True
            return None
        for declared in reach.declared:
            verdict = self._ruling.shown(call, reach, declared, value)
            if verdict is not None:
                return self._said(reach, verdict)
        record = single(value) if call.operation is None else None
        if record is not None and self._gripper.names_itself(call, reach, record) and call.method in SAFE_METHODS:
            self._asked(call, reach, in_body=False)
        verdict = self._steered(call, reach, value)
        if verdict is not None:
            return self._said(reach, verdict)
        return self._learned_shown(call, reach, value) if reach.grips else None

    def _is_read_again(self, call: Call, reach: Reach) -> bool:
        """Whether a reader gets, by right, the very answer that was judged and learned from before, today."""
        if reach.declared or call.operation is None or not self._learner.knows(call, reach):
            return False
        return all(grip.thing is None or grip.whose in (Whose.OWN, Whose.MATE) for grip in reach.grips)

    def judge_status(self, call: Call, status: int) -> ObjectVerdict | None:
        """Say what was held back until the API answered well: else there is nothing to hide."""
        reach = call.notes.get(NOTE)
        if not isinstance(reach, Reach) or not 200 <= status < 300:
            return None
        held = reach.held
        if reach.grips:
            for grip in reach.grips:
                self._counting.count(reach.person, grip, call.started_s)
            held = held or self._walk(call, reach)
        return None if held is None else self._said(reach, held)

    def learn(self, call: Call, status: int) -> None:
        """Learn from a request that has ended."""
        reach = call.notes.get(NOTE)
        if not self._settings.learn or not isinstance(reach, Reach) or not 200 <= status < 300:
            return
        if not reach.is_read_again:
            self._learned_from(call, reach)
        if not reach.declared and reach.operation is not None and not reach.operation.collection:
            self._quiet.note(call, reach)

    def _learned_from(self, call: Call, reach: Reach) -> None:
        if call.operation is None:
            self._templates.learn(call)
        self._learner.learn(call, reach)
        for grip in reach.grips:
            if self._is_open(grip.slot):
                self._voting.vote(grip.slot, grip.name, reach.person)

    def _met(self, person: Person) -> None:
        if person.is_known:
            self._memory.meet(person.names, person.name, person.team, self._now_s)

    def _is_open(self, slot: SlotModel) -> bool:
        """Whether it is not known of which kind the ids at a place are."""
        if not slot.kind or slot.is_likely:
            return True
        kind = self.book.kinds.get(slot.kind)
        return (kind is None or not kind.objects) and "{}" not in slot.kind

    # --- what is said

    def _said(self, reach: Reach, verdict: ObjectVerdict) -> ObjectVerdict | None:
        if reach.is_told:
            return None
        reach.is_told = True
        return verdict

    def _asked(self, call: Call, reach: Reach, *, in_body: bool) -> ObjectVerdict | None:
        for declared in reach.declared:
            if _is_in_body(declared.place) is in_body and self._ruling.is_held(call, reach.person, declared):
                verdict = self._ruling.asked(call, reach, declared)
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
        if declared is not None and not self._ruling.is_held(call, person, declared):
            return None
        shown_kind = declared.rule.id if declared is not None else grip.slot.kind
        kind = self.book.kind(grip.slot.kind, grip.slot.first_day)
        is_shared = self._shares.hold(person, thing.owner, shown_kind, grip.name, now_s)
        if is_shared or self._links.open(call, kind, thing):
            grip.whose, grip.is_let_in = Whose.MATE, True
            return None
        if self._links.may_open(call, person, kind, thing, is_ruled=declared is not None):
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

    def _is_known_private(self, kind: KindModel, call: Call) -> bool:
        days = (day_of(call.started_s) - kind.first_day) % 65_536
        return days >= self._settings.warm_up_days and kind.is_private and not kind.is_public

    def _is_in_force(self, kind: KindModel, slot: SlotModel, call: Call) -> bool:
        if not self._is_known_private(kind, call):
            return False
        # where only thieves change things of a private kind, that makes the place no public one
        return not slot.is_public or (call.method not in SAFE_METHODS and kind.rightful.share >= 0.8)

    def _walk(self, call: Call, reach: Reach) -> ObjectVerdict | None:
        """Say where one caller has read far more different objects than callers do."""
        found = self._counting.walk(call, reach)
        if found is None:
            return None
        grip, count = found
        declared = self._rule_of(reach, grip.slot.kind)
        mode = declared.rule.mode if declared is not None else self._settings.mode
        return ObjectVerdict(grip.slot.kind, Whose.FOREIGN, mode, grip.place, count=count)

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
        elif said.whose is Whose.FOREIGN and (
            grip.whose is Whose.UNKNOWN or (said.how == ALONE and not grip.is_let_in)
        ):
            grip.whose = self._judge.whose(kind, mark, thing, reach.person)
            if grip.whose is Whose.FOREIGN:
                return self._answer_verdict(call, reach, grip, thing)
        return None

    def _steered(self, call: Call, reach: Reach, value: Json) -> ObjectVerdict | None:
        """Judge a list that shows the things of a stranger whom the request has named."""
        operation = reach.operation
        if operation is None or not operation.collection or not operation.is_read:
            return None
        kind = self.book.kind(operation.collection, day_of(call.started_s))
        found = self._steering.steered(call, reach, operation, kind, value)
        if found is None:
            return None
        reach.is_steered = True
        place, owner = found
        declared = self._rule_of(reach, kind.name)
        if declared is not None and not self._ruling.is_held(call, reach.person, declared):
            return None
        shown_kind = declared.rule.id if declared is not None else kind.name
        if self._shares.hold(reach.person, owner, shown_kind, "", call.started_s):
            return None
        if declared is None and (reach.declared or not self._is_known_private(kind, call)):
            return None
        mode = declared.rule.mode if declared is not None else self._settings.mode
        return ObjectVerdict(shown_kind, Whose.FOREIGN, mode, place.partition(" ")[0], shown(owner))

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


def _is_in_body(place: str) -> bool:
    return place.startswith("body.")
