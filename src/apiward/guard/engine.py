"""The guard's engine: a request and later its answer go in, decisions come out, stage by stage."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeAlias, cast

from apiward.catalogue.rules import Rule
from apiward.core.api import Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit, Effect, Ruling
from apiward.core.event import Event
from apiward.core.jsonvalue import NOT_JSON
from apiward.core.ports import Clock, EventSink, StreamEditor
from apiward.guard.allowing import NO_ALLOWANCES, Allowances
from apiward.guard.answers.counting import RECORDS, shown_records
from apiward.guard.answers.reading import read
from apiward.guard.editing import apply_routine, apply_to_answer, apply_to_call
from apiward.guard.marking import Marks, no_marks
from apiward.guard.phases import AnswerStep, CallStep, Phases, Steps
from apiward.guard.policy import Policy
from apiward.guard.refusing import problem
from apiward.guard.routing import RouteTable
from apiward.guard.stage import Judgement, Stage, StageName

Timer: TypeAlias = Callable[[], float]
"""Seconds of a clock that never goes back."""
Pause: TypeAlias = Callable[[float], Coroutine[Any, Any, None]]

MAX_DELAY_S: Final = 10.0
_QUICK_BYTES: Final = 2_048
"""A body that is no longer than this cannot take much time, and is not timed."""
_AT_ONCE: Final = frozenset({Decision, tuple, Edit})


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What holds for the whole engine. `budget_s` is the time that the stages may take for one request."""

    max_body: int = 1_048_576
    budget_s: float = 0.05


class Engine:
    """Implements `core.ports.Gate`.

    `wait` holds a request back for so many seconds; `cpu_timer` says how long this thread has run.
    """

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
        cpu_timer: Timer,
        wait: Pause,
        rng: Random,
        settings: EngineSettings = EngineSettings(),
        allowances: Allowances = NO_ALLOWANCES,
        marks: Callable[[Call], Marks] = no_marks,
    ) -> None:
        self.max_body = settings.max_body
        self.budget_s = settings.budget_s
        self._phases = Phases(stages, policy)
        self._policy = policy
        self._rules = rules
        self._routes = routes
        self._sink = sink
        self._clock = clock
        self.timer = timer
        self.cpu_timer = cpu_timer
        self._wait = wait
        self._rng = rng
        self._protocol = next((stage for stage in stages if stage.name is StageName.PROTOCOL), None)
        self._read_head = getattr(self._protocol, "on_head", None)
        self._allowances = allowances if allowances.is_any else None
        self._marks = marks
        self._by_operation: dict[str, Steps] = {}
        self._has_exceptions = bool(policy.exceptions)

    def silent_stages(self, operation: Operation | None) -> frozenset[StageName]:
        """Return the stages that never have a say about requests of an operation."""
        return self._phases.silent_stages(operation)

    async def judge_head(self, call: Call) -> Decision | None:
        """Judge a request before its body is read; the decision that refuses or answers it, or None."""
        begun_s = self.timer()
        call.incident = f"{int(call.started_s * 1000):x}{self._rng.getrandbits(40):010x}"
        unclear = self._read_head(call) if self._read_head else None
        if self._routes is not None and call.path:
            call.operation, call.operation_key, call.path_arguments, _, _ = self._routes.match(call.method, call.path)
        steps = self._by_operation.get(call.operation_key)
        if steps is None:
            steps = self._steps_of(call)
        call.steps = steps
        refusal = None
        if unclear is not None:
            refusal = await self._settle(call, unclear, None, is_applied=steps.is_protocol_applied)
        if refusal is None:
            routine: list[Edit] = []
            spoke = _heard(call, steps.head, routine)
            if spoke is not None or routine:
                refusal = await self._heed(call, steps.head, None, routine, spoke)
        call.own_s += self.timer() - begun_s
        return refusal

    def wants_body(self, call: Call) -> bool:
        """Return whether the body must be read and judged before the request goes on."""
        for wants in _steps(call).wants_body:  # noqa: SIM110 - on the way of every request
            if wants(call):
                return True
        return False

    def judge_size(self, call: Call) -> Decision | None:
        """Judge a body longer than `max_body`; the decision that refuses it, or None: then it is judged in part."""
        decision = Decision("guard.body-too-large", place="body", saw=f"more than {self.max_body} bytes")
        is_applied = _steps(call).is_protocol_applied
        call.rulings.append(Ruling(decision, is_applied))
        return decision if is_applied else None

    async def judge_body(self, call: Call) -> Decision | None:
        """Judge a request with its body; edits are made in `call`."""
        begun_s = self.timer()
        all_steps, refusal = _steps(call), None
        steps = all_steps.body if call.body else all_steps.bare
        budget = _Budget(self, call) if len(call.body) > _QUICK_BYTES else None
        routine: list[Edit] = []
        spoke = _heard(call, steps, routine, budget)
        if spoke is not None or routine:
            refusal = await self._heed(call, steps, None, routine, spoke, budget)
        call.own_s += self.timer() - begun_s
        return refusal

    async def judge_more(self, call: Call, piece: bytes, *, is_last: bool) -> Decision | None:
        """Judge the next piece of a body that streams by, before it goes on."""
        begun_s = self.timer()
        call.piece, call.is_last_piece = piece, is_last
        steps, routine = _steps(call).more, list[Edit]()
        spoke = _heard(call, steps, routine)
        refusal = await self._heed(call, steps, None, routine, spoke) if spoke is not None or routine else None
        call.piece = b""
        call.own_s += self.timer() - begun_s
        return refusal

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Return whether the answer's body must be read before it goes to the client."""
        for wants in _steps(call).wants_answer:  # noqa: SIM110 - on the way of every request
            if wants(call, answer):
                return True
        return False

    async def judge_answer(self, call: Call, answer: Answer) -> Decision | None:
        """Judge an answer (its body too where it was wanted); edits are made in `answer`."""
        begun_s = self.timer()
        steps = _steps(call)
        refusal, routine = None, list[Edit]()
        if answer.body is not None:
            if answer.value is NOT_JSON and b"json" in answer.media_type:
                answer.value = read(answer.body)
                call.notes[RECORDS] = shown_records(answer.value, answer.body)
            budget = _Budget(self, call) if len(answer.body) > _QUICK_BYTES else None
            spoke = _heard_of_answer(call, steps.answer_body, answer, routine, budget)
            if spoke is not None or routine:
                refusal = await self._heed(call, steps.answer_body, answer, routine, spoke, budget)
                routine = []
        if refusal is None:
            spoke = _heard_of_answer(call, steps.answer_head, answer, routine)
            if spoke is not None:
                refusal = await self._heed(call, steps.answer_head, answer, routine, spoke)
            elif routine:
                apply_routine(answer, routine)
        call.own_s += self.timer() - begun_s
        return refusal

    def stream_editor(self, call: Call, answer: Answer) -> StreamEditor | None:
        """Return what edits an answer that was wanted but is too long to be held, or None where it may go as it is."""
        for make in _steps(call).stream_editors:
            editor = make(call, answer)
            if editor is not None:
                call.notes["guard.editor"] = editor
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
        editor = call.notes.get("guard.editor")
        if editor is not None:
            call.rulings += [Ruling(decision, True) for decision in cast("StreamEditor", editor).said()]  # noqa: FBT003
        self._sink.offer(
            Event(  # in the order of its fields: names would cost a microsecond on the way of every request
                call.incident,
                call.started_s,
                call.method,
                call.operation_key,
                call.path,
                status,
                outcome,
                call.client or call.peer,
                call.principal.key,
                tuple(call.rulings),
                call.own_s,
                max(self._clock() - call.started_s, 0.0),
                len(call.body),
                answer_size,
                "request",
                "",
                self._marks(call),
            )
        )

    def _steps_of(self, call: Call) -> Steps:
        key = call.operation_key
        if not key and self._has_exceptions:  # what nobody described: exceptions may speak of its path
            return self._phases.steps(self._policy.modes_for(f"{call.method} {call.path}", call.path), None)
        path = key.partition(" ")[2]
        steps = self._by_operation[key] = self._phases.steps(self._policy.modes_for(key, path), call.operation)
        return steps

    async def _heed(
        self,
        call: Call,
        steps: Sequence[CallStep] | Sequence[AnswerStep],
        answer: Answer | None,
        routine: list[Edit],
        spoke: "_Spoke | None",
        budget: "_Budget | None" = None,
    ) -> Decision | None:
        """Carry out what a step said, and run the steps that are left; the decision that ends the request, or None."""
        while spoke is not None:
            (step, said), refusal = spoke, None
            if said.__class__ not in _AT_ONCE:
                try:
                    said = await cast("Awaitable[Decision | None]", said)
                except Exception as error:  # noqa: BLE001 - as above
                    said = _failed(step[3], error, is_open=step[2])
                budget = _Budget(self, call) if budget is not None else None
            if said is not None:
                refusal = await self._settle(call, said, answer, is_applied=step[1])
            if refusal is not None:
                return refusal
            steps = steps[steps.index(step) + 1 :]
            spoke = _heard_on(call, steps, answer, routine, budget)
        if routine:
            _apply_routine(call, answer, routine)
        return None

    async def _settle(self, call: Call, said: Judgement, answer: Answer | None, *, is_applied: bool) -> Decision | None:
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


_Spoke: TypeAlias = tuple[CallStep | AnswerStep, Judgement]
"""A step, and what it said."""


class _Budget:
    """What is left of the time for one request. Time in which the system ran something else does not count."""

    __slots__ = ("_begun_cpu_s", "_engine", "_left_s", "_limit_s")

    def __init__(self, engine: Engine, call: Call) -> None:
        self._engine = engine
        self._left_s = engine.budget_s - call.own_s
        self._limit_s = engine.timer() + self._left_s
        self._begun_cpu_s = engine.cpu_timer()

    def is_over(self) -> bool:
        """Whether the time is used up."""
        if self._engine.timer() <= self._limit_s:
            return False
        return self._engine.cpu_timer() - self._begun_cpu_s > self._left_s


def _heard(call: Call, steps: Sequence[CallStep], routine: list[Edit], budget: _Budget | None = None) -> _Spoke | None:
    """Run the steps of a phase until one says more than a routine edit. Where none does, nothing is awaited.

    Only phases that read long bodies have a budget: the work of the others is bounded by what they get.
    """
    if budget is not None:
        return _heard_within(budget, call, steps, None, routine)
    step: CallStep | None = None
    try:
        for step in steps:
            said = step[0](call)
            if said is not None and not _is_kept(said, step, routine):
                return step, said
    except Exception as error:  # noqa: BLE001 - a mistake of ours must not decide by accident: the stance does
        return (step, _failed(step[3], error, is_open=step[2])) if step is not None else None
    return None


def _heard_of_answer(
    call: Call, steps: Sequence[AnswerStep], answer: Answer, routine: list[Edit], budget: _Budget | None = None
) -> _Spoke | None:
    """Run the steps of a phase of an answer, as `_heard` does. Most answers get some routine edits."""
    if budget is not None:
        return _heard_within(budget, call, steps, answer, routine)
    step: AnswerStep | None = None
    try:
        for step in steps:
            said = step[0](call, answer)
            if said is None:
                continue
            if said.__class__ is not Edit:
                return step, said
            if step[1]:
                routine.append(said)
    except Exception as error:  # noqa: BLE001 - as above
        return (step, _failed(step[3], error, is_open=step[2])) if step is not None else None
    return None


def _heard_on(
    call: Call,
    steps: Sequence[CallStep] | Sequence[AnswerStep],
    answer: Answer | None,
    routine: list[Edit],
    budget: _Budget | None,
) -> _Spoke | None:
    """Run the steps of a phase that are left."""
    if answer is None:
        return _heard(call, cast("Sequence[CallStep]", steps), routine, budget)
    return _heard_of_answer(call, cast("Sequence[AnswerStep]", steps), answer, routine, budget)


def _heard_within(
    budget: _Budget,
    call: Call,
    steps: Sequence[CallStep] | Sequence[AnswerStep],
    answer: Answer | None,
    routine: list[Edit],
) -> _Spoke | None:
    """Run the steps of a phase as long as there is time."""
    for step in steps:
        if budget.is_over():
            return step, _over_budget(step[3], is_open=step[2])
        try:
            said: Judgement = step[0](call) if answer is None else step[0](call, answer)  # type: ignore[call-arg]
        except Exception as error:  # noqa: BLE001 - as above
            said = _failed(step[3], error, is_open=step[2])
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


def _steps(call: Call) -> Steps:
    steps: Steps = call.steps  # type: ignore[assignment]  # judge_head comes first, and a cast costs a call
    return steps


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


def _failed(name: StageName, error: Exception, *, is_open: bool) -> Decision:
    effect = Effect.NOTE if is_open else Effect.DENY
    return Decision("guard.stage-failed", effect, saw=f"{name}: {type(error).__name__}")


def _over_budget(name: StageName, *, is_open: bool) -> Decision:
    effect = Effect.NOTE if is_open else Effect.DENY
    return Decision("guard.over-budget", effect, saw=f"before {name}")
