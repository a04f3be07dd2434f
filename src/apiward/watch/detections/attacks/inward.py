"""attacks.inward: the API is asked to fetch something from inside its own network.

Proves: the guard found an address of an inner network, or of a cloud's own service, in a text of the request.
Cannot: see where the API itself puts an address together.
"""

from typing import Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight
from apiward.watch.windows.counting import Counted, Counting

_DAY: Final = Counting(86_400.0, 8)


class Inward(Detector):
    """Counts the guard's words about each caller."""

    rule = "attacks.inward"
    when = (signs.INWARD,)
    unless = signs.OWN

    def see(self, sight: Sight, tell: Tell) -> None:
        """Count one request."""
        mine: Counted | None = sight.slots[self.slot]
        if mine is None:
            sight.slots[self.slot] = mine = _DAY.new()
        times = int(_DAY.add(mine, sight.at_s))
        is_open = bool(sight.bits & signs.GOOD)
        severity = Severity.HIGH if is_open else Severity.MEDIUM if times > 1 else Severity.LOW
        facts = (("times", times), ("ended", signs.ANSWERED if is_open else signs.TURNED_AWAY))
        tell(self.rule, sight, severity=severity, facts=facts)
