"""What the owner's own rules say of a request and its answer."""

from apiward.access.ownership.declared import Declared
from apiward.access.ownership.marks import shown
from apiward.access.ownership.memory import NAMED, Memory
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.reach import Reach
from apiward.access.ownership.sharing import Shares
from apiward.core.api import SAFE_METHODS
from apiward.core.call import Call
from apiward.core.jsonvalue import Json
from apiward.core.objects import ObjectMode, ObjectVerdict, Whose


class Ruling:
    """Judges by one declared kind. Remembers whom answers have named, so that the next request is judged before."""

    def __init__(self, memory: Memory, people: People, shares: Shares) -> None:
        self._memory = memory
        self._people = people
        self._shares = shares

    def is_held(self, call: Call, person: Person, declared: Declared) -> bool:
        """Whether the rule holds for this caller and this request."""
        if declared.is_over(call.started_s) or declared.is_open(call):
            return False
        return not (person.is_staff or declared.is_staff(call.principal))

    def asked(self, call: Call, reach: Reach, declared: Declared) -> ObjectVerdict | None:
        """Judge a request to which the rule holds, before the API sees it."""
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

    def shown(self, call: Call, reach: Reach, declared: Declared, value: Json) -> ObjectVerdict | None:
        """Judge an answer by the fields that name owner and tenant."""
        found = declared.shown(call.principal, value)
        if found is None:
            return None
        whose, name = found
        owner, rule = self._people.named(name), declared.rule
        ids = declared.ids(call, reach.arguments)
        key = self._memory.thing_key(f"declared {rule.id}", ids[0]) if len(ids) == 1 else 0
        if key and declared.owner_steps:
            self._memory.keep_owner(self._memory.thing(key), owner, NAMED, call.started_s)
        if whose not in (Whose.FOREIGN, Whose.UNKNOWN) or not self.is_held(call, reach.person, declared):
            return None
        if self._shares.hold(reach.person, owner, rule.id, ids[0] if key else "", call.started_s):
            return None
        mode = rule.mode if whose is Whose.FOREIGN else ObjectMode.OBSERVE
        return ObjectVerdict(rule.id, whose, mode, f"answer {rule.owner_field or rule.tenant_field}", shown(owner))
