"""accounts.takeover: a stranger has found the right password, and what they then do to the account.

Proves: a log-in worked from a place that the account never used, after its password had been guessed at, after that
place failed at other accounts, or from a network new to everybody while many log-ins failed; or a newcomer with another
program changed e-mail or password within the hour.
Cannot: tell a thief behind the customer's own address. Needs to know the account, so logs alone do not show it.
"""

import re
from typing import Final

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.counting import Counted, Counting
from apiward.watch.windows.recent import Recent

GUESSES: Final = 5
OTHERS: Final = 2
MOST_NETWORKS: Final = 2_000
WAVE: Final = 10
MOST: Final = 12
_SHARE: Final = 0.3
_AFTER_S: Final = 3_600.0
_DAY: Final = Counting(86_400.0, 8)
_QUARTER: Final = Counting(900.0, 5)
_LOG_IN: Final = signs.LOG_IN | signs.MARKED
_LETS_IN: Final = re.compile(r"passw|pwd|mail|phone|mfa|2fa|totp|passkey", re.IGNORECASE)
_CHANGE: Final = signs.ACCOUNT | signs.KNOWN | signs.GOOD
_PLACES, _AGENTS, _GUESSED = range(3)


class Takeover(Detector):
    """Remembers from where and with what each account logs in."""

    rule = "accounts.takeover"
    when = (_LOG_IN | signs.GOOD, _LOG_IN | signs.NOT_IN, _LOG_IN | signs.REJECTED, _LOG_IN | signs.DENIED,
            _LOG_IN | signs.ENDED_BADLY, _CHANGE)  # fmt: skip

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.tables = {
            "accounts": Recent(settings.most_callers),
            "newcomers": Recent(5_000),
            "failed": Recent(5_000),
            "networks": Recent(MOST_NETWORKS),
        }
        self.kept = {"failed": _QUARTER.new(), "good": _QUARTER.new()}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in a log-in, or a change of an account."""
        if sight.bits & signs.LOG_IN:
            account = sight.marks.get(marks.ACCOUNT)
            if account is not None:
                self._log_in(sight, account, tell)
            return
        came = self.tables["newcomers"].get(sight.place)
        if came is None or sight.at_s - came[0] > _AFTER_S:
            return
        if came[2] or _LETS_IN.search(sight.operation):
            facts = (("reason", "the account itself was changed soon after"),)
            touched = (sight.who, f"account:{came[1]}")
            severity = Severity.CRITICAL if came[2] else Severity.MEDIUM
            tell(self.rule, sight, who=sight.place, severity=severity, facts=facts, touched=touched)

    def _log_in(self, sight: Sight, account: str, tell: Tell) -> None:
        accounts = self.tables["accounts"]
        known = accounts.used(account) or accounts.put(account, [[], [], _DAY.new()])
        places, agents = known[_PLACES], known[_AGENTS]
        guessed: Counted = known[_GUESSED]
        if sight.bits & signs.ENDED_BADLY or not sight.bits & signs.GOOD:
            _QUARTER.add(self.kept["failed"], sight.at_s)
            if sight.place not in places:
                _DAY.add(guessed, sight.at_s)
            others = self.tables["failed"].used(sight.place) or self.tables["failed"].put(sight.place, [])
            _keep(others, account)
            return
        good = _QUARTER.add(self.kept["good"], sight.at_s)
        agent = sight.marks.get(marks.AGENT, "")
        is_new = sight.place not in places and sight.crowd < 2 and not sight.bits & signs.OWN
        reason = self._reason(sight, account, good, guessed, has_agent=agent in agents) if is_new else ""
        if reason or (is_new and places and agent not in agents):
            self.tables["newcomers"].put(sight.place, [sight.at_s, account, int(bool(reason))])
        if reason:
            facts = (("reason", reason),)
            tell(
                self.rule, sight, who=sight.place, severity=Severity.HIGH, facts=facts, touched=(f"account:{account}",)
            )
            return
        _keep(places, sight.place)
        _keep(agents, agent)

    def _reason(self, sight: Sight, account: str, good: float, guessed: Counted, *, has_agent: bool) -> str:
        """Return why a log-in from a new place is no ordinary one, or an empty text."""
        others = self.tables["failed"].get(sight.place, [])
        if _DAY.total(guessed, sight.at_s) >= GUESSES and (not has_agent or account in others):
            return "its password was being guessed"
        if len(others) - (account in others) >= OTHERS:
            return "others were tried from there"
        network = sight.marks.get(marks.ASN)
        if network is None:
            return ""
        is_new = self.tables["networks"].used(network) is None
        failed = _QUARTER.total(self.kept["failed"], sight.at_s)
        if is_new and failed >= WAVE and failed >= _SHARE * (failed + good):
            return "many log-ins of others failed"
        self.tables["networks"].put(network, [1])
        return ""


def _keep(names: list[str], name: str) -> None:
    if name in names:
        names.remove(name)
    names.append(name)
    del names[:-MOST]
