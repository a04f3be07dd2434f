"""data.leak: the API answers with what should never leave.

Proves: the guard found a secret, a card number, personal data that is not described, or an inside detail in an answer.
Cannot: be seen in a log alone, or in answers that the guard is told not to read.
"""

from typing import Final

from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight

WHAT: Final = {
    "minimise.secret": ("a secret", Severity.HIGH),
    "minimise.card": ("a card number", Severity.HIGH),
    "minimise.personal": ("personal data that its description does not name", Severity.MEDIUM),
    "conceal.trace": ("an error report from its inside", Severity.LOW),
    "conceal.trace-in-answer": ("an error report from its inside", Severity.LOW),
    "conceal.database": ("an error text of its database", Severity.MEDIUM),
}


class Leak(Detector):
    """Takes the guard's word."""

    rule = "data.leak"
    when = (signs.LEAK,)

    def see(self, sight: Sight, tell: Tell) -> None:
        """Tell the worst of what the guard found in one answer."""
        found = [
            (severity, what, "taken it out" if ruling.is_applied else "only watched")
            for ruling in sight.event.rulings
            for what, severity in filter(None, (WHAT.get(ruling.decision.rule),))
        ]
        severity, what, done = max(found)
        tell(self.rule, sight, who=EVERYBODY, severity=severity, facts=(("what", what), ("done", done)))
