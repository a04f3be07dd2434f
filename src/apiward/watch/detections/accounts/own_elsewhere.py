"""accounts.own-elsewhere: the owner's own account is used from a place that is none of the owner's.

Proves: an account that the settings name as one's own came from an address outside of those that they name.
Cannot: be seen where the settings name neither. Each new place is told once.
"""

from typing import Final

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight

MOST: Final = 64


class OwnElsewhere(Detector):
    """Looks at the owner's accounts alone."""

    rule = "accounts.own-elsewhere"
    when = (signs.KNOWN,)
    unless = signs.OWN

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self._own = frozenset(settings.own_accounts)
        self.is_idle = not self._own

    def see(self, sight: Sight, tell: Tell) -> None:
        """Tell a place that is new."""
        if sight.who not in self._own:
            return
        places: list[str] | None = sight.slots[self.slot]
        if places is None:
            sight.slots[self.slot] = places = []
        if sight.place in places:
            return
        places.append(sight.place)
        del places[:-MOST]
        facts = (("now", sight.marks.get(marks.AGENT, "an unnamed program")),)
        tell(self.rule, sight, severity=Severity.HIGH, facts=facts, touched=(sight.who,))
