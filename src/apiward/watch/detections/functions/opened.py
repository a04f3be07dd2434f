"""functions.opened: a function of staff that refused somebody now lets them in.

Proves: the same caller, with the same roles, was refused there within the last week and was let in now.
Cannot: know whether somebody gave the right. A caller whose role the guard saw changing is not told.
"""

from typing import Any, Final

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight

WITHIN_S: Final = 7 * 86_400.0
MOST: Final = 16
_STAFF: Final = signs.STAFF | signs.KNOWN


class Opened(Detector):
    """Remembers which functions of staff refused whom."""

    rule = "functions.opened"
    when = (_STAFF | signs.DENIED, _STAFF | signs.GOOD)
    unless = signs.NAMELESS

    def see(self, sight: Sight, tell: Tell) -> None:
        """Note a refusal, or hold an entry against the refusals."""
        refused: dict[str, list[Any]] | None = sight.slots[self.slot]
        role = sight.marks.get(marks.ROLE, "")
        if sight.bits & signs.DENIED:
            if refused is None:
                sight.slots[self.slot] = refused = {}
            refused.pop(sight.operation, None)
            refused[sight.operation] = [sight.at_s, role]
            if len(refused) > MOST:
                refused.pop(next(iter(refused)))
            return
        if not refused:
            return
        known = refused.pop(sight.operation, None)
        if known is not None and sight.at_s - known[0] <= WITHIN_S and known[1] == role:
            tell(self.rule, sight, severity=Severity.HIGH)
