"""flow.skipped: a step is left out that nearly everybody does first.

Proves: one caller did something three times within a day without the step that came before it in nearly all cases, by
many callers, within the hour before.
Cannot: see steps that are usual but not needed: the severity is low. Where the guard itself has an order of steps, its
word counts.
"""

from typing import Any, Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight
from apiward.watch.windows.counting import Counting
from apiward.watch.windows.distinct import Several, add, count

LEAST: Final = 3
LEAST_TIMES: Final = 80
LEAST_CALLERS: Final = 12
"""Of five who all do a step first, chance may have left out the one in ten who never does."""
LEAST_SKIPPERS: Final = 5
MOST_STEPS: Final = 12
MOST_OPERATIONS: Final = 300
MANY_TIMES: Final = 200
"""Up to so many it must have been all of them: 79 of 80 come about where one in ten people never does it."""
_NEARLY_ALL: Final = 0.98
_WITHIN_S: Final = 3_600.0
_SOON_S: Final = 300.0
"""Who does the same again so soon is not written down anew."""
_DAY: Final = Counting(86_400.0, 8)
_BEFORE, _SKIPPED = range(2)
_TIMES, _STEPS, _CALLERS, _SKIPPERS = range(4)


class Skipped(Detector):
    """Learns what comes before each write, and remembers what each caller did lately."""

    rule = "flow.skipped"
    when = (signs.KNOWN | signs.GOOD,)
    unless = signs.KEY | signs.NAMELESS

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in one step."""
        mine: list[Any] | None = sight.slots[self.slot]
        if mine is None:
            sight.slots[self.slot] = mine = [{}, []]
        before: dict[str, float] = mine[_BEFORE]
        if sight.bits & signs.WRITE and not sight.bits & (signs.LOG_IN | signs.LOG_OUT):
            self._written(sight, {step for step, at_s in before.items() if sight.at_s - at_s <= _WITHIN_S}, mine, tell)
        at_s = before.get(sight.operation)
        if at_s is not None:
            if sight.at_s - at_s < _SOON_S:
                return
            del before[sight.operation]
        before[sight.operation] = sight.at_s
        if len(before) > MOST_STEPS:
            before.pop(next(iter(before)))

    def _written(self, sight: Sight, before: set[str], mine: list[Any], tell: Tell) -> None:
        known: list[Any] | None = self.kept.get(sight.operation)
        if known is None:
            if len(self.kept) >= MOST_OPERATIONS:
                return
            known = [0, {}, [], []]
            self.kept[sight.operation] = known
        missed = _left_out(known, before)
        if missed:
            if not mine[_SKIPPED]:
                mine[_SKIPPED] = _DAY.new()
            skipped = int(_DAY.add(mine[_SKIPPED], sight.at_s))
            if skipped >= LEAST:
                facts = (("times", skipped), ("step", sight.operation), ("before", missed))
                told = skipped if skipped == LEAST else 1
                tell(self.rule, sight, severity=Severity.LOW, count=told, facts=facts)
            skippers: Several = known[_SKIPPERS]
            add(skippers, sight.who)
            if count(skippers) < LEAST_SKIPPERS:
                return  # a few who leave steps out do not teach; where many do, the habit has changed
        _learn(known, before, sight.who)


def _left_out(known: list[Any], before: set[str]) -> str:
    """Return a step that nearly always comes before, and did not this time; an empty text where there is none."""
    times, steps = known[_TIMES], known[_STEPS]
    if times < LEAST_TIMES or count(known[_CALLERS]) < LEAST_CALLERS:
        return ""
    least = times if times < MANY_TIMES else times * _NEARLY_ALL
    return next((step for step, often in steps.items() if often >= least and step not in before), "")


def _learn(known: list[Any], before: set[str], who: str) -> None:
    times, steps = known[_TIMES], known[_STEPS]
    callers: Several = known[_CALLERS]
    known[_TIMES] = times + 1
    if count(callers) < LEAST_CALLERS:
        add(callers, who)
    for step in sorted(before):
        if step in steps or times < LEAST_TIMES:
            steps[step] = steps.get(step, 0) + 1
    if times > LEAST_TIMES * 20:
        known[_TIMES] = (times + 1) // 2
        known[_STEPS] = {step: often // 2 for step, often in steps.items() if often * 2 > times}
