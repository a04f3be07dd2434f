from collections.abc import Callable

import pytest

from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit, Effect
from apiward.guard.hearing import Budget, heard, heard_of_answer
from apiward.guard.phases import AnswerStep, CallStep, Phase
from apiward.guard.stage import Judgement, StageName
from tests.guard.calls import answer, call

DENIED = Decision("permit.no")
ROUTINE = Edit(added=((b"x-a", b"1"),))


class Times:
    """A clock on the wall and one of the processor, which move when they are told to."""

    def __init__(self) -> None:
        self.budget_s = 0.05
        self.wall_s = self.cpu_s = 0.0
        self.timer: Callable[[], float] = lambda: self.wall_s
        self.cpu_timer: Callable[[], float] = lambda: self.cpu_s


def _says(said: Judgement, *, is_applied: bool = True, is_open: bool = False) -> CallStep:
    return lambda _: said, is_applied, is_open, StageName.SHAPE


def _answers(said: Judgement, *, is_applied: bool = True) -> AnswerStep:
    return lambda _, __: said, is_applied, False, StageName.HARDEN


def _fails(_: Call, __: Answer | None = None) -> Judgement:
    raise ValueError("a value of the caller")


def test_the_first_that_says_something_is_heard_and_the_others_wait() -> None:
    steps = Phase((_says(None), _says(DENIED), _says(Decision("shape.no"))))
    assert heard(call(), steps, []) == (steps.steps[1], DENIED)
    assert heard(call(), Phase(steps.steps[:1]), []) is None


def test_routine_edits_are_kept_where_they_are_to_be_made() -> None:
    of_call, of_answer = list[Edit](), list[Edit]()
    assert heard(call(), Phase((_says(ROUTINE), _says(ROUTINE, is_applied=False))), of_call) is None
    steps = Phase((_answers(ROUTINE), _answers(ROUTINE, is_applied=False), _answers(None)))
    assert heard_of_answer(call(), steps, answer(), of_answer) is None
    assert of_call == of_answer == [ROUTINE]


def test_who_speaks_of_an_answer_is_heard() -> None:
    steps = Phase((_answers(None), _answers(DENIED)))
    assert heard_of_answer(call(), steps, answer(), []) == (steps.steps[1], DENIED)


@pytest.mark.parametrize(("is_open", "effect"), [(True, Effect.NOTE), (False, Effect.DENY)])
@pytest.mark.parametrize("budget", [None, 1])
def test_a_failure_is_decided_by_the_stance(effect: Effect, budget: int | None, *, is_open: bool) -> None:
    step: CallStep = (_fails, True, is_open, StageName.SHAPE)
    spoke = heard(call(), Phase((step,)), [], Budget(Times(), call()) if budget else None)
    assert spoke == (step, Decision("guard.stage-failed", effect, saw="shape: ValueError"))


def test_a_failure_over_an_answer_is_decided_too() -> None:
    step: AnswerStep = (_fails, True, False, StageName.MINIMISE)
    for budget in (None, Budget(Times(), call())):
        spoke = heard_of_answer(call(), Phase((step,)), answer(), [], budget)
        assert spoke == (step, Decision("guard.stage-failed", saw="minimise: ValueError"))


def test_a_budget_is_over_when_both_clocks_say_so() -> None:
    times = Times()
    budget = Budget(times, call())
    times.wall_s = 0.06
    assert not budget.is_over(), "the system ran something else"
    times.cpu_s = 0.06
    assert budget.is_over()
    steps = Phase((_says(DENIED),))
    assert heard(call(), steps, [], budget) == (steps.steps[0], Decision("guard.over-budget", saw="before shape"))


def test_within_a_budget_routine_edits_are_kept_too() -> None:
    routine = list[Edit]()
    assert heard(call(), Phase((_says(None), _says(ROUTINE))), routine, Budget(Times(), call())) is None
    assert routine == [ROUTINE]
