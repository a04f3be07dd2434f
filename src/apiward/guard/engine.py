"""The guard's engine: a request and later its answer go in, decisions come out, stage by stage."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeAlias

from apiward.catalogue.rules import Rule
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit, Effect, Ruling
from apiward.core.event import Event
from apiward.core.jsonvalue import NotJson
from apiward.core.ports import Clock, EventSink, StreamEditor
from apiward.guard.answers.reading import read
from apiward.guard.editing import apply_to_answer, apply_to_call
from apiward.guard.phases import AnswerStep, CallStep, Phases, Steps
from apiward.guard.policy import Policy
from apiward.guard.refusing import problem
from apiward.guard.routing import RouteTable
from apiward.guard.stage import Judgement, Stage, StageName

Timer: TypeAlias = Callable[[], float]
"""Seconds of a clock that never goes back."""
Pause: TypeAlias = Callable[[float], Coroutine[Any, Any, None]]

MAX_DELAY_S: Final = 10.0
_NO_STEPS: Final[tuple[CallStep, ...]] = ()


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What holds for the whole engine. `budget_s` is the time that the stages may take for one request."""

    max_body: int = 1_048_576
    budget_s: float = 0.05


class Engine:
    """Implements `core.ports.Gate`. `wait` holds a request back for so many seconds."""

    def __init__(
        self,
        stages: Sequence[Stage],
        *,
        policy: Policy,
        rules: Mapping[str, Rule],
        routes: RouteTable | None,
        sink: EventSink,
        clock: Clock,
        timer: Timer,
        wait: Pause,
        rng: Random,
        settings: EngineSettings = EngineSettings(),
    ) -> None:
        self.max_body = settings.max_body
        self._budget_s = settings.budget_s
        self._phases = Phases(stages, policy)
        self._policy = policy
        self._rules = rules
        self._routes = routes
        self._sink = sink
        self._clock = clock
        self._timer = timer
        self._wait = wait
        self._rng = rng
        self._protocol = next((stage for stage in stages if stage.name is StageName.PROTOCOL), None)
        self._read_head = getattr(self._protocol, "on_head", None)
        self._by_operation: dict[str, Steps] = {}
        self._has_exceptions = bool(policy.exceptions)

    async def judge_head(self, call: Call) -> Decision | None:
        """Judge a request before its body is read; the decision that refuses or answers it, or None."""
        begun_s = self._timer()
        call.incident = f"{int(call.started_s * 1000):x}{self._rng.getrandbits(40):010x}"
        unclear = self._read_head(call) if self._read_head else None
        if self._routes is not None and call.path:
            found = self._routes.match(call.method, call.path)
            call.operation, call.operation_key, call.path_arguments = found[0], found[1], found[2]
        steps = self._steps_of(call)
        call.steps = steps
        refusal = None
        if unclear is not None:
            refusal = await self._settle(call, unclear, None, is_applied=steps.is_protocol_applied)
        if refusal is None:
            refusal = await self._judge(call, steps.head, None, begun_s)
        call.own_s += self._timer() - begun_s
        return refusal

    def wants_body(self, call: Call) -> bool:
        """Return whether the body must be read and judged before the request goes on."""
        return any(wants(call) for wants in _steps(call).wants_body)

    async def judge_body(self, call: Call) -> Decision | None:
        """Judge a request with its body; edits are made in `call`."""
        begun_s = self._timer()
        refusal = await self._judge(call, _steps(call).body, None, begun_s - call.own_s)
        call.own_s += self._timer() - begun_s
        return refusal

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Return whether the answer's body must be read before it goes to the client."""
        return any(wants(call, answer) for wants in _steps(call).wants_answer)

    async def judge_answer(self, call: Call, answer: Answer) -> Decision | None:
        """Judge an answer (its body too where it was wanted); edits are made in `answer`."""
        begun_s = self._timer()
        steps = _steps(call)
        refusal = None
        if answer.body is not None:
            if b"json" in answer.media_type and isinstance(answer.value, NotJson):
                answer.value = read(answer.body)
            refusal = await self._judge(call, steps.answer_body, answer, begun_s - call.own_s)
        if refusal is None:
            refusal = await self._judge(call, steps.answer_head, answer, begun_s - call.own_s)
        call.own_s += self._timer() - begun_s
        return refusal

    def stream_editor(self, call: Call, answer: Answer) -> StreamEditor | None:
        """Return what edits an answer that was wanted but is too long to be held, or None where it may go as it is."""
        for make in _steps(call).stream_editors:
            editor = make(call, answer)
            if editor is not None:
                return editor
        return None

    def refusal(self, call: Call, decision: Decision) -> Answer:
        """Return what the caller is told (RFC 9457), or the whole answer that an edit gives."""
        edit = decision.edit
        if decision.effect is Effect.EDIT and edit is not None and edit.status is not None:
            return Answer(edit.status, list(edit.added), edit.body or b"")
        return problem(self._rules[decision.rule], decision, call.incident)

    def finish(self, call: Call, *, status: int, outcome: str, answer_size: int) -> None:
        """Say how it ended: the stages that count are told, and the event is made."""
        steps = call.steps
        if steps is not None:
            for end in _steps(call).end:
                end(call, status)
        self._sink.offer(
            Event(
                id=call.incident,
                at_s=call.started_s,
                method=call.method,
                operation=call.operation_key,
                path=call.path,
                status=status,
                outcome=outcome,
                client=call.client or call.peer,
                principal=call.principal.key,
                rulings=tuple(call.rulings),
                own_s=call.own_s,
                elapsed_s=max(self._clock() - call.started_s, 0.0),
                request_size=len(call.body),
                answer_size=answer_size,
            )
        )

    def _steps_of(self, call: Call) -> Steps:
        key = call.operation_key
        steps = self._by_operation.get(key)
        if steps is None:
            if key or not self._has_exceptions:
                path = key.partition(" ")[2]
                steps = self._by_operation[key] = self._phases.steps(self._policy.modes_for(key, path), call.operation)
            else:  # what nobody described: exceptions may speak of its path
                modes = self._policy.modes_for(f"{call.method} {call.path}", call.path)
                steps = self._phases.steps(modes, None)
        return steps

    async def _judge(
        self, call: Call, steps: Sequence[CallStep] | Sequence[AnswerStep], answer: Answer | None, begun_s: float
    ) -> Decision | None:
        """Run one phase. `begun_s` is when the work began, less what earlier phases took: for the time budget."""
        limit_s = begun_s + self._budget_s
        for judge, is_applied, is_open, name in steps:
            said: Judgement
            try:
                if self._timer() > limit_s:
                    said = _over_budget(name, is_open=is_open)
                else:
                    said = judge(call) if answer is None else judge(call, answer)  # type: ignore[call-arg]
                if said is None:
                    continue
                if said.__class__ is Decision and said.is_routine:
                    if is_applied and answer is not None and said.edit is not None:
                        apply_to_answer(answer, said.edit)
                    continue
                if not isinstance(said, Decision | tuple):
                    asked_s = self._timer()
                    said = await said
                    limit_s += self._timer() - asked_s
            except Exception as error:  # noqa: BLE001 - a mistake of ours must not decide by accident: the stance does
                said = _failed(name, error, is_open=is_open)
            if said is not None:
                refusal = await self._settle(call, said, answer, is_applied=is_applied)
                if refusal is not None:
                    return refusal
        return None

    async def _settle(
        self, call: Call, said: Decision | tuple[Decision, ...], answer: Answer | None, *, is_applied: bool
    ) -> Decision | None:
        """Record decisions and carry them out; the one that ends the request, or None."""
        for decision in said if isinstance(said, tuple) else (said,):
            call.rulings.append(Ruling(decision, is_applied))
            if not is_applied or decision.effect is Effect.NOTE:
                continue
            if decision.effect is Effect.DENY:
                return decision
            if decision.effect is Effect.DELAY:
                await self._wait(min(decision.delay_s, MAX_DELAY_S))
            elif decision.edit is not None and _is_whole(decision.edit, answer):
                return decision
            elif decision.edit is not None:
                _apply(call, answer, decision.edit)
        return None


def _steps(call: Call) -> Steps:
    steps = call.steps
    assert isinstance(steps, Steps)  # noqa: S101 - judge_head comes first
    return steps


def _is_whole(edit: Edit, answer: Answer | None) -> bool:
    """Whether an edit of a request is an answer of its own, as to a CORS preflight."""
    return answer is None and edit.status is not None


def _apply(call: Call, answer: Answer | None, edit: Edit) -> None:
    if answer is None:
        apply_to_call(call, edit)
    else:
        apply_to_answer(answer, edit)


def _failed(name: StageName, error: Exception, *, is_open: bool) -> Decision:
    effect = Effect.NOTE if is_open else Effect.DENY
    return Decision("guard.stage-failed", effect, saw=f"{name}: {type(error).__name__}")


def _over_budget(name: StageName, *, is_open: bool) -> Decision:
    effect = Effect.NOTE if is_open else Effect.DENY
    return Decision("guard.over-budget", effect, saw=f"before {name}")
