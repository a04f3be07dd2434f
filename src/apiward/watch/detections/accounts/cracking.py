"""accounts.cracking: many passwords are tried on one account, quickly or over days.

Proves: log-ins to one account failed ten times within an hour, twenty times within a day, or forty times within a week.
Cannot: tell a guesser from a forgotten program that tries an old password for ever. Logs alone do not name accounts.
"""

from typing import Final

from apiward.core import marks
from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows import sketch
from apiward.watch.windows.counting import Counting
from apiward.watch.windows.distinct import add
from apiward.watch.windows.recent import Recent

LEAST_AN_HOUR: Final = 10
LEAST_A_DAY: Final = 20
LEAST_A_WEEK: Final = 40
_WEEK_S: Final = 7 * 86_400.0
_HOUR: Final = Counting(3_600.0)
_DAY: Final = Counting(86_400.0, 8)


class Cracking(Detector):
    """Counts failed log-ins of each account; those of a week in a sketch, which forgets no account for want of room."""

    rule = "accounts.cracking"
    when = (signs.LOG_IN | signs.MARKED | signs.NOT_IN, signs.LOG_IN | signs.MARKED | signs.REJECTED,
            signs.LOG_IN | signs.MARKED | signs.DENIED, signs.LOG_IN | signs.MARKED | signs.ENDED_BADLY)  # fmt: skip

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.tables = {"accounts": Recent(10_000)}
        self.kept = {"week": 0.0, "failed": sketch.new()}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Count one failure."""
        account = sight.marks.get(marks.ACCOUNT)
        if account is None:
            return
        accounts = self.tables["accounts"]
        known = accounts.used(account) or accounts.put(account, [_HOUR.new(), _DAY.new(), []])
        an_hour, a_day, places = known
        hourly, daily = _HOUR.add(an_hour, sight.at_s), _DAY.add(a_day, sight.at_s)
        weekly = self._weekly(account, sight.at_s)
        add(places, sight.place)
        if hourly >= LEAST_AN_HOUR:
            failed, hours = int(hourly), 1
        elif daily >= LEAST_A_DAY:
            failed, hours = int(daily), 24
        elif weekly >= LEAST_A_WEEK:
            failed, hours = weekly, 168
        else:
            return
        who = sight.place if len(places) == 1 else EVERYBODY
        told = failed if failed in {LEAST_AN_HOUR, LEAST_A_DAY, LEAST_A_WEEK} else 1
        facts = (("failed", failed), ("hours", hours))
        tell(
            self.rule,
            sight,
            who=who,
            severity=Severity.MEDIUM,
            count=told,
            facts=facts,
            touched=(f"account:{account}",),
        )

    def _weekly(self, account: str, at_s: float) -> int:
        failed: sketch.Sketch = self.kept["failed"]
        week = at_s // _WEEK_S
        if week > self.kept["week"]:
            self.kept["week"] = week
            sketch.halve(failed)
        return sketch.add(failed, account)
