"""inventory.retired: an operation that has ended, or soon ends, is still called.

Proves: the guard's list of retired operations, or the description, says so of the operation.
Cannot: know of old versions that nobody has declared; those show as shadow probing, or not at all.
"""

from typing import Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight

ENDED: Final = "route.retired"


class Retired(Detector):
    """Takes the guard's word, and counts."""

    rule = "inventory.retired"
    when = (signs.RETIRED,)

    def see(self, sight: Sight, tell: Tell) -> None:
        """Count one call."""
        times = sight.slots[self.slot] or 0
        sight.slots[self.slot] = times = times + 1
        is_over = any(ruling.decision.rule == ENDED for ruling in sight.event.rulings)
        tell(self.rule, sight, severity=Severity.LOW if is_over else Severity.NOTE, facts=(("times", times),))
