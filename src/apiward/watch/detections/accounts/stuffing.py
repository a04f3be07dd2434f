"""accounts.stuffing: many accounts are tried, by one address or by many together.

Proves: far more log-ins failed than is usual, to many different accounts, in a quarter of an hour.
Cannot: say which passwords were right; that is accounts.takeover. Where accounts are not known (logs alone), it counts
addresses in their place.
"""

from typing import Final

from apiward.core import marks
from apiward.core.detection import EVERYBODY, UNKNOWN
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.counting import Counting
from apiward.watch.windows.distinct import Spreading
from apiward.watch.windows.recent import Recent

SPAN_S: Final = 900.0
LEAST: Final = 10
LEAST_ACCOUNTS: Final = 8
LEAST_UNNAMED: Final = 20
"""Failures of one address, where it is not known which accounts it tried."""
_SHARE: Final = 0.3
_TIMES: Final = 4
_FOLLOWS: Final = 0.02
_IN: Final = Counting(SPAN_S, 5)
_OF: Final = Spreading(SPAN_S)


class Stuffing(Detector):
    """Counts failed log-ins of each address, and of all together against what is usual."""

    rule = "accounts.stuffing"
    when = (
        signs.LOG_IN | signs.GOOD, signs.LOG_IN | signs.NOT_IN, signs.LOG_IN | signs.DENIED,
        signs.LOG_IN | signs.REJECTED, signs.LOG_IN | signs.MISSING, signs.LOG_IN | signs.ENDED_BADLY,
    )  # fmt: skip

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {"failed": _IN.new(), "good": _IN.new(), "accounts": _OF.new(), "usual": [0.0, 0.0, 0.0]}
        self.tables = {"places": Recent(5_000)}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Count one log-in, and tell where too many fail."""
        place = self.tables["places"].used(sight.place) or self.tables["places"].put(
            sight.place, [_IN.new(), _IN.new(), _OF.new()]
        )
        failed, good, accounts = place
        if sight.bits & signs.GOOD and not sight.bits & signs.ENDED_BADLY:
            _IN.add(good, sight.at_s)
            _IN.add(self.kept["good"], sight.at_s)
            return
        account = sight.marks.get(marks.ACCOUNT, "")
        count = _IN.add(failed, sight.at_s)
        _OF.add(accounts, account, sight.at_s)
        least = LEAST if account else LEAST_UNNAMED
        crowd = max(1, sight.crowd // 2)
        if count >= least * crowd and count >= 3 * _IN.total(good, sight.at_s):
            different = _OF.count(accounts)
            if not account or different >= LEAST_ACCOUNTS:
                facts = (("accounts", different if account else UNKNOWN), ("failed", int(count)), ("addresses", 1))
                told = int(count) if count == least * crowd else 1
                tell(self.rule, sight, who=sight.place, severity=Severity.MEDIUM, count=told, facts=facts)
                return
        self._together(sight, account, tell)

    def _together(self, sight: Sight, account: str, tell: Tell) -> None:
        """Count for everybody. What is usual is not learned from what is told."""
        failed, accounts = self.kept["failed"], self.kept["accounts"]
        usual: list[float] = self.kept["usual"]
        _follow(usual, sight.at_s // SPAN_S)
        count = _IN.add(failed, sight.at_s)
        _OF.add(accounts, account or sight.place, sight.at_s)
        good = _IN.total(self.kept["good"], sight.at_s)
        usual[2] = min(usual[2] + 1.0, LEAST)
        if count < LEAST + _TIMES * usual[1] or count < _SHARE * (count + good):
            return
        different = _OF.count(accounts)
        if different >= LEAST_ACCOUNTS and different * 2 >= count:
            known, unknown = ("accounts", "addresses") if account else ("addresses", "accounts")
            facts = ((known, different), (unknown, UNKNOWN), ("failed", int(count)))
            tell(self.rule, sight, who=EVERYBODY, severity=Severity.MEDIUM, facts=facts)


def _follow(usual: list[float], window: float) -> None:
    """Let what is usual follow the window that has ended, and all those after it in which nothing failed."""
    ended = min(window - usual[0], 1_000.0)
    if ended > 0:
        usual[1] += (usual[2] - usual[1]) * _FOLLOWS
        usual[1] *= (1 - _FOLLOWS) ** (ended - 1)
        usual[0], usual[2] = window, 0.0
