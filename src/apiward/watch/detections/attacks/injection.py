"""attacks.injection: one caller sends texts that attack, again and again.

Proves: the guard's inspection found such texts in three requests of one caller within an hour.
Cannot: tell by itself whether one of them worked; where the guard only watched, a good answer says that it may have.
"""

from typing import Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight
from apiward.watch.windows.counting import Counted, Counting

LEAST: Final = 3
_IN: Final = Counting(3_600.0)


class Injection(Detector):
    """Counts the guard's words about each caller."""

    rule = "attacks.injection"
    when = (signs.ATTACK,)
    unless = signs.OWN | signs.INWARD

    def see(self, sight: Sight, tell: Tell) -> None:
        """Count one request."""
        mine: Counted | None = sight.slots[self.slot]
        if mine is None:
            sight.slots[self.slot] = mine = _IN.new()
        times = int(_IN.add(mine, sight.at_s))
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        if times < LEAST * crowd:
            return
        is_open = bool(sight.bits & signs.GOOD)
        facts = (("times", times), ("ended", signs.ANSWERED if is_open else signs.TURNED_AWAY))
        told = times if times == LEAST * crowd else 1
        tell(self.rule, sight, severity=Severity.HIGH if is_open else Severity.MEDIUM, count=told, facts=facts)
