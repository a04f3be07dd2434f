"""Carries out what the stages decide: it is recorded, then refused, changed, held back, or let pass as a note."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, TypeAlias, cast

from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit, Effect, Ruling
from apiward.guard.allowing import Allowances
from apiward.guard.editing import apply_routine, apply_to_answer, apply_to_call
from apiward.guard.hearing import Budget, Spoke, Timed, failed, heard, heard_of_answer
from apiward.guard.phases import AnswerStep, CallStep, Phase
from apiward.guard.stage import Judgement

Pause: TypeAlias = Callable[[float], Coroutine[Any, Any, None]]
"""Holds a request back for so many seconds."""

MAX_DELAY_S: Final = 10.0
_AT_ONCE: Final = frozenset({Decision, tuple, Edit})


class Settling:
    """Asked only where a stage has something to say: most requests pass without it."""

    def __init__(self, times: Timed, wait: Pause, allowances: Allowances) -> None:
        self._times = times
        self._wait = wait
        self._allowances = allowances if allowances.is_any else None

    async def heed(
        self,
        call: Call,
        steps: Phase[CallStep] | Phase[AnswerStep],
        answer: Answer | None,
        routine: list[Edit],
        spoke: Spoke | None,
        budget: Budget | None = None,
    ) -> Decision | None:
        """Carry out what a step said, and run the steps that are left; the decision that ends the request, or None."""
        while spoke is not None:
            (step, said), refusal = spoke, None
            if said.__class__ not in _AT_ONCE:
                try:
                    said = await cast("Awaitable[Decision | None]", said)
                except Exception as error:  # noqa: BLE001 - a mistake of ours must not decide by accident
                    said = failed(step[3], error, is_open=step[2])
                budget = Budget(self._times, call) if budget is not None else None
            if said is not None:
                refusal = await self.settle(call, said, answer, is_applied=step[1])
            if refusal is not None:
                return refusal
            steps = cast("Phase[CallStep]", steps).behind(cast("CallStep", step))
            spoke = _heard_on(call, steps, answer, routine, budget)
        if routine:
            _apply_routine(call, answer, routine)
        return None

    async def settle(self, call: Call, said: Judgement, answer: Answer | None, *, is_applied: bool) -> Decision | None:
        """Record decisions and carry them out; the one that ends the request, or None."""
        for decision in cast("tuple[Decision, ...]", said if isinstance(said, tuple) else (said,)):
            if decision.effect is Effect.DENY and self._allowances is not None:
                decision = self._excused(call, decision)  # noqa: PLW2901 - from here on it is what counts
            edit = decision.edit
            is_done = is_applied or decision.is_ordered
            call.rulings.append(Ruling(decision, is_done))
            if not is_done or decision.effect is Effect.NOTE:
                continue
            if decision.effect is Effect.DENY:
                return decision
            if decision.effect is Effect.DELAY:
                await self._wait(min(decision.delay_s, MAX_DELAY_S))
            elif edit is not None and _is_whole(edit, answer):
                return decision
            elif edit is not None:
                _apply(call, answer, edit)
        return None

    def _excused(self, call: Call, refusal: Decision) -> Decision:
        """Return a refusal, or the note in its place where it is excluded. Stages that judge many places ask first."""
        passes = self._allowances.passes(call) if self._allowances is not None else None
        return passes.notes[0] if passes is not None and passes.take(refusal) else refusal


def _heard_on(
    call: Call,
    steps: Phase[CallStep] | Phase[AnswerStep],
    answer: Answer | None,
    routine: list[Edit],
    budget: Budget | None,
) -> Spoke | None:
    """Run the steps of a phase that are left."""
    if answer is None:
        return heard(call, cast("Phase[CallStep]", steps), routine, budget)
    return heard_of_answer(call, cast("Phase[AnswerStep]", steps), answer, routine, budget)


def _is_whole(edit: Edit, answer: Answer | None) -> bool:
    """Whether an edit of a request is an answer of its own, as to a CORS preflight."""
    return answer is None and edit.status is not None


def _apply(call: Call, answer: Answer | None, edit: Edit) -> None:
    if answer is None:
        apply_to_call(call, edit)
    else:
        apply_to_answer(answer, edit)


def _apply_routine(call: Call, answer: Answer | None, edits: Sequence[Edit]) -> None:
    if answer is not None:
        apply_routine(answer, edits)
        return
    for edit in edits:
        apply_to_call(call, edit)
