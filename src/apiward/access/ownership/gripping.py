"""Finds what a request reaches for: which operation it is, where ids stand in it, of which kind, and whose they are."""

from apiward.access.ownership.book import Book, body_ids, id_of, query_ids
from apiward.access.ownership.judging import Judge
from apiward.access.ownership.memory import Memory, day_of
from apiward.access.ownership.model import KindModel, SlotModel
from apiward.access.ownership.naming_fields import NamingFields
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.quiet import Quiet
from apiward.access.ownership.reach import Grip, Reach
from apiward.access.ownership.records import Record
from apiward.access.ownership.templating import Templates
from apiward.access.ownership.texts import canonical
from apiward.core.call import Call
from apiward.core.objects import Whose
from apiward.spec.meaning.naming import nouns, words


class Gripper:
    """Fills in a reach, by what is remembered."""

    def __init__(
        self, book: Book, memory: Memory, judge: Judge, fields: NamingFields, people: People, quiet: Quiet
    ) -> None:
        self._book = book
        self._memory = memory
        self._judge = judge
        self._fields = fields
        self._people = people
        self._quiet = quiet
        self.templates = Templates(self._was_shown)

    def place(self, call: Call, reach: Reach, *, is_anew: bool = False) -> None:
        """Find the operation, and the arguments of its path."""
        operation, arguments, known = call.operation, call.path_arguments, None
        if operation is not None:
            template, key = "", call.operation_key
            known = self._book.operations.get(key)
            if known is None:
                template = operation.base_path + operation.path
        else:
            template, arguments = self.templates.read(call)
            key = f"{call.method} {template}"
        reach.operation = known or self._book.operation(call.method, template, key, day_of(call.started_s))
        if is_anew or not reach.arguments:
            reach.arguments = arguments

    def grip_head(self, call: Call, reach: Reach) -> None:
        """Take the ids in path and query."""
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
                free = self._book.free_slot(operation, place, day_of(call.started_s))
                if free is not None:
                    self._take(reach, free, place, text)

    def grip_body(self, call: Call, reach: Reach) -> None:
        """Take the ids in the body."""
        operation = reach.operation
        if operation is None or self._quiet.is_idle(operation, "body."):
            return
        for place, name in body_ids(call):
            slot = self._book.free_slot(operation, place, day_of(call.started_s))
            if slot is not None:
                self._take(reach, slot, place, name)

    def names_itself(self, call: Call, reach: Reach, record: Record) -> bool:
        """Whether the answer shows that the last word of the path is an id. If so, it is taken as one."""
        template, _, part = call.path.rpartition("/")
        kind = self._book.kinds.get(template)
        if call.operation is not None or reach.declared or kind is None or not kind.objects or call.method == "POST":
            return False
        if id_of(kind, record)[1] != canonical(part) or not self.templates.is_word(template, part):
            return False
        self.templates.prove(template, part, reach.person.name)
        reach.grips.clear()
        self.place(call, reach, is_anew=True)
        self.grip_head(call, reach)
        return True

    def _take(self, reach: Reach, slot: SlotModel, place: str, name: str) -> None:
        grip = Grip(slot, place, name)
        reach.grips.append(grip)
        if not slot.kind:
            named = self._declared_kind(reach, place) or self._book.kind_by_name(slot)
            likely = "" if named or name.isdigit() else self._kind_of_namesakes(slot, name)
            self._book.set_kind(slot, named or likely, is_likely=not named)
        if slot.kind:
            kind = self._book.kind(slot.kind, slot.first_day)
            grip.thing = self._memory.thing(self._memory.thing_key(slot.kind, name))
            if not grip.thing.owner and not place.startswith("path."):
                grip.thing = self._memory.take_over(grip.thing, self._memory.thing_key(early(slot), name))
            grip.whose = self._judge.whose(kind, self._book.kind_mark(slot.kind), grip.thing, reach.person)
            if grip.whose is Whose.FOREIGN and kind.is_public:
                grip.whose = Whose.UNKNOWN
            if grip.whose is Whose.FOREIGN and self._is_colleague(kind, name, reach.person):
                grip.whose = Whose.MATE
            if grip.whose is Whose.FOREIGN and "{}" in slot.kind and _is_within_own(reach):
                grip.whose = Whose.MATE

    def _is_colleague(self, kind: KindModel, name: str, person: Person) -> bool:
        """Whether an object is a person, as in a list of a team, and a colleague of the caller."""
        if not person.teams or not kind.may_be_shared or not self._fields.is_of_people(kind):
            return False
        main = self._memory.person(self._people.named(name))
        return bool(main) and self._memory.team_of(main) in person.teams

    def _declared_kind(self, reach: Reach, place: str) -> str:
        """Return the kind of the ids at a place, where a rule names it: by the name of its rule, and of the place."""
        for declared in reach.declared:
            if declared.is_learned and declared.rule.id in words(place):
                return next((name for name in self._book.kinds if nouns(name)[-1:] == (declared.rule.id,)), "")
        return ""

    def _kind_of_namesakes(self, slot: SlotModel, name: str) -> str:
        """Return the one kind that stands at places of that name, where the value is one of its objects.

        Not for numbers: note 17 and order 17 are two things.
        """
        kinds = self._book.likely_kinds(slot)
        kind = next(iter(kinds)) if len(kinds) == 1 else ""
        return kind if kind and self._memory.thing(self._memory.thing_key(kind, name)).is_known else ""

    def _was_shown(self, template: str, part: str) -> bool:
        """Whether a part of a path is the id of an object of that collection."""
        if template not in self._book.kinds:
            return False
        return self._memory.thing(self._memory.thing_key(template, canonical(part))).is_known


def early(slot: SlotModel) -> str:
    """Return under what things are remembered while the kind of a place is not known: path and name of the place."""
    _, template, place = slot.key.split(" ", 2)
    return f"early {template} {place.partition('.')[2]}"


def _is_within_own(reach: Reach) -> bool:
    """Whether the last id of the path stands below one to which the caller has a right."""
    return len(reach.grips) > 1 and reach.grips[-2].whose in (Whose.OWN, Whose.MATE)
