"""service.overload: one caller calls so often that others may have to wait.

Proves: one caller sent several hundred requests within a minute, far more than they and others do, or the guard's
limits have held them back thirty times within a minute.
Cannot: see many callers who do so together by agreement; the guard's own limits are for that.
"""

from typing import Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.habits import most_usual, new_usual, take_in

LEAST: Final = 300
LEAST_HELD_BACK: Final = 30
_TIMES: Final = 3.0
_MINUTE_S: Final = 60.0
_BURST: Final = 5
"""So many busy minutes in a row teach what is usual only when they are over: a flood does not begin at its height."""
_MINUTE, _COUNT, _PEAK, _HELD, _TOLD, _EVER, _SINCE = range(7)


class Overload(Detector):
    """Counts, of callers who are busy, the requests in each minute."""

    rule = "service.overload"
    when = (signs.BUSY, signs.FLOOD)
    unless = signs.OWN
    version = 2

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {"usual": new_usual()}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in one request of a caller who is busy, or was held back."""
        mine: list[float] | None = sight.slots[self.slot]
        minute = sight.at_s // _MINUTE_S
        if mine is None:
            sight.slots[self.slot] = mine = [minute, 0.0, 0.0, 0.0, 0.0, 0.0, minute]
        elif minute > mine[_MINUTE]:
            is_over = minute > mine[_MINUTE] + 1.0
            if mine[_COUNT] and not mine[_EVER] and (is_over or minute >= mine[_SINCE] + _BURST):
                take_in(self.kept["usual"], mine[_COUNT])
                mine[_PEAK] = max(mine[_COUNT], mine[_PEAK] * 0.99)
            if is_over:
                mine[_SINCE] = minute
            mine[_MINUTE], mine[_COUNT], mine[_HELD], mine[_TOLD] = minute, 0.0, 0.0, 0.0
        if sight.bits & signs.FLOOD:
            mine[_HELD] += 1.0
        if sight.bits & signs.BUSY:
            mine[_COUNT] = sight.busy
        count = max(mine[_COUNT], mine[_HELD])
        usual = max(most_usual(self.kept["usual"]), mine[_PEAK], 1.0)
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        if mine[_HELD] >= LEAST_HELD_BACK or count >= max(LEAST * crowd, _TIMES * usual):
            told = 1 if mine[_TOLD] else int(count)
            mine[_TOLD] = mine[_EVER] = 1.0
            facts = (("requests", int(count)), ("usual", int(usual)))
            tell(self.rule, sight, severity=Severity.MEDIUM, count=told, facts=facts)
