"""The autopilot's decisions: what to switch on next, what to switch back, and why. Pure: the clock is an argument."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.core.decision import Mode
from apiward.core.evidence import Habit
from apiward.guard.policy import ModeRule
from apiward.guard.readiness import AutopilotSettings, Standing, State, counted, evidence_words
from apiward.guard.stage import StageName

AUTOPILOT: Final = "autopilot"
HOUR_S: Final = 3_600.0
DAY_S: Final = 86_400.0
SURE: Final = 3.0
"""Standard deviations by which answers 4xx must exceed the habit: by chance once in 700 looks at one switch."""
FEW: Final = 2
"""So many more answers 4xx than the habit lets expect are never enough."""


class Turn(StrEnum):
    """Where a stage is switched to."""

    ON = "on"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    turn: Turn
    operation: str
    stage: StageName
    reason: str

    @property
    def mode(self) -> Mode:
        """The mode that it leads to."""
        return Mode.ENFORCE if self.turn is Turn.ON else Mode.WATCH


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What came after a switch: how callers fared before and since, who was refused by it, and who complained."""

    rule: ModeRule
    before: Mapping[str, Habit]
    since: Mapping[str, Habit]
    refused: frozenset[str]
    complained: frozenset[str] = frozenset()
    hostile: frozenset[str] = frozenset()


def ons(
    standings: Sequence[Standing], rules: Sequence[ModeRule], settings: AutopilotSettings, now_s: float
) -> tuple[Step, ...]:
    """Return what to switch on now: as the hour allows, one stage of an operation at a time, the best known first.

    What is still watched on an operation is waited for; what was switched back is left alone for some days.
    """
    mine = [rule for rule in rules if rule.by == AUTOPILOT]
    left = settings.steps_per_hour - sum(1 for rule in mine if now_s - rule.since_s < HOUR_S)
    busy = {rule.operation for rule in mine if is_watched(rule, settings, now_s)}
    barred = {(rule.operation, rule.stage) for rule in mine if _is_barred(rule, settings, now_s)}
    ready = [one for one in standings if one.state is State.READY and (one.operation, one.stage) not in barred]
    steps: list[Step] = []
    for one in sorted(ready, key=lambda one: (-one.traffic.requests, one.operation)):
        if len(steps) >= left:
            break
        if one.operation not in busy:
            busy.add(one.operation)
            steps.append(Step(Turn.ON, one.operation, one.stage, evidence_words(one.traffic)))
    return tuple(steps)


def is_watched(rule: ModeRule, settings: AutopilotSettings, now_s: float) -> bool:
    """Return whether a switch is so young that it may be taken back."""
    return rule.by == AUTOPILOT and rule.mode == Mode.ENFORCE and now_s - rule.since_s < settings.watch_hours * HOUR_S


def back(after: Aftermath, settings: AutopilotSettings) -> Step | None:
    """Return the step back where a switch does harm: to callers who fared well before, or who complained.

    Only they count: who comes with an attack, or was never here before, must not be able to open the guard.
    """
    fine = frozenset(
        caller
        for caller, habit in after.before.items()
        if habit.requests > habit.failed and caller not in after.hostile
    )
    harmed = (after.refused & fine) | (after.complained - after.hostile)
    if len(harmed) >= settings.back_callers:
        complaints = f", {counted(len(after.complained), 'complaint')} among them" if after.complained else ""
        verb = "was" if len(harmed) == 1 else "were"
        return _back(after, f"{counted(len(harmed), 'caller')} who fared well before {verb} refused{complaints}")
    requests, failed = _sums(after.since, fine)
    requests_before, failed_before = _sums(after.before, fine)
    failing = sum(1 for caller, habit in after.since.items() if caller in fine and habit.failed)
    if failing >= settings.back_callers and _is_more(failed, requests, failed_before, requests_before):
        share, habit = failed / requests, failed_before / requests_before
        return _back(after, f"{share:.1%} of the answers to known callers are errors now, and {habit:.1%} were before")
    return None


def _back(after: Aftermath, why: str) -> Step:
    return Step(Turn.BACK, after.rule.operation, StageName(after.rule.stage), why)


def _sums(habits: Mapping[str, Habit], callers: frozenset[str]) -> tuple[int, int]:
    chosen = [habit for caller, habit in habits.items() if caller in callers]
    return sum(one.requests for one in chosen), sum(one.failed for one in chosen)


def _is_more(failed: int, requests: int, failed_before: int, requests_before: int) -> bool:
    """Return whether so many failures are more than the habit explains (a bound on a binomial count)."""
    if not requests or not requests_before:
        return False
    habit = (failed_before + 1) / (requests_before + 2)
    expected = requests * habit
    return failed > expected + SURE * math.sqrt(expected * (1 - habit)) + FEW


def _is_barred(rule: ModeRule, settings: AutopilotSettings, now_s: float) -> bool:
    return rule.mode != Mode.ENFORCE and now_s - rule.since_s < settings.again_days * DAY_S
