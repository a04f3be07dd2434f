"""What the last stages make of the head of an answer, remembered for the next answer with the same names in its head.

Stages that look at nothing but status, type and names say so (`repeats_head`). What they give is then made once for
each operation and kind of caller; dates and lengths may differ.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Final

from apiward.core.call import Answer, Call, RawHeaders
from apiward.core.decision import Edit
from apiward.guard.hearing import Spoke, heard_of_answer
from apiward.guard.phases import Steps

MOST: Final = 4_096
"""Kinds of heads that are remembered."""


class Standing:
    """The headers that are added, what takes those that stay out of a head with these names, and all names."""

    __slots__ = ("added", "names", "staying")

    def __init__(self, names: tuple[bytes, ...], edits: Sequence[Edit]) -> None:
        added = dict([pair for edit in edits for pair in edit.added])
        self.added = tuple(added.items())
        gone = frozenset[bytes]().union(added, *[edit.removed for edit in edits])
        self.names = gone.union(names)
        self.staying = _taking([at for at, name in enumerate(names) if name not in gone])


def heard_of_head(call: Call, steps: Steps, answer: Answer, routine: list[Edit]) -> Spoke | None:
    """Run the last steps of an answer's head. Where nobody speaks, routine edits are carried out, or left in `routine`.

    Where a website asks (`Origin`), nothing is remembered: what it may read depends on who it is.
    """
    if b"origin" in call.header:
        return heard_of_answer(call, steps.answer_last, answer, routine)
    head = answer.head()
    key = (
        head.names, head.media_type, answer.status, call.operation_key, call.scheme, call.principal.is_anonymous,
    )  # fmt: skip
    known: Standing | None = steps.standing.get(key)
    if known is None:
        return _heard_anew(call, steps, answer, routine, key)
    fresh: tuple[tuple[bytes, bytes], ...] = ()
    if routine:
        first = routine[0]
        fresh = first.added
        if first.removed or len(routine) > 1 or not known.names.isdisjoint(dict(fresh)):
            return heard_of_answer(call, steps.answer_last, answer, routine)
        routine.clear()
    answer.headers = [*known.staying(head), *fresh, *known.added]
    return None


def _taking(places: list[int]) -> Callable[[RawHeaders], Iterable[tuple[bytes, bytes]]]:
    """Return what takes the headers at these places out of a head."""
    if len(places) < 2:
        start = places[0] if places else 0
        return itemgetter(slice(start, start + len(places)))
    return itemgetter(*places)


def _heard_anew(
    call: Call, steps: Steps, answer: Answer, routine: list[Edit], key: tuple[tuple[bytes, ...], *tuple[object, ...]]
) -> Spoke | None:
    edits: list[Edit] = []
    spoke = heard_of_answer(call, steps.answer_last, answer, edits)
    if spoke is None and all(repeats(answer) for repeats in steps.repeats_head):
        if len(steps.standing) >= MOST:
            steps.standing.clear()
        steps.standing[key] = Standing(key[0], edits)
    routine += edits
    return spoke
