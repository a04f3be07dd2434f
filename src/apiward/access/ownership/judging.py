"""Whose an object is for a caller, by what is remembered of both."""

from apiward.access.ownership.memory import BARRED, PARTLY, REACHED, RIGHTS, TEAMED, TOUCHED, Memory, Thing
from apiward.access.ownership.model import KindModel
from apiward.access.ownership.people import Person
from apiward.core.objects import Whose

_PAIRS = 3
_PAIR_SHARE = 0.3


class Judge:
    """Asks the memory. Never changes it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def whose(self, kind: KindModel, kind_mark: int, thing: Thing, person: Person) -> Whose:
        """Return whose an object is."""
        owner = thing.owner
        if owner and owner in person.names:
            return Whose.OWN
        memory = self._memory
        right = memory.right(thing.base, person.name)
        if right & RIGHTS and not right & BARRED:
            return Whose.OWN
        if not owner or not person.is_known:
            return Whose.FOREIGN if owner else Whose.UNKNOWN
        if self.are_mates(kind, kind_mark, owner, person):
            return Whose.MATE
        for team in person.teams:
            if kind.may_be_shared and memory.right(thing.base, team) & (RIGHTS | TOUCHED):
                return Whose.MATE
        if self._is_doubtful(kind, kind_mark, thing, person):
            return Whose.UNKNOWN
        if not right & BARRED and any(memory.right(thing.base, name) & RIGHTS for name in person.names):
            return Whose.OWN
        return Whose.FOREIGN

    def _is_doubtful(self, kind: KindModel, kind_mark: int, thing: Thing, person: Person) -> bool:
        """Whether what is known of the owner is not enough to call somebody else a stranger."""
        memory, owner = self._memory, thing.owner
        if thing.how == REACHED and memory.is_thief(kind_mark, owner):
            return True
        is_mate = memory.team_of(owner) in person.teams
        if is_mate and (thing.how == PARTLY or (thing.how == REACHED and not kind.is_personal)):
            return True
        if kind.may_be_shared and memory.former_team(owner) in person.teams:
            return True  # it may have stayed with those whom its owner has left
        # who was never met may be a colleague
        return kind.may_be_shared and bool(person.teams) and thing.how != TEAMED and not memory.person(owner)

    def are_mates(self, kind: KindModel, kind_mark: int, owner: int, person: Person) -> bool:
        """Return whether the caller is a colleague of the owner, as far as objects of this kind go."""
        memory = self._memory
        if kind.may_be_shared and person.teams:
            team = memory.team_of(owner)
            return team in person.teams or owner in person.teams
        if person.teams:
            return False
        shared = memory.pair(kind_mark, owner, person.name)
        return shared >= _PAIRS and shared >= _PAIR_SHARE * memory.owned(kind_mark, owner)
