"""Runs the steps of a phase one after the other, until one says something that must be carried out."""

from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit, Effect
from apiward.guard.phases import AnswerStep, CallStep, Phase
from apiward.guard.stage import Judgement, StageName

Timer: TypeAlias = Callable[[], float]
"""Seconds of a clock that never goes back."""
Spoke: TypeAlias = tuple[CallStep | AnswerStep, Judgement]
"""A step, and what it said."""

QUICK_BYTES: Final = 2_048
"""A body that is no longer than this cannot take much time, and is not timed."""


class Timed(Protocol):
    """What says how much time the stages may take for one request, and how much has gone by."""

    budget_s: float
    timer: Timer
    cpu_timer: Timer


class Budget:
    """What is left of the time for one request. Time in which the system ran something else does not count."""

    __slots__ = ("_begun_cpu_s", "_left_s", "_limit_s", "_times")

    def __init__(self, times: Timed, call: Call) -> None:
        self._times = times
        self._left_s = times.budget_s - call.own_s
        self._limit_s = times.timer() + self._left_s
        self._begun_cpu_s = times.cpu_timer()

    def is_over(self) -> bool:
        """Whether the time is used up."""
        if self._times.timer() <= self._limit_s:
            return False
        return self._times.cpu_timer() - self._begun_cpu_s > self._left_s


def heard(call: Call, steps: Phase[CallStep], routine: list[Edit], budget: Budget | None = None) -> Spoke | None:
    """Run the steps of a phase until one says more than a routine edit. Where none does, nothing is awaited.

    Only phases that read long bodies have a budget: the work of the others is bounded by what they get.
    """
    if budget is not None:
        return _heard_within(budget, call, steps, None, routine)
    judge: Callable[..., Judgement] | None = None
    try:
        for judge in steps.judges:
            said = judge(call)
            if said is not None and not _is_kept(said, steps.of(judge), routine):
                return steps.of(judge), said
    except Exception as error:  # noqa: BLE001 - a mistake of ours must not decide by accident: the stance does
        return _failed_at(steps, judge, error)
    return None


def heard_of_answer(
    call: Call, steps: Phase[AnswerStep], answer: Answer, routine: list[Edit], budget: Budget | None = None
) -> Spoke | None:
    """Run the steps of a phase of an answer, as `heard` does. Most answers get some routine edits."""
    if budget is not None:
        return _heard_within(budget, call, steps, answer, routine)
    judge: Callable[..., Judgement] | None = None
    try:
        for judge in steps.judges:
            said = judge(call, answer)
            if said is None:
                continue
            step = steps.of(judge)
            if said.__class__ is not Edit:
                return step, said
            if step[1]:
                routine.append(said)
    except Exception as error:  # noqa: BLE001 - as above
        return _failed_at(steps, judge, error)
    return None


def _failed_at(
    steps: Phase[CallStep] | Phase[AnswerStep], judge: Callable[..., Judgement] | None, error: Exception
) -> Spoke | None:
    if judge is None:
        return None
    step = steps.of(judge)
    return step, failed(step[3], error, is_open=step[2])


def failed(name: StageName, error: Exception, *, is_open: bool) -> Decision:
    """Return what is decided in the place of a stage that could not do its work."""
    effect = Effect.NOTE if is_open else Effect.DENY
    return Decision("guard.stage-failed", effect, saw=f"{name}: {type(error).__name__}")


def _heard_within(
    budget: Budget,
    call: Call,
    steps: Phase[CallStep] | Phase[AnswerStep],
    answer: Answer | None,
    routine: list[Edit],
) -> Spoke | None:
    """Run the steps of a phase as long as there is time."""
    for step in steps.steps:
        if budget.is_over():
            return step, _over_budget(step[3], is_open=step[2])
        try:
            # The steps of a call take no answer, and those of an answer one: its type cannot tell which these are.
            said: Judgement = step[0](call) if answer is None else step[0](call, answer)  # type: ignore[call-arg]
        except Exception as error:  # noqa: BLE001 - as above
            said = failed(step[3], error, is_open=step[2])
        if said is not None and not _is_kept(said, step, routine):
            return step, said
    return None


def _is_kept(said: Judgement, step: CallStep | AnswerStep, routine: list[Edit]) -> bool:
    """Keep a routine edit for the end of the phase; False for all else."""
    if said.__class__ is not Edit:
        return False
    if step[1]:
        routine.append(said)
    return True


def _over_budget(name: StageName, *, is_open: bool) -> Decision:
    effect = Effect.NOTE if is_open else Effect.DENY
    return Decision("guard.over-budget", effect, saw=f"before {name}")
