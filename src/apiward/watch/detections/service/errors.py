"""service.errors: the API itself fails far more often than usual.

Proves: at least ten requests, and several times the usual share, failed with an error of the API within ten minutes.
Cannot: say why. Where one caller makes nearly all of them, it names that caller.
"""

from typing import Final

from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.counting import Counted, Counting

LEAST: Final = 10
LEAST_SHARE: Final = 0.1
_TIMES: Final = 5.0
_FOLLOWS: Final = 0.0005
_ONE_OF: Final = 0.8
_IN: Final = Counting(600.0, 5)


class Errors(Detector):
    """Counts the requests that failed, against all that came."""

    rule = "service.errors"
    when = (signs.BROKEN,)

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {"failed": _IN.new(), "usual": 0.0, "before": 0}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Count one that failed."""
        kept = self.kept
        kept["usual"] *= (1 - _FOLLOWS) ** (self.traffic.total - kept["before"])
        kept["before"] = self.traffic.total
        failed = _IN.add(kept["failed"], sight.at_s)
        mine: Counted | None = sight.slots[self.slot]
        if mine is None:
            sight.slots[self.slot] = mine = _IN.new()
        of_one = _IN.add(mine, sight.at_s)
        all_, usual = self.traffic.lately(), kept["usual"]
        if failed >= LEAST and failed >= max(LEAST_SHARE, _TIMES * usual) * all_:
            who = sight.who if of_one >= _ONE_OF * failed else EVERYBODY
            facts = (("failed", int(failed)), ("all", all_), ("usual", f"{100 * usual:.1f}"))
            told = int(failed) if failed == LEAST else 1
            tell(self.rule, sight, who=who, severity=Severity.MEDIUM, count=told, facts=facts)
            return
        kept["usual"] = usual + (1 - usual) * _FOLLOWS
