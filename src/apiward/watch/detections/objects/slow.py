"""objects.slow: records are collected little by little, over a day or a week.

Proves: one caller asked for many records of one kind that are missing or not theirs, or, within a day, for several
times as many as is usual for them and for everybody else.
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
LEAST_THINGS: Final = 50
MOST_KINDS: Final = 16
MOST_OPERATIONS: Final = 2_000
_TIMES: Final = 2.0
_A_DAY: Final = Spreading(2 * DAY_S)
_A_WEEK: Final = Spreading(14 * DAY_S)
_MISSED: Final = signs.MISSING | signs.DENIED | signs.FOREIGN
_DAY, _THINGS, _PEAK, _MISS_DAY, _MISS_WEEK = range(5)


class Slow(Detector):
    """Remembers, for each caller and operation, the different records of the day and what was missed in a week."""

    rule = "objects.slow"
    when = (signs.READ | signs.ONE | signs.GOOD, signs.READ | signs.ONE | signs.MISSING,
            signs.READ | signs.ONE | signs.DENIED, signs.READ | signs.ONE | signs.FOREIGN)  # fmt: skip
    unless = signs.FILE | signs.OWN

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
            state = slot[sight.operation] = [day, [], 0, [], []]
        thing = sight.object or sight.marks.get(marks.NUMBER, "") or sight.marks.get(marks.OBJECT, "")
        things: Several = state[_THINGS]
        if day > state[_DAY]:
            self._ended(sight, state, things)
            state[_DAY] = day
        is_new = distinct.add(things, thing)
        if sight.bits & _MISSED:
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
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        if daily >= LEAST_MISSES_A_DAY * crowd or weekly >= LEAST_MISSES_A_WEEK * crowd:
            is_of_day = daily >= LEAST_MISSES_A_DAY * crowd
            missed = daily if is_of_day else weekly
            facts = (("days", 1 if is_of_day else 7), ("objects", missed), ("missing", missed))
            tell(self.rule, sight, severity=Severity.MEDIUM, count=self._first(missed), facts=facts)

    def _many(self, sight: Sight, state: list[Any], count: int, tell: Tell) -> None:
        usual = max(most_usual(self._usual(sight.operation)), float(state[_PEAK]))
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        if count >= max(LEAST_THINGS * crowd, _TIMES * usual):
            facts = (("days", 1), ("objects", count), ("missing", 0))
            tell(self.rule, sight, severity=Severity.LOW, count=self._first(count), facts=facts)

    @staticmethod
    def _first(count: int) -> int:
        """Return how many events a first sign stands for."""
        return count if count in {LEAST_MISSES_A_DAY, LEAST_MISSES_A_WEEK, LEAST_THINGS} else 1

    def _usual(self, operation: str) -> Usual:
        known = self.kept.get(operation)
        if known is None:
            if len(self.kept) >= MOST_OPERATIONS:
                self.kept.pop(next(iter(self.kept)))
            known = self.kept[operation] = new_usual()
        return known
