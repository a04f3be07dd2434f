"""Of which kind the ids at a place are: of that whose objects the callers were shown before."""

from typing import Final

from apiward.access.ownership.book import Book, is_id_like
from apiward.access.ownership.memory import RIGHTS, Memory
from apiward.access.ownership.model import SlotModel, Votes
from apiward.access.ownership.people import Person

_MOST_VOTES: Final = 400
_SURE_CASES: Final = 10
_LIKELY_CASES: Final = 3
_DIFFERENT: Final = 10
"""Different values at a place that show that ids stand there."""


class Voting:
    """Counts for each kind how often the caller had a right to the object that a value would be."""

    def __init__(self, book: Book, memory: Memory) -> None:
        self._book = book
        self._memory = memory

    def vote(self, slot: SlotModel, name: str, person: Person) -> None:
        """Count one value, and name the kind where it is plain by now."""
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
        if len(slot.seen) >= _DIFFERENT or self._book.kinds_of_namesakes(slot):  # else it is a page, or a choice
            self._book.set_kind(slot, elected(slot, self._book.kinds_of_namesakes(slot)))


def elected(slot: SlotModel, likely: frozenset[str]) -> str:
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
