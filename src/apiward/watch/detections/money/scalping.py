"""money.scalping: one caller takes what there is little of.

Proves: one caller placed at least ten orders or bookings within an hour, several times what they and others do.
Cannot: know how many are left, or whether a reseller is welcome.
"""

from typing import Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.habits import Usual, most_usual, new_usual, take_in

LEAST: Final = 10
MOST_BY_HAND: Final = 20.0
"""Whatever others do, nobody who is no program orders more often within an hour, but for whom that is a habit."""
_TIMES: Final = 2.0
_HOUR_S: Final = 3_600.0
_HOUR, _ORDERS, _PEAK, _TOLD = range(4)


class Scalping(Detector):
    """Counts what each caller orders in an hour."""

    rule = "money.scalping"
    when = (signs.ORDER | signs.WRITE | signs.GOOD,)
    unless = signs.OWN | signs.ONE | signs.COUPON

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {"usual": new_usual()}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in one order."""
        usual: Usual = self.kept["usual"]
        mine: list[float] | None = sight.slots[self.slot]
        hour = sight.at_s // _HOUR_S
        if mine is None:
            sight.slots[self.slot] = [hour, 1.0, 0.0, 0.0]
            return
        if hour > mine[_HOUR]:
            if not mine[_TOLD]:
                take_in(usual, mine[_ORDERS])
                mine[_PEAK] = max(mine[_ORDERS], mine[_PEAK] * 0.99)
            mine[_HOUR], mine[_ORDERS], mine[_TOLD] = hour, 0.0, 0.0
        count = mine[_ORDERS] = mine[_ORDERS] + 1.0
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        others = _TIMES * most_usual(usual)
        if not sight.bits & signs.KEY:
            others = min(others, MOST_BY_HAND)
        least = max(LEAST * crowd, others, _TIMES * mine[_PEAK])
        if count >= least:
            told = 1 if mine[_TOLD] else int(count)
            mine[_TOLD] = 1.0
            facts = (("orders", int(count)), ("usual", int(max(most_usual(usual), mine[_PEAK], 1.0))))
            tell(self.rule, sight, severity=Severity.MEDIUM, count=told, facts=facts)
