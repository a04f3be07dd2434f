"""The `core.ports.ObjectRights`: what the owner declared, then what was learned, joined to one answer."""

from apiward.access.ownership.declarations import Declarations
from apiward.access.ownership.declared import Declared
from apiward.access.ownership.marks import Marks, shown
from apiward.access.ownership.memory import Memory
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.reach import NOTE, Reach
from apiward.access.ownership.settings import ObjectsSettings
from apiward.access.ownership.sharing import Shares
from apiward.core.api import SAFE_METHODS, Api, Operation
from apiward.core.call import Answer, Call
from apiward.core.jsonvalue import Json, NotJson
from apiward.core.objects import ObjectMode, ObjectVerdict, Whose
from apiward.core.ports import Facts


class Rights:
    """Judges requests and answers. Raises ValueError where a rule does not fit the description."""

    def __init__(self, settings: ObjectsSettings, api: Api | None, facts: Facts, pepper: bytes) -> None:
        marks = Marks(pepper)
        self._declarations = Declarations(settings.rules, api)
        self._people = People(
            marks,
            tenant_claims=settings.tenant_claims,
            roles=frozenset(settings.staff_roles),
            staff=frozenset(settings.staff),
        )
        self._memory = Memory(facts, marks)
        self._shares = Shares(settings.shares, marks)

    def is_silent(self, operation: Operation | None) -> bool:
        """Return whether nothing is ever said of an operation."""
        return not self._declarations.speak_of(operation)

    def judge_head(self, call: Call) -> ObjectVerdict | None:
        """Judge the ids in path, query and headers."""
        declared, arguments = self._declarations.at(call)
        if not declared:
            return None
        reach = Reach(self._people.of(call.principal), declared, arguments)
        call.notes[NOTE] = reach
        return self._asked(call, reach, in_body=False)

    def wants_body(self, call: Call) -> bool:
        """Return whether ids stand in the body."""
        reach = call.notes.get(NOTE)
        return isinstance(reach, Reach) and any(_is_in_body(one) for one in reach.declared)

    def judge_body(self, call: Call) -> ObjectVerdict | None:
        """Judge the ids in the body."""
        reach = call.notes.get(NOTE)
        return self._asked(call, reach, in_body=True) if isinstance(reach, Reach) else None

    def wants_answer(self, call: Call, answer: Answer) -> bool:  # noqa: ARG002 - the shape of the port
        """Return whether the answer tells whose an object is."""
        reach = call.notes.get(NOTE)
        return isinstance(reach, Reach) and any(one.owner_steps or one.tenant_steps for one in reach.declared)

    def judge_answer(self, call: Call, status: int, value: Json | NotJson) -> ObjectVerdict | None:  # noqa: ARG002 - the same
        """Judge what is about to be shown."""
        reach = call.notes.get(NOTE)
        if not isinstance(reach, Reach) or isinstance(value, NotJson):
            return None
        for declared in reach.declared:
            verdict = self._shown(call, reach, declared, value)
            if verdict is not None and not reach.is_told:
                reach.is_told = True
                return verdict
        return None

    def learn(self, call: Call, status: int) -> None:
        """Learn from a request that has ended."""

    def _asked(self, call: Call, reach: Reach, *, in_body: bool) -> ObjectVerdict | None:
        for declared in reach.declared:
            if _is_in_body(declared) is in_body and self._is_held(call, reach.person, declared):
                verdict = self._asked_by(call, reach, declared)
                if verdict is not None and not reach.is_told:
                    reach.is_told = True
                    return verdict
        return None

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
        if whose is not None or not declared.owner_steps:
            return None
        for name in declared.ids(call, reach.arguments):
            thing = self._memory.thing(rule.id, name)
            reach.things.append((rule.id, thing))
            owner = self._memory.owner(thing)
            if call.method in SAFE_METHODS or not owner or owner in reach.person.names:
                continue
            if not self._shares.hold(reach.person, owner, rule.id, thing, call.started_s):
                return ObjectVerdict(rule.id, Whose.FOREIGN, rule.mode, declared.place, shown(owner))
        return None

    def _shown(self, call: Call, reach: Reach, declared: Declared, value: Json) -> ObjectVerdict | None:
        found = declared.shown(call.principal, value)
        if found is None:
            return None
        whose, name = found
        owner, rule = self._people.named(name), declared.rule
        things = [thing for kind, thing in reach.things if kind == rule.id]
        if len(things) == 1 and declared.owner_steps:
            self._memory.keep_owner(things[0], owner, call.started_s)
        if whose not in (Whose.FOREIGN, Whose.UNKNOWN) or not self._is_held(call, reach.person, declared):
            return None
        thing = things[0] if len(things) == 1 else 0
        if self._shares.hold(reach.person, owner, rule.id, thing, call.started_s):
            return None
        mode = rule.mode if whose is Whose.FOREIGN else ObjectMode.OBSERVE
        field = rule.owner_field or rule.tenant_field
        return ObjectVerdict(rule.id, whose, mode, f"answer {field}", shown(owner))


def _is_in_body(declared: Declared) -> bool:
    return declared.place.startswith("body.")
