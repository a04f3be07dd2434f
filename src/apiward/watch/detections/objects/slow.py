"""objects.slow: records are collected little by little, over a day or a week.

Proves: one caller asked for many records of one kind that are missing or not theirs, or for some with numbers in a
row, or, within a day, for several times as many as is usual for them and for everybody else.
Cannot: see somebody who takes no more than others do. Pauses of a week between two looks are too long for it.
"""

from typing import Any, Final

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight
from apiward.watch.windows import distinct
from apiward.watch.windows.distinct import Several, Spreading
from apiward.watch.windows.habits import DAY_S, Usual, most_usual, new_usual, take_in

LEAST_MISSES_A_DAY: Final = 12
LEAST_MISSES_A_WEEK: Final = 20
LEAST_IN_A_ROW: Final = 6
"""Equal steps from number to number that all missed: who follows old links jumps about."""
LEAST_THINGS: Final = 50
MOST_KINDS: Final = 16
MOST_OPERATIONS: Final = 2_000
_TIMES: Final = 2.0
_A_DAY: Final = Spreading(2 * DAY_S)
_A_WEEK: Final = Spreading(14 * DAY_S)
_DAY, _THINGS, _PEAK, _MISS_DAY, _MISS_WEEK, _LAST, _STRIDE, _ROW, _UNTOLD = range(9)


class Slow(Detector):
    """Remembers, for each caller and operation, the different records of the day and what was missed in a week."""

    rule = "objects.slow"
    when = (signs.READ | signs.ONE | signs.GOOD, signs.READ | signs.ONE | signs.MISSING,
            signs.READ | signs.ONE | signs.DENIED, signs.READ | signs.ONE | signs.FOREIGN)  # fmt: skip
    unless = signs.FILE | signs.OWN
    version = 2

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in one record."""
        slot: dict[str, list[Any]] | None = sight.slots[self.slot]
        if slot is None:
            sight.slots[self.slot] = slot = {}
        state = slot.get(sight.operation)
        day = sight.at_s // DAY_S
        if state is None:
            if len(slot) >= MOST_KINDS:
                slot.pop(next(iter(slot)))
            state = slot[sight.operation] = [day, [], 0, [], [], 0, 0, 0, 0]
        thing = sight.object or sight.marks.get(marks.NUMBER, "") or sight.marks.get(marks.OBJECT, "")
        things: Several = state[_THINGS]
        if day > state[_DAY]:
            self._ended(sight, state, things)
            state[_DAY] = day
        is_new = distinct.add(things, thing)
        if signs.is_missed(sight.bits):
            self._missed(sight, state, thing, tell)
        elif is_new and len(things) >= LEAST_THINGS:
            self._many(sight, state, distinct.count(things), tell)

    def _ended(self, sight: Sight, state: list[Any], things: Several) -> None:
        count = distinct.count(things)
        take_in(self._usual(sight.operation), count)
        state[_PEAK] = max(count, int(state[_PEAK] * 0.9))
        things.clear()

    def _missed(self, sight: Sight, state: list[Any], thing: str, tell: Tell) -> None:
        a_day, a_week = state[_MISS_DAY], state[_MISS_WEEK]
        if not a_day:
            a_day[:], a_week[:] = _A_DAY.new(), _A_WEEK.new()
        _A_DAY.add(a_day, thing, sight.at_s)
        _A_WEEK.add(a_week, thing, sight.at_s)
        daily, weekly = _A_DAY.count(a_day), _A_WEEK.count(a_week)
        row = _follow(state, thing) if thing.isdecimal() else 0
        state[_UNTOLD] = state[_UNTOLD] + 1 if weekly > 1 else 1
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        is_of_day = daily >= LEAST_MISSES_A_DAY * crowd
        if is_of_day or weekly >= LEAST_MISSES_A_WEEK * crowd or row >= LEAST_IN_A_ROW * crowd:
            days, missed = (1, daily) if is_of_day else (7, weekly)
            facts = (("days", days), ("objects", missed), ("missing", missed))
            tell(self.rule, sight, severity=Severity.MEDIUM, count=state[_UNTOLD], facts=facts)
            state[_UNTOLD] = 0

    def _many(self, sight: Sight, state: list[Any], count: int, tell: Tell) -> None:
        of_others = most_usual(self._usual(sight.operation))
        if not of_others and not sight.bits & signs.KNOWN:
            return  # what strangers find is for everybody, and nothing is known of how much others take
        usual = max(of_others, float(state[_PEAK]))
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        if count >= max(LEAST_THINGS * crowd, _TIMES * usual):
            facts = (("days", 1), ("objects", count), ("missing", 0))
            tell(self.rule, sight, severity=Severity.LOW, count=count if count == LEAST_THINGS else 1, facts=facts)

    def _usual(self, operation: str) -> Usual:
        known = self.kept.get(operation)
        if known is None:
            if len(self.kept) >= MOST_OPERATIONS:
                self.kept.pop(next(iter(self.kept)))
            known = self.kept[operation] = new_usual()
        return known


def _follow(state: list[Any], thing: str) -> int:
    """Return how many equal steps from number to number were made that all missed."""
    number = int(thing[:18])
    stride = number - state[_LAST]
    if stride:
        is_on = stride == state[_STRIDE] and -5 <= stride <= 5
        state[_ROW] = state[_ROW] + 1 if is_on else 1
        state[_STRIDE], state[_LAST] = stride, number
    return int(state[_ROW])
