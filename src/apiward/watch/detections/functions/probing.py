"""functions.probing: somebody tries what is for staff.

Proves: one caller was refused at two or more functions of staff within a day, or again and again at one.
Cannot: tell which operations are for staff but by their paths and by what the guard's rules say.
"""

from typing import Any, Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight
from apiward.watch.windows.counting import Counting
from apiward.watch.windows.distinct import Spreading

LEAST: Final = 2
LEAST_OF_STRANGERS: Final = 4
LEAST_OF_ONE: Final = 5
_IN: Final = Spreading(2 * 86_400.0)
_TIMES: Final = Counting(86_400.0, 8)


class FunctionProbing(Detector):
    """Counts the functions of staff that refused a caller."""

    rule = "functions.probing"
    when = (signs.STAFF | signs.DENIED, signs.STAFF | signs.NOT_IN, signs.STAFF | signs.MISSING | signs.NAMELESS,
            signs.STRANGE_ROLE)  # fmt: skip
    unless = signs.OWN

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in one refusal."""
        is_known = bool(sight.bits & signs.KNOWN)
        if is_known and sight.bits & signs.NOT_IN:
            return  # a session of staff that has ended
        mine: list[Any] | None = sight.slots[self.slot]
        if mine is None:
            sight.slots[self.slot] = mine = [_IN.new(), _TIMES.new()]
        tried, times = mine
        is_new = _IN.add(tried, sight.operation or sight.event.path, sight.at_s)
        count, often = _IN.count(tried), _TIMES.add(times, sight.at_s)
        least = LEAST if is_known else LEAST_OF_STRANGERS * max(1, sight.crowd)
        if count >= least or (is_known and often >= LEAST_OF_ONE):
            severity = Severity.MEDIUM if is_known and count >= LEAST else Severity.LOW
            told = count if is_new and count == least else 1
            tell(self.rule, sight, severity=severity, count=told, facts=(("functions", count),))
