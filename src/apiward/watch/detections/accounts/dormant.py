"""accounts.dormant: an account or key wakes up, in other hands.

Proves: it was not used for three weeks, and then from a place and with a program that it was never used with.
Cannot: know of accounts that were never used since watch began, or that it has forgotten for want of room.
"""

from typing import Final, cast

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight

ASLEEP_S: Final = 21 * 86_400.0
MOST: Final = 6
_AGAIN_S: Final = 3_600.0
_LAST, _PLACES, _AGENTS = range(3)


class Dormant(Detector):
    """Remembers when, from where and with what each caller came last."""

    rule = "accounts.dormant"
    when = (signs.KNOWN | signs.GOOD,)

    def see(self, sight: Sight, tell: Tell) -> None:
        """Look how long it has been."""
        mine = cast("list[object] | None", sight.slots[self.slot])
        agent = sight.marks.get(marks.AGENT, "")
        if mine is None:
            sight.slots[self.slot] = [sight.at_s, [sight.place], [agent]]
            return
        slept_s = sight.at_s - cast("float", mine[_LAST])
        mine[_LAST] = sight.at_s
        if slept_s < _AGAIN_S:
            return
        places, agents = cast("list[str]", mine[_PLACES]), cast("list[str]", mine[_AGENTS])
        if slept_s > ASLEEP_S and sight.place not in places and (agent not in agents or not agent):
            facts = (("days", int(slept_s // 86_400)),)
            tell(self.rule, sight, severity=Severity.MEDIUM, facts=facts, touched=(sight.who,))
        _keep(places, sight.place)
        _keep(agents, agent)


def _keep(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)
        del names[:-MOST]
