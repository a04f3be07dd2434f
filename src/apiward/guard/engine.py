"""The guard's engine: a request and later its answer go in, decisions come out, stage by stage."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, cast

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
from apiward.guard.editing import apply_routine
from apiward.guard.hearing import QUICK_BYTES, Budget, Timer, heard, heard_of_answer
from apiward.guard.marking import Marks, no_marks
from apiward.guard.phases import CallStep, Phase, Phases, Steps
from apiward.guard.policy import Policy
from apiward.guard.refusing import problem
from apiward.guard.routing import RouteTable
from apiward.guard.settling import Pause, Settling
from apiward.guard.stage import Stage, StageName
from apiward.guard.standing import heard_of_head

_MADE: Final = tuple.__new__


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
        self._rng = rng
        self._protocol = next((stage for stage in stages if stage.name is StageName.PROTOCOL), None)
        self._read_head = getattr(self._protocol, "on_head", None)
        self._settling = Settling(self, wait, allowances)
        self._marks = marks
        self._by_operation: dict[str, Steps] = {}
        self._has_exceptions = bool(policy.exceptions)

    def silent_stages(self, operation: Operation | None) -> frozenset[StageName]:
        """Return the stages that never have a say about requests of an operation."""
        return self._phases.silent_stages(operation)

    async def judge_head(self, call: Call, *, may_end: bool = False) -> Decision | None:
        """Judge a request before its body is read; the decision that refuses or answers it, or None.

        With `may_end`, one that tells of no body is judged to its end: that spares a second start.
        """
        timer = self.timer
        begun_s = timer()
        call.incident = f"{int(call.started_s * 1000) << 40 | self._rng.getrandbits(40):x}"
        read_head, routes = self._read_head, self._routes
        unclear = read_head(call) if read_head is not None else None
        if routes is not None and call.path:
            call.operation, call.operation_key, call.path_arguments, _, _ = routes.match(call.method, call.path)
        steps = self._by_operation.get(call.operation_key)
        if steps is None:
            steps = self._steps_of(call)
        call.steps = steps
        refusal = None
        if unclear is not None:
            refusal = await self._settling.settle(call, unclear, None, is_applied=steps.is_protocol_applied)
        if refusal is None:
            routine: list[Edit] = []
            spoke = heard(call, steps.head, routine)
            if spoke is not None or routine:
                refusal = await self._settling.heed(call, steps.head, None, routine, spoke)
                routine = []
            if may_end and refusal is None and not call.may_have_body():
                call.is_judged = True
                spoke = heard(call, steps.bare, routine)
                if spoke is not None or routine:
                    refusal = await self._settling.heed(call, steps.bare, None, routine, spoke)
        call.own_s += timer() - begun_s
        return refusal

    def wants_body(self, call: Call) -> bool:
        """Return whether the body must be read and judged before the request goes on."""
        for wants in call.steps.wants_body:  # noqa: SIM110 - on the way of every request
            if wants(call):
                return True
        return False

    def judge_size(self, call: Call) -> Decision | None:
        """Judge a body longer than `max_body`; the decision that refuses it, or None: then it is judged in part."""
        decision = Decision("guard.body-too-large", place="body", saw=f"more than {self.max_body} bytes")
        is_applied = call.steps.is_protocol_applied
        call.rulings.append(Ruling(decision, is_applied))
        return decision if is_applied else None

    async def judge_body(self, call: Call) -> Decision | None:
        """Judge a request with its body; edits are made in `call`."""
        timer = self.timer
        begun_s = timer()
        body, refusal, budget = call.body, None, None
        steps: Phase[CallStep] = call.steps.body if body else call.steps.bare
        if len(body) > QUICK_BYTES:
            budget = Budget(self, call)
        routine: list[Edit] = []
        spoke = heard(call, steps, routine, budget)
        if spoke is not None or routine:
            refusal = await self._settling.heed(call, steps, None, routine, spoke, budget)
        call.own_s += timer() - begun_s
        return refusal

    async def judge_more(self, call: Call, piece: bytes, *, is_last: bool) -> Decision | None:
        """Judge the next piece of a body that streams by, before it goes on."""
        begun_s = self.timer()
        call.piece, call.is_last_piece = piece, is_last
        routine: list[Edit] = []
        steps = call.steps.more
        spoke = heard(call, steps, routine)
        refusal = await self._settling.heed(call, steps, None, routine, spoke) if spoke is not None or routine else None
        call.piece = b""
        call.own_s += self.timer() - begun_s
        return refusal

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Return whether the answer's body must be read before it goes to the client."""
        for wants in call.steps.wants_answer:  # noqa: SIM110 - on the way of every request
            if wants(call, answer):
                return True
        return False

    async def judge_answer(self, call: Call, answer: Answer) -> Decision | None:
        """Judge an answer (its body too where it was wanted); edits are made in `answer`."""
        timer = self.timer
        begun_s = timer()
        steps: Steps = call.steps
        routine: list[Edit] = []
        refusal, body = None, answer.body
        if body is not None:
            if answer.value is NOT_JSON and answer.head().is_json:
                answer.value = read(body)
                call.notes[RECORDS] = shown_records(answer.value, body)
            budget = Budget(self, call) if len(body) > QUICK_BYTES else None
            spoke = heard_of_answer(call, steps.answer_body, answer, routine, budget)
            if spoke is not None or routine:
                refusal = await self._settling.heed(call, steps.answer_body, answer, routine, spoke, budget)
                routine = []
        if refusal is None:
            spoke = heard_of_answer(call, steps.answer_first, answer, routine)
            if spoke is None:
                spoke = heard_of_head(call, steps, answer, routine)
            if spoke is not None:
                refusal = await self._settling.heed(call, steps.answer_head, answer, routine, spoke)
            elif routine:
                apply_routine(answer, routine)
        call.own_s += timer() - begun_s
        return refusal

    def stream_editor(self, call: Call, answer: Answer) -> StreamEditor | None:
        """Return what edits an answer that was wanted but is too long to be held, or None where it may go as it is."""
        for make in call.steps.stream_editors:
            editor: StreamEditor | None = make(call, answer)
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
        steps: Steps | None = call.steps
        if steps is not None:
            for end in steps.end:
                end(call, status)
        editor = call.notes.get("guard.editor")
        if editor is not None:
            said = cast("StreamEditor", editor).said()
            call.rulings += [Ruling(decision, is_applied=True) for decision in said]
        clock, marks = self._clock, self._marks  # methods that are no methods are looked for longer
        elapsed_s = clock() - call.started_s
        elapsed_s = max(elapsed_s, 0.0)
        self._sink.offer(
            _MADE(  # as a bare tuple: by its names, or by its class, it would cost a microsecond with every request
                Event,
                (
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
                    elapsed_s,
                    len(call.body),
                    answer_size,
                    "request",
                    "",
                    marks(call),
                ),
            )
        )

    def _steps_of(self, call: Call) -> Steps:
        key = call.operation_key
        if not key and self._has_exceptions:  # what nobody described: exceptions may speak of its path
            return self._phases.steps(self._policy.modes_for(f"{call.method} {call.path}", call.path), None)
        path = key.partition(" ")[2]
        steps = self._by_operation[key] = self._phases.steps(self._policy.modes_for(key, path), call.operation)
        return steps
