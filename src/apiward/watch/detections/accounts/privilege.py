"""accounts.privilege: somebody has a role that they did not have before.

Proves: the guard saw a caller with a role that this caller came without before.
Cannot: know who gave it. Where somebody of the staff changed this very account, or anything within a day before, it is
only noted.
"""

import re
from typing import Any, Final

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.recent import Recent

_GIVEN_S: Final = 86_400.0
MOST_GIVEN: Final = 1_000
STRANGE_S: Final = 7 * 86_400.0
"""After a week a role that nobody gave is one like the others."""
_ROLES, _SINCE, _IS_TOLD = range(3)
_GIVING: Final = signs.STAFF | signs.WRITE | signs.GOOD


class Privilege(Detector):
    """Remembers the roles of each caller, and when staff last changed something."""

    rule = "accounts.privilege"
    when = (signs.KNOWN | signs.ROLED, _GIVING)
    version = 2

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {"given_s": 0.0, "by": ""}
        self.tables = {"changed": Recent(MOST_GIVEN)}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Hold the roles against those of before."""
        if sight.bits & _GIVING == _GIVING:
            self.kept["given_s"], self.kept["by"] = sight.at_s, sight.who
            self.tables["changed"].put(sight.object, [sight.who])
        roles = sight.marks.get(marks.ROLE, "")
        mine: list[Any] | None = sight.slots[self.slot]
        if mine is None:  # whoever came without a role was not looked at
            sight.slots[self.slot] = mine = ["" if sight.uses > 1 else roles, 0.0, False]
        before = mine[_ROLES]
        if roles == before:
            return
        if not set(filter(None, roles.split(","))) - set(before.split(",")):
            mine[:] = [roles, 0.0, False]
            return
        self._more(sight, mine, roles, tell)

    def _more(self, sight: Sight, mine: list[Any], roles: str, tell: Tell) -> None:
        """Tell of a role that is new; one that nobody gave stays new for a week."""
        before, since_s, is_told = mine
        was_given = not is_told and (
            self.tables["changed"].get(re.split("[:|]", sight.who)[-1], [sight.who])[0] != sight.who
            or self._was_given(sight)
        )
        if was_given or (since_s and sight.at_s - since_s > STRANGE_S):
            mine[:] = [roles, 0.0, False]
        else:
            mine[_SINCE], mine[_IS_TOLD] = since_s or sight.at_s, True
        facts = (("before", before or "no special role"), ("now", roles))
        severity = Severity.NOTE if was_given else Severity.MEDIUM
        tell(self.rule, sight, severity=severity, facts=facts, touched=(sight.who,))

    def _was_given(self, sight: Sight) -> bool:
        return bool(sight.at_s - self.kept["given_s"] <= _GIVEN_S and self.kept["by"] != sight.who)
