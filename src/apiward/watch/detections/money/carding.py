"""money.carding: stolen cards are tried with payments.

Proves: five payments of one caller with three different cards were declined within an hour (eight where cards are not
known), or most payments of all callers are, with many cards.
Cannot: tell from a log alone whether one card or many were tried.
"""

from typing import Any, Final

from apiward.core import marks
from apiward.core.detection import EVERYBODY, UNKNOWN
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.counting import Counting
from apiward.watch.windows.distinct import Spread, Spreading

LEAST: Final = 5
LEAST_CARDS: Final = 3
LEAST_UNKNOWN: Final = 8
LEAST_OF_ALL: Final = 20
_SHARE: Final = 0.5
_IN: Final = Counting(3_600.0)
_OF: Final = Spreading(3_600.0)


class Carding(Detector):
    """Counts declined payments and their cards, of each caller and of all."""

    rule = "money.carding"
    when = tuple(
        purpose | ended
        for purpose in (signs.PAYMENT, signs.ORDER | signs.MARKED)
        for ended in (signs.GOOD, signs.REJECTED, signs.DENIED)
    )

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {name: _IN.new() for name in ("declined", "paid")}
        self.kept["cards"] = _OF.new()

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in one payment."""
        card = sight.marks.get(marks.CARD, "")
        if not card and not sight.bits & signs.PAYMENT:
            return
        if sight.bits & signs.GOOD:
            _IN.add(self.kept["paid"], sight.at_s)
            return
        mine: list[Any] | None = sight.slots[self.slot]
        if mine is None:
            sight.slots[self.slot] = mine = [_IN.new(), _OF.new()]
        declined, cards = mine
        count = int(_IN.add(declined, sight.at_s))
        _OF.add(cards, card, sight.at_s)
        different = _OF.count(cards)
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        if card and count >= LEAST * crowd and different >= LEAST_CARDS * crowd:
            is_first = count == LEAST
        elif not card and count >= LEAST_UNKNOWN * crowd:
            is_first = count == LEAST_UNKNOWN
        else:
            self._of_all(sight, card, tell)
            return
        facts = (("declined", count), ("cards", different if card else UNKNOWN))
        tell(self.rule, sight, severity=Severity.HIGH, count=count if is_first else 1, facts=facts)

    def _of_all(self, sight: Sight, card: str, tell: Tell) -> None:
        """Count for everybody what no single caller is told for."""
        count = _IN.add(self.kept["declined"], sight.at_s)
        cards: Spread = self.kept["cards"]
        _OF.add(cards, card or sight.who, sight.at_s)
        paid = _IN.total(self.kept["paid"], sight.at_s)
        if count >= LEAST_OF_ALL and count >= _SHARE * (count + paid) and _OF.count(cards) >= LEAST_OF_ALL // 2:
            facts = (("together", int(count)), ("cards" if card else "callers", _OF.count(cards)))
            tell(self.rule, sight, who=EVERYBODY, severity=Severity.HIGH, facts=facts)
