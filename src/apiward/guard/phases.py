"""The stages joined to what runs: for each set of modes, the calls of each phase in their order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from apiward.core.call import Answer, Call
from apiward.core.decision import Mode
from apiward.guard.policy import Policy
from apiward.guard.stage import Judgement, Stage, StageName, Stance

OnCall: TypeAlias = Callable[[Call], Judgement]
OnAnswer: TypeAlias = Callable[[Call, Answer], Judgement]
CallStep: TypeAlias = tuple[OnCall, bool, bool, StageName]
"""(judge, whether its decisions are applied, whether its failure lets pass, the stage)"""
AnswerStep: TypeAlias = tuple[OnAnswer, bool, bool, StageName]

_ORDER: Final = tuple(StageName)


@dataclass(frozen=True, slots=True)
class Steps:
    """What runs for one set of modes, phase by phase."""

    head: tuple[CallStep, ...]
    body: tuple[CallStep, ...]
    answer_head: tuple[AnswerStep, ...]
    answer_body: tuple[AnswerStep, ...]
    end: tuple[Callable[[Call, int], None], ...]
    wants_body: tuple[Callable[[Call], bool], ...]
    wants_answer: tuple[Callable[[Call, Answer], bool], ...]
    is_protocol_applied: bool


class Phases:
    """Compiles the steps once for each set of modes that occurs."""

    def __init__(self, stages: Sequence[Stage], policy: Policy) -> None:
        self._stages = {stage.name: stage for stage in stages}
        self._policy = policy
        self._known: dict[tuple[Mode, ...], Steps] = {}

    def steps(self, modes: tuple[Mode, ...]) -> Steps:
        """Return the steps for the modes of all stages, in the order of the stages."""
        steps = self._known.get(modes)
        if steps is None:
            steps = self._known[modes] = self._compiled(modes)
        return steps

    def _compiled(self, modes: tuple[Mode, ...]) -> Steps:
        live = [(self._stages[name], mode) for name, mode in zip(_ORDER, modes, strict=True) if name in self._stages]
        # What protocol reads (the body as a value) is needed by all others, so it runs even where it is off.
        on = [pair for pair in live if pair[1] is not Mode.OFF or pair[0].name is StageName.PROTOCOL]
        later = [pair for pair in on if pair[0].name is not StageName.PROTOCOL]
        stages = [stage for stage, _ in on]
        return Steps(
            head=tuple(self._step(stage, mode, "on_head") for stage, mode in later if hasattr(stage, "on_head")),
            body=tuple(self._step(stage, mode, "on_body") for stage, mode in on if hasattr(stage, "on_body")),
            answer_head=tuple(
                self._step(stage, mode, "on_answer_head") for stage, mode in on if hasattr(stage, "on_answer_head")
            ),
            answer_body=tuple(
                self._step(stage, mode, "on_answer_body") for stage, mode in on if hasattr(stage, "on_answer_body")
            ),
            end=tuple(stage.on_end for stage in stages if hasattr(stage, "on_end")),
            wants_body=tuple(stage.wants_body for stage in stages if hasattr(stage, "wants_body")),
            wants_answer=tuple(stage.wants_answer for stage in stages if hasattr(stage, "wants_answer")),
            is_protocol_applied=dict(zip(_ORDER, modes, strict=True))[StageName.PROTOCOL] is Mode.ENFORCE,
        )

    def _step(self, stage: Stage, mode: Mode, phase: str) -> tuple[Callable[..., Judgement], bool, bool, StageName]:
        is_open = self._policy.stance(stage.name) is Stance.OPEN
        judge: Callable[..., Judgement] = getattr(stage, phase)
        return _unheard(judge) if mode is Mode.OFF else judge, mode is Mode.ENFORCE, is_open, stage.name


def _unheard(judge: Callable[..., Judgement]) -> Callable[..., Judgement]:
    """Return the step with its findings, but without its decisions."""

    def read(*parts: object) -> None:
        judge(*parts)

    return read
