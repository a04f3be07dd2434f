"""accounts.travel: one account in two countries, faster than anybody travels.

Proves: the same caller came from two countries within two hours, with another program and another network.
Cannot: know where relay and mobile networks really end; so it is low, and never enough to shut somebody out. It needs
events that name country and network, and is silent without.
"""

from typing import Final

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight

WITHIN_S: Final = 7_200.0


class Travel(Detector):
    """Remembers the last country of each caller."""

    rule = "accounts.travel"
    when = (signs.KNOWN | signs.LOCATED | signs.GOOD,)
    unless = signs.KEY | signs.OWN

    def see(self, sight: Sight, tell: Tell) -> None:
        """Hold the country against the last one."""
        country = sight.marks[marks.COUNTRY]
        asn, agent = sight.marks.get(marks.ASN, ""), sight.marks.get(marks.AGENT, "")
        last: tuple[str, str, str, float] | None = sight.slots[self.slot]
        sight.slots[self.slot] = [country, asn, agent, sight.at_s]
        if last is None:
            return
        before, last_asn, last_agent, at_s = last
        if before == country or last_agent == agent or last_asn == asn or sight.at_s - at_s > WITHIN_S:
            return
        minutes = max(1, round((sight.at_s - at_s) / 60))
        facts = (("before", before), ("now", country), ("minutes", minutes))
        tell(self.rule, sight, severity=Severity.LOW, facts=facts, touched=(sight.who,))
