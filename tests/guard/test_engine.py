import asyncio
import json
from collections.abc import Awaitable, Callable
from random import Random

import pytest

from apiward.catalogue.rules import Rule
from apiward.core.api import Api, Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit, Effect, Mode
from apiward.core.event import Event
from apiward.guard.allowing import Allowance, Allowances
from apiward.guard.engine import Engine, EngineSettings
from apiward.guard.marking import Marking, Marks, no_marks
from apiward.guard.policy import ModeException, Policy
from apiward.guard.routing import RouteTable
from apiward.guard.stage import Judgement, Stage, StageName, Stance
from tests.guard.calls import answer, raw_call

RULES = {
    name: Rule(name, status, "No.", "Look at {place}.", "Somebody was refused.")
    for name, status in {
        "permit.no": 403, "shape.no": 422, "guard.stage-failed": 503, "guard.over-budget": 503,
        "guard.body-too-large": 413, "harden.ready": 0
    }.items()
}  # fmt: skip
API = Api("shop", "1", (Operation("GET", "/a"), Operation("POST", "/b")))
DENIED = Decision("permit.no", place="path", saw="no role")


class Sink:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def offer(self, event: Event) -> None:
        """Keep the event."""
        self.events.append(event)


class Time:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    async def wait(self, pause_s: float) -> None:
        """Note how long somebody wanted to wait."""
        self.waits.append(pause_s)


class Protocol:
    """Gives path and headers, as the real stage does."""

    name = StageName.PROTOCOL

    def __init__(self, said: Decision | None = None) -> None:
        self.said = said

    def on_head(self, call: Call) -> Decision | None:
        """Fill in the path."""
        call.path = call.target_path.decode()
        call.header = dict(call.headers)
        return self.said


class Says:
    """Says the same in one phase."""

    def __init__(self, name: StageName, head: Judgement = None, body: Judgement = None, out: Judgement = None) -> None:
        self.name = name
        self.seen: list[str] = []
        self._said = {"head": head, "body": body, "out": out}

    def on_head(self, call: Call) -> Judgement:
        """Say it."""
        self.seen.append(call.path)
        return self._said["head"]

    def on_body(self, call: Call) -> Judgement:
        """Say it."""
        return self._said["body"]

    def on_answer_head(self, call: Call, answer: Answer) -> Judgement:
        """Say it."""
        return self._said["out"]


class Broken:
    """Fails in every request."""

    name = StageName.PERMIT

    def on_head(self, call: Call) -> Judgement:
        """Fail."""
        raise KeyError("a value of the caller")


def _engine(
    *stages: Stage,
    policy: Policy | None = None,
    time: Time | None = None,
    cpu: Time | None = None,
    sink: Sink | None = None,
    allowed: tuple[Allowance, ...] = (),
    marks: Callable[[Call], Marks] = no_marks,
) -> Engine:
    time = time or Time()
    return Engine(
        stages if any(stage.name is StageName.PROTOCOL for stage in stages) else (Protocol(), *stages),
        policy=policy or Policy(),
        rules=RULES,
        routes=RouteTable(API),
        sink=sink or Sink(),
        clock=time,
        timer=time,
        cpu_timer=cpu or time,
        wait=time.wait,
        rng=Random(1),
        settings=EngineSettings(budget_s=0.05),
        allowances=Allowances(allowed, time),
        marks=marks,
    )


def _head(engine: Engine, call: Call) -> Decision | None:
    return asyncio.run(engine.judge_head(call))


def test_a_denial_refuses_and_ends_the_judging() -> None:
    later = Says(StageName.SHAPE)
    engine = _engine(Says(StageName.PERMIT, head=DENIED), later)
    assert _head(engine, raw_call(target_path=b"/a")) is DENIED
    assert later.seen == []


def test_watch_makes_the_same_decision_and_lets_pass() -> None:
    later, call = Says(StageName.SHAPE), raw_call(target_path=b"/a")
    engine = _engine(Says(StageName.PERMIT, head=DENIED), later, policy=Policy(Mode.WATCH))
    assert _head(engine, call) is None
    assert [(one.decision, one.is_applied) for one in call.rulings] == [(DENIED, False)]
    assert later.seen == ["/a"]


def test_what_is_off_is_not_asked() -> None:
    stage, call = Says(StageName.PERMIT, head=DENIED), raw_call(target_path=b"/a")
    assert _head(_engine(stage, policy=Policy(modes={StageName.PERMIT: Mode.OFF})), call) is None
    assert (stage.seen, call.rulings) == ([], [])


def test_protocol_reads_even_where_it_is_off_but_decides_nothing() -> None:
    call = raw_call(target_path=b"/a")
    engine = _engine(Protocol(Decision("permit.no")), policy=Policy(modes={StageName.PROTOCOL: Mode.OFF}))
    assert _head(engine, call) is None
    assert (call.path, call.operation_key) == ("/a", "GET /a")


def test_protocol_refuses_before_any_other() -> None:
    later, refusal = Says(StageName.PERMIT), Decision("permit.no")
    assert _head(_engine(Protocol(refusal), later), raw_call(target_path=b"/a")) is refusal
    assert later.seen == []


def test_an_operation_has_its_own_modes() -> None:
    policy = Policy(exceptions=(ModeException(operation="GET /a", mode="watch"),))
    engine = _engine(Says(StageName.PERMIT, head=DENIED), policy=policy)
    assert _head(engine, raw_call(target_path=b"/a")) is None
    assert _head(engine, raw_call("POST", b"/b")) is DENIED
    assert _head(engine, raw_call(target_path=b"/else")) is DENIED


def test_a_path_that_nobody_described_has_its_own_modes_too() -> None:
    policy = Policy(exceptions=(ModeException(path="/old/**", mode="off"),))
    engine = _engine(Says(StageName.PERMIT, head=DENIED), policy=policy)
    assert _head(engine, raw_call(target_path=b"/old/x")) is None
    assert _head(engine, raw_call(target_path=b"/new/x")) is DENIED


def test_a_mistake_of_ours_is_decided_by_the_stance() -> None:
    call = raw_call(target_path=b"/a")
    refusal = _head(_engine(Broken()), call)
    assert refusal is not None
    assert refusal.rule == "guard.stage-failed"
    assert "a value of the caller" not in refusal.saw
    opened = Policy(stances={StageName.PERMIT: Stance.OPEN})
    assert _head(_engine(Broken(), policy=opened), call) is None
    assert call.rulings[-1].decision.effect is Effect.NOTE


class Takes:
    """Takes a time to read a body: on the clock, and of the processor."""

    name = StageName.ORIGIN

    def __init__(self, time: Time, cpu: Time, *, used_s: float) -> None:
        self._clocks = (time, cpu)
        self._used_s = used_s

    def on_body(self, call: Call) -> None:
        """Let the clocks go on."""
        for clock, moved_s in zip(self._clocks, (0.06, self._used_s), strict=True):
            clock.now_s += moved_s


def _body(engine: Engine, call: Call) -> Decision | None:
    async def judged() -> Decision | None:
        return await engine.judge_head(call) or await engine.judge_body(call)

    return asyncio.run(judged())


@pytest.mark.parametrize(("name", "is_refused"), [(StageName.QUOTA, False), (StageName.SHAPE, True)])
def test_after_the_time_budget_the_stances_decide(name: StageName, *, is_refused: bool) -> None:
    time, cpu = Time(), Time()
    later, call = Says(name, body=DENIED), raw_call("POST", b"/b", body=b"x" * 4_096)
    refusal = _body(_engine(Takes(time, cpu, used_s=0.06), later, time=time, cpu=cpu), call)
    assert [one.decision.rule for one in call.rulings] == ["guard.over-budget"]
    assert (refusal is not None) is is_refused


def test_a_body_that_is_too_large_is_refused_where_protocol_is_enforced() -> None:
    for mode, is_refused in ((Mode.ENFORCE, True), (Mode.WATCH, False)):
        engine, call = _engine(policy=Policy(mode)), raw_call("POST", b"/b")
        _head(engine, call)
        assert (engine.judge_size(call) is not None) is is_refused
        assert [(one.decision.rule, one.is_applied) for one in call.rulings] == [("guard.body-too-large", is_refused)]


def test_time_in_which_the_system_ran_something_else_does_not_count() -> None:
    time, cpu = Time(), Time()
    later, call = Says(StageName.SHAPE, body=DENIED), raw_call("POST", b"/b", body=b"x" * 4_096)
    assert _body(_engine(Takes(time, cpu, used_s=0.01), later, time=time, cpu=cpu), call) is DENIED


def test_time_that_another_service_takes_is_not_ours() -> None:
    time = Time()

    async def asked() -> Decision | None:
        time.now_s += 5
        return None

    class Asks:
        name = StageName.AUTHENTICATE

        def on_body(self, call: Call) -> Awaitable[Decision | None]:
            return asked()

    call = raw_call("POST", b"/b", body=b"x" * 4_096)
    assert _body(_engine(Asks(), Says(StageName.PERMIT, body=DENIED), time=time, cpu=time), call) is DENIED


def test_an_edit_changes_the_request_only_where_it_is_enforced() -> None:
    edit = Edit(body=b"{}", value={}, removed=frozenset({b"x-user"}), added=((b"x-a", b"1"),))
    stage = Says(StageName.SHAPE, body=Decision("shape.no", Effect.EDIT, edit=edit))
    for mode, body in ((Mode.ENFORCE, b"{}"), (Mode.WATCH, b'{"a":1}')):
        call = raw_call("POST", b"/b", headers=((b"host", b"s"), (b"x-user", b"eve")), body=b'{"a":1}')
        engine = _engine(stage, policy=Policy(mode))
        assert _head(engine, call) is None
        assert asyncio.run(engine.judge_body(call)) is None
        assert call.body == body
        assert ((b"x-user", b"eve") in call.headers) is (mode is Mode.WATCH)
        assert ((b"content-length", b"2") in call.headers) is (mode is Mode.ENFORCE)


def test_an_edit_of_headers_leaves_the_framing_of_the_body_alone() -> None:
    edit = Edit(removed=frozenset({b"x-forwarded-for"}))
    stage = Says(StageName.ORIGIN, head=Decision("shape.no", Effect.EDIT, edit=edit))
    headers = ((b"host", b"s"), (b"x-forwarded-for", b"x"), (b"transfer-encoding", b"chunked"))
    call = raw_call("POST", b"/b", headers=headers)
    assert _head(_engine(stage), call) is None
    assert call.header == {b"host": b"s", b"transfer-encoding": b"chunked"}
    assert call.headers == [(b"host", b"s"), (b"transfer-encoding", b"chunked")]


def test_what_is_done_to_every_answer_is_done_without_a_word() -> None:
    routine = Edit(added=((b"x-a", b"1"),))
    for mode, headers in ((Mode.ENFORCE, [(b"x-a", b"1")]), (Mode.WATCH, [])):
        engine, call = _engine(Says(StageName.HARDEN, out=routine), policy=Policy(mode)), raw_call(target_path=b"/a")
        _head(engine, call)
        given = answer()
        assert asyncio.run(engine.judge_answer(call, given)) is None
        assert (given.headers, call.rulings) == (headers, [])


def test_an_edit_with_a_status_answers_a_request() -> None:
    ready = Decision("harden.ready", Effect.EDIT, edit=Edit(status=204, added=((b"x-a", b"1"),)))
    engine, call = _engine(Says(StageName.HARDEN, head=ready)), raw_call("OPTIONS", b"/a")
    assert _head(engine, call) is ready
    assert engine.refusal(call, ready) == Answer(204, [(b"x-a", b"1")], b"")


def test_an_answer_is_edited_and_refused() -> None:
    gone = Decision("permit.no", Effect.EDIT, edit=Edit(removed=frozenset({b"server"})))
    engine, call = _engine(Says(StageName.HARDEN, out=gone)), raw_call(target_path=b"/a")
    _head(engine, call)
    given = answer(headers={"Server": "x/1", "X-A": "1"})
    assert asyncio.run(engine.judge_answer(call, given)) is None
    assert given.headers == [(b"x-a", b"1")]
    engine = _engine(Says(StageName.CONCEAL, out=DENIED))
    _head(engine, call)
    assert asyncio.run(engine.judge_answer(call, answer())) is DENIED


def test_a_delay_holds_the_request_but_not_for_long() -> None:
    time = Time()
    held = tuple(Decision("permit.no", Effect.DELAY, delay_s=pause_s) for pause_s in (1.5, 500.0))
    assert _head(_engine(Says(StageName.CONDUCT, head=held), time=time), raw_call(target_path=b"/a")) is None
    assert time.waits == [1.5, 10.0]


def test_a_refusal_is_a_problem_document_with_no_more_than_the_caller_may_know() -> None:
    engine, call = _engine(Says(StageName.PERMIT, head=DENIED)), raw_call(target_path=b"/a")
    _head(engine, call)
    told = engine.refusal(call, Decision("permit.no", place="path", saw="secret fact", retry_after_s=0))
    assert told.status == 403
    assert told.header(b"content-type") == b"application/problem+json"
    assert told.header(b"retry-after") == b"1"
    assert json.loads(told.body or b"") == {
        "type": "urn:apiward:permit.no",
        "title": "No.",
        "status": 403,
        "detail": "Look at path.",
        "field": "path",
        "incident": call.incident,
    }


def test_every_request_makes_one_event() -> None:
    sink = Sink()
    engine, call = _engine(Says(StageName.PERMIT, head=DENIED), sink=sink), raw_call(target_path=b"/a")
    _head(engine, call)
    engine.finish(call, status=403, outcome="refused", answer_size=9)
    [event] = sink.events
    assert (event.id, event.operation, event.status, event.outcome) == (call.incident, "GET /a", 403, "refused")
    assert [one.decision.rule for one in event.rulings] == ["permit.no"]
    again = raw_call(target_path=b"/a")
    _head(engine, again)
    assert again.incident != call.incident


class Shouts:
    """Edits what streams, and tells of it afterwards."""

    name = StageName.MINIMISE

    def stream_editor(self, call: Call, answer: Answer) -> "Shouts":
        """Edit every answer."""
        return self

    def feed(self, chunk: bytes) -> bytes:
        """Change a piece."""
        return chunk.upper()

    def end(self) -> bytes:
        """Leave nothing for the end."""
        return b""

    def said(self) -> tuple[Decision, ...]:
        """Tell what was done."""
        return (Decision("shape.no", Effect.NOTE),)


def test_what_is_done_to_an_answer_that_streams_is_in_the_event() -> None:
    for mode, rules in ((Mode.ENFORCE, ["shape.no"]), (Mode.WATCH, [])):
        sink = Sink()
        engine, call = _engine(Shouts(), sink=sink, policy=Policy(mode)), raw_call(target_path=b"/a")
        _head(engine, call)
        editor = engine.stream_editor(call, answer(body=None))
        assert (editor is not None) is (mode is Mode.ENFORCE)
        engine.finish(call, status=200, outcome="passed", answer_size=1)
        assert [one.decision.rule for one in sink.events[0].rulings] == rules


def test_an_excluded_refusal_is_noted_and_the_others_judge_on() -> None:
    refusal = Decision("shape.no", place="body", saw="too much")
    allowed = Allowance(id="x", operation="GET /a", rule="shape.no", place="body", expires="1970-01-02")
    later, call, time = Says(StageName.INSPECT), raw_call(target_path=b"/a"), Time()
    engine = _engine(Says(StageName.SHAPE, head=refusal), later, time=time, allowed=(allowed,))
    assert _head(engine, call) is None
    assert later.seen == ["/a"]
    [ruling] = call.rulings
    assert (ruling.decision.effect, ruling.decision.saw) == (Effect.NOTE, "allowed as x: too much")
    assert _head(engine, raw_call("POST", target_path=b"/b")) is refusal, "of that operation alone"
    time.now_s = 86_400.0
    assert _head(engine, raw_call(target_path=b"/a")) is refusal, "until it ends"


def test_where_a_stage_only_watches_an_excluded_refusal_is_a_note_too() -> None:
    allowed = Allowance(id="x", operation="GET /a", rule="shape.no", expires="1970-01-02")
    call = raw_call(target_path=b"/a")
    stage = Says(StageName.SHAPE, head=(Decision("shape.other", Effect.NOTE), Decision("shape.no")))
    _head(_engine(stage, policy=Policy(Mode.WATCH), allowed=(allowed,)), call)
    assert [one.decision.effect for one in call.rulings] == [Effect.NOTE, Effect.NOTE]


def test_stages_without_a_say_are_told() -> None:
    class Silent(Says):
        def silent_phases(self, operation: Operation | None) -> frozenset[str]:
            """Say nothing where nothing is described."""
            return frozenset() if operation else frozenset({"on_head", "on_body", "on_answer_head"})

    engine = _engine(Silent(StageName.SHAPE), Says(StageName.INSPECT))
    assert engine.silent_stages(None) == {StageName.SHAPE}
    assert engine.silent_stages(API.operations[0]) == frozenset()


def test_an_event_has_the_marks_that_watch_needs() -> None:
    sink = Sink()
    call = raw_call(target_path=b"/a", headers=((b"host", b"a.example"), (b"user-agent", b"curl/8.5")))
    engine = _engine(sink=sink)
    _head(engine, call)
    engine.finish(call, status=200, outcome="passed", answer_size=0)
    marked = _engine(sink=sink, marks=Marking(b"key", b"fleeting").marks)
    _head(marked, call)
    marked.finish(call, status=200, outcome="passed", answer_size=0)
    assert [event.marks for event in sink.events] == [(), (("agent", "curl"),)]
