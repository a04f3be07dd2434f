"""accounts.key-sharing: a program's key is used from more networks than it ever was.

Proves: a key that came from few networks for days came from a new one, or from several at once.
Cannot: tell a move to another hosting service from a theft; it says so once, and then knows the new network.
"""

import ipaddress
from typing import Any, Final

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight

SETTLED_S: Final = 2 * 86_400.0
SETTLED_USES: Final = 20
LONG_S: Final = 5 * 86_400.0
LONG_USES: Final = 5
"""A program that works little, each night for five nights, has a place as well."""
STRANGE_S: Final = 7 * 86_400.0
"""After a week of use a new network is one like the others."""
MOST: Final = 16
_FEW: Final = 2
_SINCE, _USES, _NETWORKS, _STRANGE = range(4)


class KeySharing(Detector):
    """Remembers the networks of each key."""

    rule = "accounts.key-sharing"
    when = (signs.KEY | signs.GOOD, signs.KEY | signs.DENIED, signs.KEY | signs.MISSING)
    unless = signs.OWN

    def see(self, sight: Sight, tell: Tell) -> None:
        """Look from where the key comes."""
        network = sight.marks.get(marks.ASN, "") or _network(sight.place)
        mine: list[Any] | None = sight.slots[self.slot]
        if mine is None:
            sight.slots[self.slot] = [sight.at_s, 1, [network], {}]
            return
        uses = mine[_USES] = mine[_USES] + 1
        known, strange = mine[_NETWORKS], mine[_STRANGE]
        if network in known:
            return
        age_s = sight.at_s - mine[_SINCE]
        is_settled = (age_s >= SETTLED_S and uses >= SETTLED_USES) or (age_s >= LONG_S and uses >= LONG_USES)
        first_s = strange.setdefault(network, sight.at_s)
        if not is_settled or len(known) > _FEW or sight.at_s - first_s > STRANGE_S or len(strange) > MOST:
            strange.pop(network)
            known.append(network)
            del known[:-MOST]
            return
        networks = len(known) + len(strange)
        severity = Severity.HIGH if len(strange) > 1 else Severity.MEDIUM
        facts = (("before", len(known)), ("networks", networks))
        tell(self.rule, sight, severity=severity, facts=facts, touched=(sight.who,))


def _network(place: str) -> str:
    text = place.partition(":")[2]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    return (
        str(ipaddress.ip_network((int(address) >> 80 << 80, 48))) if address.version == 6 else text.rpartition(".")[0]
    )
