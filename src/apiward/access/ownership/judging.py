"""Whose an object is for a caller, by what is remembered of both."""

from apiward.access.ownership.memory import ALONE, BARRED, PARTLY, REACHED, RIGHTS, TEAMED, TOUCHED, Memory, Thing
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
        right, by = memory.entry(thing.base, person.name)
        if right & RIGHTS and not right & BARRED:
            return Whose.OWN
        if not owner or not person.is_known:
            return Whose.FOREIGN if owner else Whose.UNKNOWN
        if thing.how == ALONE:
            return self._beside(thing, person, right, by, is_sharing=False)
        team, has_moved = memory.teams_of(owner) if person.teams else (0, False)
        is_sharing = kind.may_be_shared and not (kind.has_list and self._is_left_out(kind, kind_mark, person))
        if self._are_mates(kind_mark, owner, person, team, is_sharing=is_sharing):
            return Whose.MATE
        for own in person.teams if is_sharing else ():
            if memory.right(thing.base, own) & (RIGHTS if thing.how == TEAMED else RIGHTS | TOUCHED):
                return Whose.MATE
        if self._is_doubtful(kind, kind_mark, thing, person, team, has_moved=has_moved):
            return Whose.UNKNOWN
        if not by and len(person.names) == 1:
            return Whose.FOREIGN
        return self._beside(thing, person, right, by, is_sharing=is_sharing)

    def _beside(self, thing: Thing, person: Person, right: int, by: int, *, is_sharing: bool) -> Whose:
        is_in = self._is_let_in(thing, person, by, is_barred=bool(right & BARRED), is_sharing=is_sharing)
        return Whose.OWN if is_in else Whose.FOREIGN

    def _is_let_in(self, thing: Thing, person: Person, by: int, *, is_barred: bool, is_sharing: bool) -> bool:
        """Whether the caller was let in under another name, or by somebody of whom only now is known that they may."""
        if by and self.may_let_in(by, thing, is_sharing=is_sharing):
            return True
        for name in person.names:
            if name != person.name:
                right, by = self._memory.entry(thing.base, name)
                if right & RIGHTS and not is_barred:
                    return True
                if by and self.may_let_in(by, thing, is_sharing=is_sharing):
                    return True
        return False

    def may_let_in(self, by: int, thing: Thing, *, is_sharing: bool) -> bool:
        """Return whether somebody who has offered an object has a right to it."""
        memory = self._memory
        owner = memory.person(thing.owner) or thing.owner  # it may be named by an address
        right = memory.right(thing.base, by)
        if by == owner or (right & RIGHTS and not right & BARRED):
            return True
        team = memory.team_of(by) if is_sharing else 0
        return bool(team) and team in (owner, memory.team_of(owner))

    def _is_doubtful(
        self, kind: KindModel, kind_mark: int, thing: Thing, person: Person, team: int, *, has_moved: bool
    ) -> bool:
        """Whether what is known of the owner is not enough to call somebody else a stranger."""
        memory, owner = self._memory, thing.owner
        if thing.how == REACHED:
            if memory.is_thief(kind_mark, owner):
                return True
            if not kind.is_personal and self._were_mates(owner, team, person):
                return not self._lists_all(kind, kind_mark, person)
        if thing.how == PARTLY and self._were_mates(owner, team, person):
            return not self._lists_all(kind, kind_mark, person)
        if team and has_moved and kind.may_be_shared and thing.how != TEAMED:
            return memory.former_team(owner) in person.teams  # it may have stayed with those whom its owner has left
        if team or not person.teams or thing.how == TEAMED:
            return False
        return kind.may_be_shared and not memory.person(owner)  # who was never met may be a colleague

    def _is_left_out(self, kind: KindModel, kind_mark: int, person: Person) -> bool:
        """Whether who takes part is listed, and a list would have shown the caller what is theirs."""
        return kind.is_by_list and self._lists_all(kind, kind_mark, person)

    def _lists_all(self, kind: KindModel, kind_mark: int, person: Person) -> bool:
        """Whether lists would have shown the caller an object if it were theirs."""
        return kind.lists_are_whole and self._memory.lists(kind_mark, person.name)

    def _were_mates(self, owner: int, team: int, person: Person) -> bool:
        """Whether the caller and one of those who take part are, or were, of one team."""
        memory = self._memory
        if team in person.teams or memory.former_team(owner) in person.teams:
            return True
        return bool(team) and memory.former_team(person.name) == team

    def are_mates(self, kind: KindModel, kind_mark: int, owner: int, person: Person) -> bool:
        """Return whether the caller is a colleague of the owner, as far as objects of this kind go."""
        team = self._memory.team_of(owner) if person.teams else 0
        return self._are_mates(kind_mark, owner, person, team, is_sharing=kind.may_be_shared)

    def _are_mates(self, kind_mark: int, owner: int, person: Person, team: int, *, is_sharing: bool) -> bool:
        if person.teams:
            return is_sharing and (team in person.teams or owner in person.teams)
        memory = self._memory
        shared = memory.pair(kind_mark, owner, person.name)
        return shared >= _PAIRS and shared >= _PAIR_SHARE * memory.owned(kind_mark, owner)
