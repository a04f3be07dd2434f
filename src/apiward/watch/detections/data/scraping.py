"""data.scraping: somebody opens far more single things than anybody does.

Proves: one caller opened, within ten minutes, several times as many different things as is usual for them and for
everybody else.
Cannot: tell a customer who copies their own data from a stranger who copies yours. What comes slowly is objects.slow.
"""

from typing import Final, cast

from apiward.core.finding import Severity
from apiward.core.jsonvalue import Json
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.habits import Usual, most_usual, new_usual, take_in

SPAN_S: Final = 600.0
LEAST: Final = 60
_TIMES: Final = 2.0
_WINDOW, _THINGS, _PEAK, _TOLD = range(4)


class Scraping(Detector):
    """Counts what each caller opens in ten minutes, and what is usual for callers of the same kind."""

    rule = "data.scraping"
    when = (signs.READ | signs.ONE | signs.GOOD,)
    unless = signs.FILE | signs.OWN

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {kind: cast("Json", new_usual()) for kind in ("known", "key", "stranger")}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Count one thing that was opened."""
        mine = cast("list[float] | None", sight.slots[self.slot])
        window = sight.at_s // SPAN_S
        if mine is None:
            sight.slots[self.slot] = [window, 1.0, 0.0, 0.0]
            return
        if window > mine[_WINDOW]:
            take_in(self._usual(sight), mine[_THINGS])
            mine[_PEAK] = max(mine[_PEAK] * 0.98, min(mine[_THINGS], mine[_TOLD] or mine[_THINGS]))
            mine[_WINDOW], mine[_THINGS], mine[_TOLD] = window, 0.0, 0.0
        count = mine[_THINGS] = mine[_THINGS] + 1.0
        if count < LEAST:
            return
        least = mine[_TOLD]
        if not least:
            crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
            least = max(LEAST * crowd, _TIMES * most_usual(self._usual(sight)), _TIMES * mine[_PEAK])
            if count < least:
                return
            mine[_TOLD] = least
        told = int(count) if count == int(least) + (least > int(least)) else 1
        tell(
            self.rule,
            sight,
            severity=Severity.MEDIUM,
            count=told,
            facts=(("things", int(count)), ("usual", int(least / 2))),
        )

    def _usual(self, sight: Sight) -> Usual:
        kind = "key" if sight.bits & signs.KEY else "known" if sight.bits & signs.KNOWN else "stranger"
        return cast("Usual", self.kept[kind])
