"""objects.foreign: somebody reaches for what belongs to somebody else.

Proves: the guard knows whose the object is, and that this caller was never given it; or the API itself refused three
different objects to one caller within an hour.
Cannot: know of objects that the guard has not seen with their owner. Logs alone show refusals, not what was given out.
"""

from typing import Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight
from apiward.watch.windows.distinct import Spread, Spreading

LEAST_REFUSED: Final = 3
_IN: Final = Spreading(3_600.0)


class Foreign(Detector):
    """Takes the guard's word; beside it, counts objects that the API itself forbade."""

    rule = "objects.foreign"
    when = (signs.FOREIGN, signs.ONE | signs.KNOWN | signs.DENIED)

    def see(self, sight: Sight, tell: Tell) -> None:
        """Tell each one that the guard is sure of, and forbidden ones from the third on."""
        if sight.bits & signs.FOREIGN:
            is_given = bool(sight.bits & signs.GOOD)
            facts = (("objects", 1), ("given", "given out" if is_given else "refused"))
            severity = Severity.HIGH if is_given else Severity.MEDIUM
            tell(self.rule, sight, severity=severity, facts=facts)
            return
        if sight.bits & signs.STAFF:
            return
        refused: Spread | None = sight.slots[self.slot]
        if refused is None:
            sight.slots[self.slot] = refused = _IN.new()
        _IN.add(refused, sight.event.path, sight.at_s)
        count = _IN.count(refused)
        if count >= LEAST_REFUSED:
            facts = (("objects", count), ("given", "refused"))
            tell(self.rule, sight, severity=Severity.LOW, facts=facts)
