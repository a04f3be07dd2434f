"""The stages joined to what runs: for each set of modes, the calls of each phase in their order."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Final, Generic, TypeAlias, TypeVar

from apiward.core.api import Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Mode
from apiward.core.ports import StreamEditor
from apiward.guard.policy import Policy
from apiward.guard.stage import Judgement, Stage, StageName, Stance

OnCall: TypeAlias = Callable[[Call], Judgement]
OnAnswer: TypeAlias = Callable[[Call, Answer], Judgement]
CallStep: TypeAlias = tuple[OnCall, bool, bool, StageName]
"""(judge, whether its decisions are applied, whether its failure lets pass, the stage)"""
AnswerStep: TypeAlias = tuple[OnAnswer, bool, bool, StageName]
Step = TypeVar("Step", bound="CallStep | AnswerStep")

_ORDER: Final = tuple(StageName)
_PHASES: Final = ("on_head", "on_body", "on_more", "on_answer_head", "on_answer_body", "stream_editor")
_NONE: Final[frozenset[str]] = frozenset()
WITHOUT_BODY: Final = "without_body"
"""Among silent phases: that on_body never has a say about requests without a body."""


class Phase(Generic[Step]):
    """The steps of one phase. `judges` is what is called of each: the way of most requests needs nothing else."""

    __slots__ = ("judges", "steps")

    def __init__(self, steps: Iterable[Step] = ()) -> None:
        self.steps = tuple(steps)
        self.judges: tuple[Callable[..., Judgement], ...] = tuple([step[0] for step in self.steps])

    def of(self, judge: Callable[..., Judgement]) -> Step:
        """Return the step that calls it."""
        return self.steps[self.judges.index(judge)]

    def behind(self, step: Step) -> "Phase[Step]":
        """Return the steps that come after one."""
        return Phase(self.steps[self.steps.index(step) + 1 :])


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """What runs for one set of modes, phase by phase.

    `answer_head` is `answer_first`, then `answer_last`: those of which each says by `repeats_head` whether it would say
    the same of each answer with such a head. `standing` is what they said so far (see `guard.standing`).
    """

    head: Phase[CallStep]
    body: Phase[CallStep]
    more: Phase[CallStep]
    answer_head: Phase[AnswerStep]
    answer_body: Phase[AnswerStep]
    end: tuple[Callable[[Call, int], None], ...]
    wants_body: tuple[Callable[[Call], bool], ...]
    wants_answer: tuple[Callable[[Call, Answer], bool], ...]
    stream_editors: tuple[Callable[[Call, Answer], StreamEditor | None], ...]
    is_protocol_applied: bool
    answer_first: Phase[AnswerStep]
    answer_last: Phase[AnswerStep]
    repeats_head: tuple[Callable[[Answer], bool], ...]
    bare: Phase[CallStep]
    """Those of `body` that have something to say where there is none."""
    standing: dict[Hashable, Any] = field(default_factory=dict)


class Phases:
    """Compiles the steps once for each set of modes and for what the stages have to say of an operation."""

    def __init__(self, stages: Sequence[Stage], policy: Policy) -> None:
        self._stages = {stage.name: stage for stage in stages}
        self._policy = policy
        self._known: dict[tuple[object, ...], Steps] = {}

    def steps(self, modes: tuple[Mode, ...], operation: Operation | None) -> Steps:
        """Return the steps for the modes of all stages, in the order of the stages, for requests of an operation."""
        silent = tuple(_silent(stage, operation) for stage in self._stages.values())
        steps = self._known.get((modes, silent))
        if steps is None:
            steps = self._known[modes, silent] = self._compiled(modes, dict(zip(self._stages, silent, strict=True)))
        return steps

    def silent_stages(self, operation: Operation | None) -> frozenset[StageName]:
        """Return the stages that never have a say about requests of an operation."""
        return frozenset(
            name
            for name, stage in self._stages.items()
            if all(phase in _silent(stage, operation) for phase in _PHASES if hasattr(stage, phase))
        )

    def _compiled(self, modes: tuple[Mode, ...], silent: Mapping[StageName, frozenset[str]]) -> Steps:
        mode_of = dict(zip(_ORDER, modes, strict=True))
        # What protocol reads (the body as a value) is needed by all others, so it runs even where it is off.
        on = [
            stage for name, stage in self._stages.items() if mode_of[name] is not Mode.OFF or name is StageName.PROTOCOL
        ]

        def having(phase: str) -> list[Stage]:
            return [stage for stage in on if hasattr(stage, phase) and phase not in silent[stage.name]]

        def steps(phase: str) -> Phase[tuple[Callable[..., Judgement], bool, bool, StageName]]:
            return Phase(self._step(stage, mode_of[stage.name], phase) for stage in having(phase))

        body, head = steps("on_body"), steps("on_answer_head")
        last = _last_that_repeat(having("on_answer_head"))
        # A stage leaves out the phases in which it has nothing to say, so its type names none: `having` has looked.
        return Steps(
            head=Phase(step for step in steps("on_head").steps if step[3] is not StageName.PROTOCOL),
            body=body,
            bare=Phase(step for step in body.steps if WITHOUT_BODY not in silent[step[3]]),
            more=steps("on_more"),
            answer_head=head,
            answer_first=Phase(head.steps[: len(head.steps) - len(last)]),
            answer_last=Phase(head.steps[len(head.steps) - len(last) :]),
            repeats_head=tuple(stage.repeats_head for stage in last),  # type: ignore[attr-defined]
            answer_body=steps("on_answer_body"),
            end=tuple(stage.on_end for stage in having("on_end")),  # type: ignore[attr-defined]
            wants_body=tuple(stage.wants_body for stage in having("wants_body")),  # type: ignore[attr-defined]
            wants_answer=tuple(stage.wants_answer for stage in having("wants_answer")),  # type: ignore[attr-defined]
            stream_editors=tuple(
                stage.stream_editor  # type: ignore[attr-defined]
                for stage in having("stream_editor")
                if mode_of[stage.name] is Mode.ENFORCE
            ),
            is_protocol_applied=mode_of[StageName.PROTOCOL] is Mode.ENFORCE,
        )

    def _step(self, stage: Stage, mode: Mode, phase: str) -> tuple[Callable[..., Judgement], bool, bool, StageName]:
        is_open = self._policy.stance(stage.name) is Stance.OPEN
        judge: Callable[..., Judgement] = getattr(stage, phase)
        return _unheard(judge) if mode is Mode.OFF else judge, mode is Mode.ENFORCE, is_open, stage.name


def _silent(stage: Stage, operation: Operation | None) -> frozenset[str]:
    tell: Callable[[Operation | None], frozenset[str]] | None = getattr(stage, "silent_phases", None)
    return tell(operation) if tell is not None else _NONE


def _last_that_repeat(stages: Sequence[Stage]) -> list[Stage]:
    """Return the last stages that may say the same of each answer with such a head."""
    return list(takewhile(lambda stage: hasattr(stage, "repeats_head"), reversed(stages)))[::-1]


def _unheard(judge: Callable[..., Judgement]) -> Callable[..., Judgement]:
    """Return the step with its findings, but without its decisions."""

    def read(*parts: object) -> None:
        judge(*parts)

    return read
