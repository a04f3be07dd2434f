"""What the last stages make of the head of an answer, remembered for as long as answers come with the very same head.

An API's answers mostly differ in their bodies alone, and in their date once a second. Stages that judge nothing but
the head say so (`repeats_head`); what they give is then made once for each head, operation and kind of caller.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

from apiward.core.call import Answer, AnswerBlock, Call, RawHeaders
from apiward.core.decision import Edit
from apiward.guard.hearing import Spoke, heard_of_answer
from apiward.guard.phases import Steps

_MOST: Final = 256
"""Kinds of requests for which a head is remembered."""
Key: TypeAlias = tuple[Steps, str, int, str, bool]
"""(what runs for it, operation, status, scheme, whether nobody knows the caller)"""


class Standing:
    """The headers that stay, those that are added, and the names of both and of those that go."""

    __slots__ = ("added", "kept", "names")

    def __init__(self, headers: RawHeaders, edits: Sequence[Edit]) -> None:
        added = dict([pair for edit in edits for pair in edit.added])
        gone = frozenset[bytes]().union(added, *[edit.removed for edit in edits])
        self.kept = [pair for pair in headers if pair[0] not in gone]
        self.added = list(added.items())
        self.names = gone.union([name for name, _ in headers])


def heard_of_head(call: Call, steps: Steps, answer: Answer, routine: list[Edit]) -> Spoke | None:
    """Run the last steps of an answer's head. Where nobody speaks, routine edits are carried out, or left in `routine`.

    Where a website asks (`Origin`), nothing is remembered: what it may read depends on who it is.
    """
    block = answer.headers
    if block.__class__ is not AnswerBlock or b"origin" in call.header:
        return heard_of_answer(call, steps.answer_last, answer, routine)
    key: Key = (steps, call.operation_key, answer.status, call.scheme, call.principal.is_anonymous)
    known = block.ready.get(key)
    if known is None:
        return _heard_anew(call, steps, answer, routine, block, key)
    if not routine:
        answer.headers = known.kept + known.added
        return None
    if len(routine) == 1 and not routine[0].removed:
        added = routine[0].added
        if known.names.isdisjoint(dict(added)):
            answer.headers = [*known.kept, *added, *known.added]
            routine.clear()
            return None
    return heard_of_answer(call, steps.answer_last, answer, routine)


def _heard_anew(
    call: Call, steps: Steps, answer: Answer, routine: list[Edit], block: AnswerBlock, key: Key
) -> Spoke | None:
    edits: list[Edit] = []
    spoke = heard_of_answer(call, steps.answer_last, answer, edits)
    if spoke is None and all(repeats(answer) for repeats in steps.repeats_head):
        if len(block.ready) >= _MOST:
            block.ready.clear()
        block.ready[key] = Standing(block, edits)
    routine += edits
    return spoke
