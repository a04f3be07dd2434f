"""accounts.spraying: the same few passwords are tried on many accounts.

Proves: one password was tried on at least five different accounts within a day, and failed.
Cannot: be seen in a log alone: the guard makes a mark of each password that is tried, with a key that only lives in its
memory. After a restart the same password has another mark.
"""

from typing import Final

from apiward.core import marks
from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.distinct import Spreading, add
from apiward.watch.windows.recent import Recent

LEAST: Final = 5
MOST_PASSWORDS: Final = 20_000
_IN: Final = Spreading(2 * 86_400.0)


class Spraying(Detector):
    """Remembers for each password that failed on which accounts."""

    rule = "accounts.spraying"
    when = (signs.LOG_IN | signs.MARKED | signs.NOT_IN, signs.LOG_IN | signs.MARKED | signs.REJECTED,
            signs.LOG_IN | signs.MARKED | signs.DENIED, signs.LOG_IN | signs.MARKED | signs.ENDED_BADLY)  # fmt: skip

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.tables = {"passwords": Recent(MOST_PASSWORDS)}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in one failed log-in."""
        secret, account = sight.marks.get(marks.SECRET), sight.marks.get(marks.ACCOUNT)
        if secret is None or account is None:
            return
        passwords = self.tables["passwords"]
        known = passwords.used(secret) or passwords.put(secret, [_IN.new(), []])
        accounts, places = known
        _IN.add(accounts, account, sight.at_s)
        add(places, sight.place)
        count = _IN.count(accounts)
        if count >= LEAST:
            who = sight.place if len(places) == 1 else EVERYBODY
            told = count if count == LEAST else 1
            tell(self.rule, sight, who=who, severity=Severity.MEDIUM, count=told, facts=(("accounts", count),))
