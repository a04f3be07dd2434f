"""money.coupons: codes for discounts are guessed, or used up.

Proves: one caller entered eight codes that do not exist, or fifteen of any kind, within an hour.
Cannot: tell a customer with a list of codes from a thief with one.
"""

from typing import Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight
from apiward.watch.windows.counting import Counted, Counting

LEAST_FAILED: Final = 8
LEAST: Final = 15
_IN: Final = Counting(3_600.0)


class Coupons(Detector):
    """Counts the codes that each caller enters."""

    rule = "money.coupons"
    when = (signs.COUPON | signs.GOOD, signs.COUPON | signs.MISSING, signs.COUPON | signs.REJECTED,
            signs.COUPON | signs.DENIED)  # fmt: skip
    unless = signs.OWN

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in one code."""
        mine: list[Counted] | None = sight.slots[self.slot]
        if mine is None:
            sight.slots[self.slot] = mine = [_IN.new(), _IN.new()]
        tries, failed = mine
        all_ = int(_IN.add(tries, sight.at_s))
        is_failed = not sight.bits & signs.GOOD
        bad = int(_IN.add(failed, sight.at_s) if is_failed else _IN.total(failed, sight.at_s))
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        if bad >= LEAST_FAILED * crowd or all_ >= LEAST * crowd:
            is_first = (bad == LEAST_FAILED * crowd and is_failed) or all_ == LEAST * crowd
            facts = (("tries", all_), ("failed", bad))
            tell(self.rule, sight, severity=Severity.LOW, count=all_ if is_first else 1, facts=facts)
