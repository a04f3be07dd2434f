"""money.codes: one-time codes are guessed, or sent in masses.

Proves: one caller tried or asked for ten codes within an hour, or had them sent to five different people.
Cannot: tell what a message costs, or whether a code that was entered was the right one where the API hides it.
"""

from typing import Any, Final

from apiward.core import marks
from apiward.core.detection import UNKNOWN
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight
from apiward.watch.windows.counting import Counting
from apiward.watch.windows.distinct import Spreading

LEAST: Final = 10
LEAST_RECIPIENTS: Final = 5
_IN: Final = Counting(3_600.0)
_OF: Final = Spreading(3_600.0)


class Codes(Detector):
    """Counts codes and whom they went to, for each caller."""

    rule = "money.codes"
    when = tuple(
        purpose | ended
        for purpose in (signs.CODE, signs.RESET)
        for ended in (signs.GOOD, signs.REJECTED, signs.DENIED, signs.MISSING, signs.NOT_IN)
    )
    unless = signs.OWN

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in one code."""
        mine: list[Any] | None = sight.slots[self.slot]
        if mine is None:
            sight.slots[self.slot] = mine = [_IN.new(), _OF.new()]
        tries, recipients = mine
        count = int(_IN.add(tries, sight.at_s))
        recipient = sight.marks.get(marks.RECIPIENT, "")
        if recipient:
            _OF.add(recipients, recipient, sight.at_s)
        different = _OF.count(recipients)
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        if count >= LEAST * crowd or different >= LEAST_RECIPIENTS * crowd:
            is_first = count == LEAST * crowd or (different == LEAST_RECIPIENTS * crowd and count == different)
            facts = (("tries", count), ("recipients", different or UNKNOWN))
            tell(self.rule, sight, severity=Severity.MEDIUM, count=count if is_first else 1, facts=facts)
