"""accounts.privilege: somebody has a role that they did not have before.

Proves: the guard saw a caller with a role that this caller came without before.
Cannot: know who gave it. Where somebody of the staff changed this very account, or anything within a day before, it is
only noted.
"""

import re
from typing import Final

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.recent import Recent

_GIVEN_S: Final = 86_400.0
MOST_GIVEN: Final = 1_000
_GIVING: Final = signs.STAFF | signs.WRITE | signs.GOOD


class Privilege(Detector):
    """Remembers the roles of each caller, and when staff last changed something."""

    rule = "accounts.privilege"
    when = (signs.KNOWN | signs.ROLED, _GIVING)

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
        before: str | None = sight.slots[self.slot]
        if before is None:
            before = "" if sight.uses > 1 else roles  # whoever came without a role was not looked at
        if roles == before:
            sight.slots[self.slot] = roles
            return
        sight.slots[self.slot] = roles
        if not set(filter(None, roles.split(","))) - set(before.split(",")):
            return
        by = self.tables["changed"].get(re.split("[:|]", sight.who)[-1], [sight.who])
        was_given = by[0] != sight.who or self._was_given(sight)
        facts = (("before", before or "no special role"), ("now", roles))
        severity = Severity.NOTE if was_given else Severity.MEDIUM
        tell(self.rule, sight, severity=severity, facts=facts, touched=(sight.who,))

    def _was_given(self, sight: Sight) -> bool:
        return bool(sight.at_s - self.kept["given_s"] <= _GIVEN_S and self.kept["by"] != sight.who)
