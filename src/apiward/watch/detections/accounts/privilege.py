"""accounts.privilege: somebody has a role that they did not have before.

Proves: the guard saw a caller with a role that this caller came without before.
Cannot: know who gave it. Where somebody of the staff changed something in their area within a day, it is only noted.
"""

from typing import Final, cast

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight

_GIVEN_S: Final = 86_400.0
_GIVING: Final = signs.STAFF | signs.WRITE | signs.GOOD


class Privilege(Detector):
    """Remembers the roles of each caller, and when staff last changed something."""

    rule = "accounts.privilege"
    when = (signs.KNOWN | signs.MARKED,)

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {"given_s": 0.0, "by": ""}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Hold the roles against those of before."""
        roles = sight.marks.get(marks.ROLE, "")
        before = cast("str | None", sight.slots[self.slot])
        if before is None or roles == before:
            sight.slots[self.slot] = roles
            if sight.bits & _GIVING == _GIVING:
                self.kept["given_s"], self.kept["by"] = sight.at_s, sight.who
            return
        sight.slots[self.slot] = roles
        if not set(filter(None, roles.split(","))) - set(before.split(",")):
            return
        was_given = sight.at_s - cast("float", self.kept["given_s"]) <= _GIVEN_S and self.kept["by"] != sight.who
        facts = (("before", before or "no special role"), ("now", roles))
        tell(
            self.rule,
            sight,
            severity=Severity.NOTE if was_given else Severity.MEDIUM,
            facts=facts,
            touched=(sight.who,),
        )
