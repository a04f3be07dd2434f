import asyncio
from collections.abc import Awaitable

from apiward.core.call import Call
from apiward.core.decision import Decision, Edit, Effect
from apiward.guard.allowing import NO_ALLOWANCES, Allowance, Allowances
from apiward.guard.phases import AnswerStep, CallStep, Phase
from apiward.guard.settling import MAX_DELAY_S, Settling
from apiward.guard.stage import Judgement, StageName
from tests.guard.calls import answer, call
from tests.guard.test_hearing import Times

DENIED = Decision("shape.no", place="body")


def _settling(waits: list[float] | None = None, allowances: Allowances = NO_ALLOWANCES) -> Settling:
    async def wait(pause_s: float) -> None:
        if waits is not None:
            waits.append(pause_s)

    return Settling(Times(), wait, allowances)


def _settled(settling: Settling, made: Call, said: Judgement, *, is_applied: bool = True) -> Decision | None:
    return asyncio.run(settling.settle(made, said, None, is_applied=is_applied))


def _step(said: Judgement, *, is_open: bool = False) -> CallStep:
    return lambda _: said, True, is_open, StageName.AUTHENTICATE


def test_what_is_only_watched_is_recorded_unless_somebody_ordered_it() -> None:
    ordered, made = Decision("origin.shut-out", is_ordered=True), call()
    assert _settled(_settling(), made, DENIED, is_applied=False) is None
    assert _settled(_settling(), made, ordered, is_applied=False) is ordered
    assert [(one.decision, one.is_applied) for one in made.rulings] == [(DENIED, False), (ordered, True)]


def test_a_delay_is_waited_for_up_to_a_bound() -> None:
    waits: list[float] = []
    said = tuple(Decision("conduct.slow", Effect.DELAY, delay_s=pause_s) for pause_s in (1.0, 99.0))
    assert _settled(_settling(waits), call(), said) is None
    assert waits == [1.0, MAX_DELAY_S]


def test_what_is_allowed_is_noted_in_its_place() -> None:
    allowed = Allowance(id="x", operation="GET /", rule="shape.no", place="body", expires="2100-01-01")
    made = call()
    assert _settled(_settling(allowances=Allowances([allowed], lambda: 0.0)), made, DENIED) is None
    assert [one.decision.effect for one in made.rulings] == [Effect.NOTE]


def test_an_edit_changes_requests_and_answers() -> None:
    edit = Edit(added=((b"x-a", b"1"),))
    made, given = call(), answer()
    assert _settled(_settling(), made, Decision("a.b", Effect.EDIT, edit=edit)) is None
    asyncio.run(_settling().settle(made, Decision("a.b", Effect.EDIT, edit=edit), given, is_applied=True))
    assert made.header[b"x-a"] == b"1"
    assert (b"x-a", b"1") in given.headers


def test_an_edit_with_a_status_answers_a_request() -> None:
    ready = Decision("harden.preflight", Effect.EDIT, edit=Edit(status=204))
    assert _settled(_settling(), call(), ready) is ready


def test_what_is_awaited_may_fail() -> None:
    async def fails() -> Decision | None:
        raise OSError("the service is away")

    async def heeded(said: Awaitable[Decision | None]) -> Decision | None:
        step = _step(said)
        return await _settling().heed(call(), Phase((step,)), None, [], (step, said))

    refusal = asyncio.run(heeded(fails()))
    assert refusal == Decision("guard.stage-failed", saw="authenticate: OSError")


def test_those_that_are_left_are_heard_and_routine_edits_made() -> None:
    note, edit = Decision("a.b", Effect.NOTE), Edit(added=((b"x-a", b"1"),))
    steps, made = Phase((_step(note), _step(edit))), call()
    assert asyncio.run(_settling().heed(made, steps, None, [], (steps.steps[0], note))) is None
    assert made.header[b"x-a"] == b"1"
    given = answer()
    last: AnswerStep = (lambda _, __: note, True, False, StageName.HARDEN)
    assert asyncio.run(_settling().heed(made, Phase((last,)), given, [edit], (last, note))) is None
    assert (b"x-a", b"1") in given.headers
