"""data.scraping: somebody opens far more single things than anybody does.

Proves: one caller opened, within ten minutes, several times as many different things as is usual for them and for
everybody else.
Cannot: tell a customer who copies their own data from a stranger who copies yours. What comes slowly is objects.slow.
"""

from typing import Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.counting import Counting
from apiward.watch.windows.habits import Usual, most_usual, new_usual, take_in

SPAN_S: Final = 600.0
LEAST: Final = 80
_TIMES: Final = 2.0
_IN: Final = Counting(SPAN_S, 5)
_SMALL: Final = LEAST / 4
"""More than this teaches only when the next ten minutes are over, too: a copy does not begin at its height."""
_WINDOW, _MOST, _PEAK, _TOLD, _BEFORE = range(5)


class Scraping(Detector):
    """Counts what each caller opens in ten minutes, and what is usual for callers of the same kind."""

    rule = "data.scraping"
    when = (signs.READ | signs.ONE | signs.GOOD,)
    unless = signs.FILE | signs.OWN
    version = 2

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {kind: new_usual() for kind in ("known", "key", "stranger")}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Count one thing that was opened."""
        slot: list[list[float]] | None = sight.slots[self.slot]
        window = sight.at_s // SPAN_S
        if slot is None:
            sight.slots[self.slot] = slot = [[window, 0.0, 0.0, 0.0, 0.0], _IN.new()]
        mine, opened = slot
        if window > mine[_WINDOW]:
            self._ended(sight, mine, is_followed=window == mine[_WINDOW] + 1.0)
            mine[_WINDOW], mine[_MOST], mine[_TOLD] = window, 0.0, 0.0
        count = _IN.add(opened, sight.at_s)
        if count > mine[_MOST]:  # noqa: PLR1730 - of many events: max() is a call
            mine[_MOST] = count
        if count < LEAST:
            return
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        usual = max(most_usual(self._usual(sight)), mine[_PEAK])
        if count < max(LEAST * crowd, _TIMES * usual):
            return
        told = 1 if mine[_TOLD] else int(count)
        mine[_TOLD] = 1.0
        facts = (("things", int(count)), ("usual", int(usual)))
        tell(self.rule, sight, severity=Severity.MEDIUM, count=told, facts=facts)

    def _ended(self, sight: Sight, mine: list[float], *, is_followed: bool) -> None:
        """Learn from the ten minutes that are over, and from those before them, unless they were told."""
        before, mine[_BEFORE] = mine[_BEFORE], 0.0
        if mine[_TOLD]:
            return
        if before:
            self._learn(sight, mine, before)
        if mine[_MOST] < _SMALL or not is_followed:
            self._learn(sight, mine, mine[_MOST])
        else:
            mine[_BEFORE] = mine[_MOST]

    def _learn(self, sight: Sight, mine: list[float], most: float) -> None:
        take_in(self._usual(sight), most)
        mine[_PEAK] = max(mine[_PEAK] * 0.98, most)

    def _usual(self, sight: Sight) -> Usual:
        kind = "key" if sight.bits & signs.KEY else "known" if sight.bits & signs.KNOWN else "stranger"
        usual: Usual = self.kept[kind]
        return usual
