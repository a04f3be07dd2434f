from apiward.core.api import Operation
from apiward.core.call import Call
from apiward.core.decision import Decision, Mode
from apiward.guard.phases import Phases
from apiward.guard.policy import Policy
from apiward.guard.stage import StageName, Stance
from tests.guard.calls import raw_call

OPERATION = Operation("GET", "/a")
DENIED = Decision("route.method")


class Reads:
    name = StageName.PROTOCOL

    def on_head(self, call: Call) -> None:
        call.path = "/a"

    def on_body(self, call: Call) -> Decision:
        call.body = b"read"
        return DENIED


class Judges:
    name = StageName.ROUTE

    def __init__(self) -> None:
        self.asked = 0

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:
        self.asked += 1
        return frozenset({"on_body"}) if operation is OPERATION else frozenset()

    def on_head(self, call: Call) -> Decision:
        return DENIED

    def on_body(self, call: Call) -> Decision:
        return DENIED


def _modes(**modes: Mode) -> tuple[Mode, ...]:
    return tuple(modes.get(name.value, Mode.ENFORCE) for name in StageName)


def test_phases_have_the_steps_of_their_stages_in_order() -> None:
    steps = Phases([Reads(), Judges()], Policy()).steps(_modes(), None)
    assert [step[3] for step in steps.head.steps] == [StageName.ROUTE]
    assert [step[3] for step in steps.body.steps] == [StageName.PROTOCOL, StageName.ROUTE]
    assert (steps.answer_head.steps, steps.end, steps.wants_body) == ((), (), ())


def test_a_stage_is_not_asked_where_it_never_has_a_say() -> None:
    phases = Phases([Reads(), Judges()], Policy())
    assert [step[3] for step in phases.steps(_modes(), OPERATION).body.steps] == [StageName.PROTOCOL]
    assert phases.steps(_modes(), OPERATION) is phases.steps(_modes(), OPERATION)


def test_a_stage_that_is_off_runs_nowhere_but_protocol_reads_on() -> None:
    steps = Phases([Reads(), Judges()], Policy()).steps(_modes(route=Mode.OFF, protocol=Mode.OFF), None)
    assert steps.head.steps == ()
    [(judge, is_applied, _, _)] = steps.body.steps
    call = raw_call()
    assert judge(call) is None
    assert call.body == b"read"
    assert not is_applied


def test_a_step_knows_what_its_decisions_and_its_failure_do() -> None:
    policy = Policy(stances={StageName.ROUTE: Stance.OPEN})
    [step] = Phases([Judges()], policy).steps(_modes(route=Mode.WATCH), None).head.steps
    assert step[1:] == (False, True, StageName.ROUTE)


class OnlyBodies(Judges):
    name = StageName.INSPECT

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:
        return frozenset({"without_body"})


def test_who_judges_bodies_alone_is_not_asked_without_one() -> None:
    steps = Phases([Judges(), OnlyBodies()], Policy()).steps((Mode.ENFORCE,) * len(StageName), None)
    assert [step[3] for step in steps.body.steps] == [StageName.ROUTE, StageName.INSPECT]
    assert [step[3] for step in steps.bare.steps] == [StageName.ROUTE]
