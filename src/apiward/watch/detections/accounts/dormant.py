"""accounts.dormant: an account or key wakes up, in other hands.

Proves: it was not used for three weeks, and then from a place and with a program that it was never used with.
Cannot: know of accounts that were never used since watch began, or that it has forgotten for want of room.
"""

from typing import Final

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight

ASLEEP_S: Final = 21 * 86_400.0
MOST: Final = 6
_PLACES, _AGENTS = range(2)


class Dormant(Detector):
    """Remembers from where and with what each caller came."""

    rule = "accounts.dormant"
    when = (signs.KNOWN | signs.GOOD | signs.BACK,)

    def see(self, sight: Sight, tell: Tell) -> None:
        """Look how long it has been."""
        mine: list[list[str]] | None = sight.slots[self.slot]
        agent = sight.marks.get(marks.AGENT, "")
        if mine is None:
            sight.slots[self.slot] = [[sight.place], [agent]]
            return
        slept_s = sight.at_s - sight.last_s
        if slept_s > ASLEEP_S and sight.place not in mine[_PLACES] and (agent not in mine[_AGENTS] or not agent):
            facts = (("days", int(slept_s // 86_400)),)
            tell(self.rule, sight, severity=Severity.MEDIUM, facts=facts, touched=(sight.who,))
        _keep(mine[_PLACES], sight.place)
        _keep(mine[_AGENTS], agent)


def _keep(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)
        del names[:-MOST]
