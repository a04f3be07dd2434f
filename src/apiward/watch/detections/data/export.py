"""data.export: one caller is sent far more data than anybody.

Proves: what one caller was sent in a day is several times what is usual for them and for others of their kind, or it
has grown day by day, or they called an export five times within an hour.
Cannot: know what was in it, or whether the caller may have all of it. What strangers are sent is for everybody: of
them it only tells who takes far more than others, once it knows twenty.
"""

from typing import Any, Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.drift import excess, new_drift
from apiward.watch.windows.habits import DAY_S, Usual, most_usual, new_usual, take_in

LEAST_BYTES: Final = 2_000_000.0
LEAST_EXPORTS: Final = 5
MOST_OF_ONE: Final = 250_000
"""Of one answer to a stranger so many bytes count: what is public and large is fetched, and is no export."""
_TIMES: Final = 4.0
_HOUR_S: Final = 3_600.0
_GROWN: Final = 12.0
_MINE, _DRIFT, _PATH, _SIZE = range(4)
_DAY, _BYTES, _PEAK, _HOUR, _EXPORTS = range(5)


class Export(Detector):
    """Adds up what each caller is sent in a day."""

    rule = "data.export"
    when = (signs.READ | signs.GOOD, signs.EXPORT | signs.GOOD)
    unless = signs.OWN | signs.FILE
    version = 2

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {kind: new_usual() for kind in ("known", "key", "stranger")}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Add one answer."""
        slot: list[Any] | None = sight.slots[self.slot]
        day = sight.at_s // DAY_S
        if slot is None:
            sight.slots[self.slot] = slot = [[day, 0.0, 0.0, 0.0, 0.0], [], "", 0]
        mine, drift = slot[_MINE], slot[_DRIFT]
        is_known = bool(sight.bits & signs.KNOWN)
        if day > mine[_DAY]:
            if not drift:  # made with the first whole day: many callers come once
                drift[:] = new_drift()
            take_in(self._usual(sight), mine[_BYTES])
            if is_known and excess(drift, mine[_BYTES]) >= _GROWN and mine[_BYTES] >= LEAST_BYTES / 2:
                self._tell(sight, mine[_BYTES], drift[0], tell)
            mine[_PEAK] = max(mine[_BYTES], mine[_PEAK] * 0.9)
            mine[_DAY], mine[_BYTES] = day, 0.0
        size = sight.event.answer_size if is_known else _news(sight, slot)
        sent = mine[_BYTES] = mine[_BYTES] + size
        if sight.bits & signs.EXPORT:
            hour = sight.at_s // _HOUR_S
            mine[_EXPORTS] = mine[_EXPORTS] + 1.0 if hour == mine[_HOUR] else 1.0
            mine[_HOUR] = hour
            if mine[_EXPORTS] >= LEAST_EXPORTS:
                self._tell(sight, sent, mine[_PEAK], tell)
                return
        if sent >= LEAST_BYTES:
            usual = most_usual(self._usual(sight))
            if not usual and not is_known:
                return
            usual = max(usual, mine[_PEAK])
            if sent >= _TIMES * usual:
                self._tell(sight, sent, usual, tell)

    def _tell(self, sight: Sight, sent: float, usual: float, tell: Tell) -> None:
        facts = (("megabytes", f"{sent / 1e6:.1f}"), ("usual", f"{usual / 1e6:.1f}"))
        tell(self.rule, sight, severity=Severity.MEDIUM, facts=facts)

    def _usual(self, sight: Sight) -> Usual:
        kind = "key" if sight.bits & signs.KEY else "known" if sight.bits & signs.KNOWN else "stranger"
        usual: Usual = self.kept[kind]
        return usual


def _news(sight: Sight, slot: list[Any]) -> int:
    """Return what counts of an answer to a stranger: who fetches the same page again and again is sent nothing new."""
    path, size = sight.event.path, sight.event.answer_size
    if slot[_SIZE] == size and slot[_PATH] == path:
        return 0
    slot[_PATH], slot[_SIZE] = path, size
    return min(size, MOST_OF_ONE)
