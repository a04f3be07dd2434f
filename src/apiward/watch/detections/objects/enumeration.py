"""objects.enumeration: ids are counted through, within minutes.

Proves: one caller asked, within half an hour, for many objects of one kind that are missing or not theirs, or for
numbers in a row, or for far more of them than anybody does.
Cannot: tell a copy of a long list that is there for everybody from counting; its severity is lower then.
"""

from typing import Any, Final

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight
from apiward.watch.windows.distinct import Spread, Spreading

SPAN_S: Final = 1_800.0
LEAST_MISSES: Final = 8
LONGEST_RUN: Final = 40
"""Steps of equal length from number to number that a page of a list may make."""
LEAST_IN_DOUBT: Final = 15
MOST_KINDS: Final = 16
_IN: Final = Spreading(SPAN_S)
_MISSES, _LAST, _STRIDE, _RUN, _SINCE, _BAD = range(6)


class Enumeration(Detector):
    """Remembers, for each caller and operation, what was missed and how the numbers ran."""

    rule = "objects.enumeration"
    when = (signs.READ | signs.ONE,)
    unless = signs.FILE

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in one id."""
        slot: dict[str, list[Any]] | None = sight.slots[self.slot]
        if slot is None:
            sight.slots[self.slot] = slot = {}
        is_miss = signs.is_missed(sight.bits)
        thing = sight.object or sight.marks.get(marks.NUMBER, "") or sight.marks.get(marks.OBJECT, "")
        state = slot.get(sight.operation)
        if state is None:
            if len(slot) >= MOST_KINDS:
                slot.pop(next(iter(slot)))
            state = slot[sight.operation] = [[], 0, 0, 0, sight.at_s, 0]
        run = _follow(state, thing, sight.at_s) if thing.isdecimal() else 0
        misses: Spread = state[_MISSES]
        if is_miss:
            if not misses:  # made at the first miss: most callers never miss anything
                misses[:] = _IN.new()
            _IN.add(misses, thing, sight.at_s)
        elif run < LEAST_IN_DOUBT:
            return
        missed = _IN.count(misses) if is_miss or (misses and misses[1]) else 0
        crowd = 1 if sight.bits & signs.KNOWN else max(1, sight.crowd)
        if missed >= LEAST_MISSES * crowd or run >= LONGEST_RUN or (run >= LEAST_IN_DOUBT and missed >= 2):
            count = max(missed, run)
            is_given = sight.bits & signs.FOREIGN and sight.bits & signs.GOOD
            severity = Severity.HIGH if is_given else Severity.MEDIUM if missed >= 2 else Severity.LOW
            told = count if not state[_BAD] else 1
            state[_BAD] = 1
            tell(self.rule, sight, severity=severity, count=told, facts=(("objects", count), ("missing", missed)))
        elif is_miss and missed < LEAST_MISSES // 2:
            state[_BAD] = 0


def _follow(state: list[Any], thing: str, at_s: float) -> int:
    """Return how many equal steps were made up to this number, within the time."""
    number = int(thing[:18])
    stride = number - state[_LAST]
    state[_LAST] = number
    run: int = state[_RUN]
    if not stride:
        return run
    if stride == state[_STRIDE] and -5 <= stride <= 5 and at_s - state[_SINCE] <= SPAN_S:
        run += 1
        state[_RUN] = run
        return run
    state[_STRIDE], state[_RUN], state[_SINCE] = stride, 1, at_s
    return 1
