"""service.errors: the API itself fails far more often than usual.

Proves: at least ten requests, and several times the usual share, failed with an error of the API within ten minutes.
Cannot: say why. Where one caller makes nearly all of them, it names that caller.
"""

from typing import Final, cast

from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.core.jsonvalue import Json
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
    """Counts all requests and those that failed."""

    rule = "service.errors"
    when = (0,)

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {"all": cast("Json", _IN.new()), "failed": cast("Json", _IN.new()), "usual": 0.0}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Count one request."""
        all_ = _IN.add(cast("Counted", self.kept["all"]), sight.at_s)
        usual = cast("float", self.kept["usual"])
        if not sight.bits & signs.BROKEN:
            if usual:
                self.kept["usual"] = usual * (1 - _FOLLOWS)
            return
        failed = _IN.add(cast("Counted", self.kept["failed"]), sight.at_s)
        mine = cast("Counted | None", sight.slots[self.slot])
        if mine is None:
            sight.slots[self.slot] = mine = _IN.new()
        of_one = _IN.add(mine, sight.at_s)
        if failed >= LEAST and failed >= max(LEAST_SHARE, _TIMES * usual) * all_:
            who = sight.who if of_one >= _ONE_OF * failed else EVERYBODY
            facts = (("failed", int(failed)), ("all", int(all_)), ("usual", f"{100 * usual:.1f}"))
            told = int(failed) if failed == LEAST else 1
            tell(self.rule, sight, who=who, severity=Severity.MEDIUM, count=told, facts=facts)
            return
        self.kept["usual"] = usual + (1 - usual) * _FOLLOWS
