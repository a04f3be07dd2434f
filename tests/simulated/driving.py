"""Speaks simulated traffic to a guard of this process: no network, no waiting, and the simulation's own time.

    driver = Driver(home)
    gate = driver.engine(SETTINGS)                  # or any core.ports.Gate that was built with driver.outside()
    for step, event, status, body in driver.drive(gate, traffic(TrafficSettings())):
        ...

Callers are told apart by their step's principal; `Driver(home, real_tokens=True)` has their tokens verified instead
(38 µs for each new one).
"""

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from apiward.access.keys.ring import KeyRing
from apiward.app.guarding.building import Outside, build_access, build_engine
from apiward.app.guarding.cases import Case, Expected, WrittenAnswer
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.core.api import Api
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision
from apiward.core.event import Event
from apiward.core.exchange import Exchange, Request
from apiward.core.ports import Authenticator, Gate
from apiward.core.principal import ANONYMOUS, Principal
from apiward.demo.traffic.callers import AUDIENCE, ISSUER, SECRET
from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.settings import TrafficSettings
from apiward.demo.traffic.values import Step
from apiward.demo.traffic.world import World
from apiward.stores.blocks.memory import MemoryBlocks
from apiward.stores.counters.memory import MemoryCounters

SETTINGS = f"""
[guard]
upstream = "http://127.0.0.1:1"
[[guard.issuers]]
issuer = "{ISSUER}"
audience = ["{AUDIENCE}"]
secret_file = "secret"
"""


class Driven(NamedTuple):
    """One simulated request, its event, and what the caller is told."""

    step: Step
    event: Event
    status: int
    body: bytes


class Driver:
    """Holds what a gate needs of the outside world while it is driven. The clock is the time of the step."""

    def __init__(self, home: Path, *, real_tokens: bool = False) -> None:
        self.now_s = 0.0
        self._home = home
        self._real_tokens = real_tokens
        self._events: list[Event] = []
        self._principals = _StepAuthenticator()

    def clock(self) -> float:
        """The time of the step that is judged now."""
        return self.now_s

    def outside(self) -> Outside:
        """Return what an engine needs, in memory alone."""
        (self._home / "secret").write_text(SECRET)
        return Outside(
            sender=_NoSender(),
            sink=self,
            counters=MemoryCounters(200_000),
            blocks=MemoryBlocks(),
            wait=_no_wait,
            base=self._home,
            pepper=bytes(32),
            ring=KeyRing(),
            clock=self.clock,
            timer=_no_time,
            cpu_timer=_no_time,
        )

    def authenticator(self, config: GuardConfig, outside: Outside) -> Authenticator:
        """Return what tells callers apart."""
        return build_access(config, outside) if self._real_tokens else self._principals

    def engine(self, settings: str = SETTINGS, api: Api | None = None) -> Gate:
        """Return a whole engine that judges as `settings` say."""
        config, problems = parse_guard(settings)
        assert not problems, problems
        outside = self.outside()
        return build_engine(config, api, outside, self.authenticator(config, outside))

    def offer(self, event: Event) -> None:
        """Take the event of the step that is judged now (core.ports.EventSink)."""
        self._events.append(event)

    def drive(self, gate: Gate, steps: Iterable[Step]) -> Iterator[Driven]:
        """Judge each step and its answer, in order. What is refused has happened all the same: see `drive_live`."""
        passage = _Passage(gate)
        for step in steps:
            self._begin(step)
            passage.enter(step)
            yield self._driven(passage, step)

    def drive_live(self, gate: Gate, settings: TrafficSettings, world: World | None = None) -> Iterator[Driven]:
        """Simulate with the gate before the API: what it refuses does not happen, and its sender is told so."""
        passage = _Passage(gate)

        def refuses(step: Step) -> int:
            self._begin(step)
            return passage.enter(step)

        for step in traffic(settings, world, refuses):
            yield self._driven(passage, step)

    def _begin(self, step: Step) -> None:
        self.now_s = step.at_s
        self._principals.principal = step.principal

    def _driven(self, passage: "_Passage", step: Step) -> Driven:
        status, body = passage.leave(step)
        return Driven(step, self._events.pop(), status, body)


def case_of(step: Step, number: int) -> Case:
    """Return the step as a written-down request, for the dry guard and for replay."""
    return Case(
        number,
        step.method,
        step.target,
        list(step.headers),
        step.body,
        client=step.address,
        expected=Expected.ALLOW if step.truth.is_rightful else Expected.BLOCK,
        started_s=step.at_s,
        answer=WrittenAnswer(step.status, list(step.answer_headers), step.answer),
    )


class _Passage:
    """Takes one request after the other through a gate, as the middleware does."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._call: Call | None = None
        self._refusal: Decision | None = None

    def enter(self, step: Step) -> int:
        """Judge the request; return the status of the refusal, or 0."""
        path, _, query = step.target.encode().partition(b"?")
        call = Call(step.method, path, query, list(step.headers), step.address, started_s=step.at_s)
        said = _now(self._gate.judge_head(call))
        if said is None:
            call.body = step.body
            said = _now(self._gate.judge_body(call))
        self._call, self._refusal = call, said
        return self._gate.refusal(call, said).status if said is not None else 0

    def leave(self, step: Step) -> tuple[int, bytes]:
        """Judge the answer of what was let in; return what the caller is told."""
        gate, call, said = self._gate, self._call, self._refusal
        assert call is not None
        answer = Answer(step.status, list(step.answer_headers), step.answer)
        if said is None:
            if not gate.wants_answer(call, answer):
                answer.body = None
            said = _now(gate.judge_answer(call, answer))
        if said is not None:
            answer = gate.refusal(call, said)
        body = step.answer if answer.body is None else answer.body
        gate.finish(call, status=answer.status, outcome="refused" if said else "passed", answer_size=len(body))
        return answer.status, body


def _now(work: Any) -> Decision | None:  # noqa: ANN401 - a coroutine that never waits
    steps: Generator[object, None, Decision | None] = work.__await__()
    try:
        next(steps)
    except StopIteration as end:
        said: Decision | None = end.value
        return said
    raise AssertionError("it waited for something")


class _StepAuthenticator:
    """Knows the caller from the step. Implements core.ports.Authenticator."""

    def __init__(self) -> None:
        self.principal: Principal = ANONYMOUS

    @property
    def reads_bodies(self) -> bool:
        return False

    def authenticate(self, call: Call) -> Principal:
        return self.principal

    def may_learn(self, call: Call, answer: Answer) -> bool:
        return False

    def wants_body(self, call: Call) -> bool:
        return False

    def check_body(self, call: Call) -> Decision | None:
        return None

    def wants_answer(self, call: Call) -> bool:
        return False

    def learn(self, call: Call, answer: Answer) -> None:
        """Nothing is learned."""

    def end_others(self, call: Call) -> None:
        """Forget nothing: nobody changes a password here."""


class _NoSender:
    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        raise AssertionError(f"nothing is sent from here: {request.url}")


async def _no_wait(seconds: float) -> None:
    """Hold nothing back."""


def _no_time() -> float:
    return 0.0
