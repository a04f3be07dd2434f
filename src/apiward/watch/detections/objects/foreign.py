"""objects.foreign: somebody reaches for what belongs to somebody else.

Proves: the guard knows whose the object is, and that this caller was never given it; or the API itself refused three
different objects to one caller within an hour.
Cannot: know of objects that the guard has not seen with their owner. Logs alone show refusals, not what was given out.
What strangers read, too, is for everybody: there the guard's word, which few readers taught it, is not passed on. While
fewer than ten people have read of a kind, what a stranger is given of it is only noted.
"""

from typing import Any, Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.distinct import Spread, Spreading

LEAST_REFUSED: Final = 3
LEAST_STRANGERS: Final = 2
STRANGERS_SHARE: Final = 0.05
"""Fewer come by links that somebody has given them."""
ENOUGH_READERS: Final = 10
MOST_KINDS: Final = 2_000
_MOST_READS: Final = 4_000
_LEARNED: Final = "objects."
_READ_BY_RIGHT: Final = signs.MARKED | signs.READ | signs.ONE | signs.GOOD
_IN: Final = Spreading(3_600.0)
_READS, _OF_STRANGERS, _PLACES, _READERS = range(4)


class Foreign(Detector):
    """Takes the guard's word; beside it, counts objects that the API itself forbade."""

    rule = "objects.foreign"
    when = (signs.FOREIGN, signs.ONE | signs.KNOWN | signs.DENIED, _READ_BY_RIGHT)
    version = 2

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self._kinds: dict[str, list[Any]] = {}
        """What is kept of the kind of each operation, found out once."""

    def see(self, sight: Sight, tell: Tell) -> None:
        """Tell each one that the guard is sure of, and forbidden ones from the third on."""
        if sight.bits & signs.FOREIGN:
            self._foreign(sight, tell)
        elif not sight.bits & signs.DENIED:
            self._read(sight)
        elif not sight.bits & signs.STAFF:
            self._refused(sight, tell)

    def _foreign(self, sight: Sight, tell: Tell) -> None:
        is_given = bool(sight.bits & signs.GOOD)
        severity = Severity.HIGH if is_given else Severity.MEDIUM
        if not sight.bits & signs.REFUSED:
            kinds = [self.kept.get(kind) if kind else None for kind in _kinds(sight)]
            if all(known is not None and _is_public(known, sight.place) for known in kinds):
                return
            if is_given and not sight.bits & signs.KNOWN:
                if all(known is None or len(known[_READERS]) < ENOUGH_READERS for known in kinds):
                    severity = Severity.NOTE
                if sight.bits & _READ_BY_RIGHT == _READ_BY_RIGHT:
                    self._read(sight)
        facts = (("objects", 1), ("given", "given out" if is_given else "refused"))
        tell(self.rule, sight, severity=severity, facts=facts)

    def _read(self, sight: Sight) -> None:
        """Count who reads objects of a kind."""
        known = self._kinds.get(sight.operation) or self._kind_of(sight.operation)
        known[_READS] += 1
        if known[_READS] > _MOST_READS:
            known[_READS], known[_OF_STRANGERS] = known[_READS] // 2, known[_OF_STRANGERS] // 2
        if sight.bits & signs.KNOWN:
            readers: list[str] = known[_READERS]
            if len(readers) < ENOUGH_READERS and sight.who not in readers:
                readers.append(sight.who)
            return
        known[_OF_STRANGERS] += 1
        places: list[str] = known[_PLACES]
        if len(places) <= LEAST_STRANGERS and sight.place not in places:
            places.append(sight.place)

    def _kind_of(self, operation: str) -> list[Any]:
        """Return what is kept of the kind that an operation reads: its list's path, as the guard calls a kind."""
        path = operation.partition(" ")[2]
        kind = path.rpartition("/{")[0] or path
        if len(self._kinds) >= MOST_KINDS:
            self._kinds.clear()
        if kind not in self.kept and len(self.kept) >= MOST_KINDS:
            self.kept.clear()
            self._kinds.clear()
        known: list[Any] = self.kept.setdefault(kind, [0, 0, [], []])
        self._kinds[operation] = known
        return known

    def _refused(self, sight: Sight, tell: Tell) -> None:
        mine: list[Any] | None = sight.slots[self.slot]
        if mine is None:
            sight.slots[self.slot] = mine = [_IN.new(), 0]
        refused: Spread = mine[0]
        _IN.add(refused, sight.event.path, sight.at_s)
        count = _IN.count(refused)
        mine[1] = mine[1] + 1 if count > 1 else 1  # not told yet
        if count >= LEAST_REFUSED:
            facts = (("objects", count), ("given", "refused"))
            tell(self.rule, sight, severity=Severity.LOW, count=mine[1], facts=facts)
            mine[1] = 0


def _is_public(known: list[Any], place: str) -> bool:
    """Whether objects of a kind are read by strangers, by others than this one."""
    if known[_OF_STRANGERS] < STRANGERS_SHARE * known[_READS]:
        return False
    places: list[str] = known[_PLACES]
    return sum(one != place for one in places) >= LEAST_STRANGERS


def _kinds(sight: Sight) -> list[str]:
    """Return the kinds of objects of which the guard has spoken; an empty text where somebody has set the rule."""
    return [
        ruling.decision.saw.partition(":")[0] if ruling.decision.rule.startswith(_LEARNED) else ""
        for ruling in sight.event.rulings
        if signs.BY_RULE.get(ruling.decision.rule) == signs.FOREIGN
    ]
