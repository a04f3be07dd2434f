"""What the last stages make of the head of an answer, remembered for the next answer with the same names in its head.

Stages that look at nothing but status, type and names say so (`repeats_head`). What they give is then made once for
each operation and kind of caller; dates and lengths may differ.
"""

from collections.abc import Sequence
from typing import Final

from apiward.core.call import Answer, Call
from apiward.core.decision import Edit
from apiward.guard.hearing import Spoke, heard_of_answer
from apiward.guard.phases import Steps

MOST: Final = 4_096
"""Kinds of heads that are remembered."""


class Standing:
    """The headers that are added, the names of those that go for them or without them, and all names."""

    __slots__ = ("added", "gone", "names")

    def __init__(self, names: tuple[bytes, ...], edits: Sequence[Edit]) -> None:
        added = dict([pair for edit in edits for pair in edit.added])
        self.added = tuple(added.items())
        self.gone = frozenset[bytes]().union(added, *[edit.removed for edit in edits])
        self.names = self.gone.union(names)


def heard_of_head(call: Call, steps: Steps, answer: Answer, routine: list[Edit]) -> Spoke | None:
    """Run the last steps of an answer's head. Where nobody speaks, routine edits are carried out, or left in `routine`.

    Where a website asks (`Origin`), nothing is remembered: what it may read depends on who it is.
    """
    if b"origin" in call.header:
        return heard_of_answer(call, steps.answer_last, answer, routine)
    names = answer.names
    key = (
        names, answer.media_type, answer.status, call.operation_key, call.scheme, call.principal.is_anonymous,
    )  # fmt: skip
    known: Standing | None = steps.standing.get(key)
    if known is None:
        return _heard_anew(call, steps, answer, routine, key)
    fresh: tuple[tuple[bytes, bytes], ...] = ()
    if routine:
        fresh = routine[0].added
        if len(routine) > 1 or routine[0].removed or not known.names.isdisjoint(dict(fresh)):
            return heard_of_answer(call, steps.answer_last, answer, routine)
        routine.clear()
    gone = known.gone
    answer.headers = [pair for pair in answer.headers if pair[0] not in gone]
    answer.headers += fresh + known.added
    return None


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
