"""How much there is of everything together: counted once for each event, for all detections that ask."""

from typing import Any, Final

NEVER_S: Final = -1.0
"""A time that no event has."""
JUMP_S: Final = 300.0
"""A time so far before the newest one of its source is behind."""
MINUTES: Final = 10
MOST_DAYS: Final = 6
MOST_SOURCES: Final = 100
_MINUTE_S: Final = 60.0
PART_S: Final = 1_800.0
"""Half an hour: what comes in a burst at a full hour says nothing of the time after it."""
_PARTS: Final = 48
_PART: Final = 30
_WORKDAYS: Final = 5
_EPOCH_DAY: Final = 3
"""1 January 1970 was a Thursday."""


class Traffic:
    """Counts of the last minutes and of the half hours of some days; the newest time of each source of events."""

    def __init__(self) -> None:
        self.total = 0
        """All events so far."""
        self.newest: dict[str, float] = {}
        self.last_s = 0.0
        """When the last one came, whatever the time of it."""
        self.heard_s = self.asked_s = 0.0
        """When it was last known that something had come, and when that was last asked."""
        self.same_s, self.same = NEVER_S, ""
        """Time and source of the event before this one, where the next one is to be counted as it was."""
        self._fed_upto = 0
        self.is_silent = False
        """Whether the silence that goes on has been told: its hours teach nothing."""
        self._minute = 0.0
        self._from_s = self._to_s = 0.0
        """Beginning and end of the newest minute."""
        self._counted = 0
        """Up to which one events were counted in minutes; those after it belong into the newest one."""
        self._counts = [0] * MINUTES
        self._hour = 0.0
        self._before_hour = 0
        self._hours: list[list[int]] = [[] for _ in range(2 * _PARTS)]

    @property
    def is_fed(self) -> bool:
        """Return whether anything has come since this was set to no."""
        return self.total > self._fed_upto

    @is_fed.setter
    def is_fed(self, value: bool) -> None:
        self._fed_upto = -1 if value else self.total

    def heard(self, at_s: float, source: str) -> bool:
        """Count one event; whether its time lies behind others of its source.

        Where it has the time and the source of `same_s` and `same`, it is enough to count it in `total`.
        """
        self._fold()
        self.total += 1
        self.same_s, self.same = at_s, source
        if at_s > self.last_s:  # noqa: PLR1730 - max() is a call, for many events
            self.last_s = at_s
        if not self._from_s <= at_s < self._to_s:
            self._elsewhere(at_s)
        newest = self.newest.get(source)
        if newest is None:
            self._begin(at_s, source)
        elif at_s > newest:
            self.newest[source] = at_s
        elif newest - at_s >= JUMP_S:
            self.same_s = NEVER_S
            return True
        return False

    def lately(self) -> int:
        """Return how many events there were in the last ten minutes, as of what came last."""
        self._fold()
        return sum(self._counts)

    def fewest(self, now_s: float) -> int:
        """Return how many events this half hour of such a day had at least, 0 where too few days are known."""
        known = self._hours[_place(now_s // PART_S)]
        return min(known) if len(known) >= MOST_DAYS - 2 else 0

    def state(self) -> list[Any]:
        """Return what a checkpoint keeps."""
        self._fold()
        own = [self.total, self.newest, self.last_s, self.is_fed, self.is_silent, self.heard_s, self.asked_s]
        return [*own, self._minute, self._counts, self._hour, self._before_hour, self._hours]

    def restore(self, state: list[Any]) -> None:
        """Go on from there."""
        self.total, self.newest, self.last_s, is_fed, self.is_silent, self.heard_s, self.asked_s = state[:7]
        self.is_fed = is_fed
        self._counted = self.total
        self._minute, self._counts, self._hour, self._before_hour, self._hours = state[7:]
        self._bound()

    def _begin(self, at_s: float, source: str) -> None:
        """Note a source that is new."""
        if len(self.newest) >= MOST_SOURCES:
            self.newest.pop(next(iter(self.newest)))
        self.newest[source] = at_s

    def _fold(self) -> None:
        """Count in the newest minute what is counted in the total alone so far."""
        self._counts[int(self._minute) % MINUTES] += self.total - self._counted
        self._counted = self.total

    def _elsewhere(self, at_s: float) -> None:
        """Count the newest event, which is of another minute than the newest one."""
        minute = at_s // _MINUTE_S
        if minute > self._minute:
            self._roll(minute)
            self._bound()
            return
        self._counts[int(minute) % MINUTES] += 1
        self._counted = self.total
        self.same_s = NEVER_S

    def _bound(self) -> None:
        """Note where the newest minute begins and ends."""
        self._from_s, self._to_s = self._minute * _MINUTE_S, (self._minute + 1.0) * _MINUTE_S

    def _roll(self, minute: float) -> None:
        """Begin a minute; those in between had no events."""
        for number in range(int(max(self._minute, minute - MINUTES)) + 1, int(minute) + 1):
            self._counts[number % MINUTES] = 0
        self._minute = minute
        hour = minute // _PART
        if hour > self._hour:
            self._end_hours(hour)

    def _end_hours(self, hour: float) -> None:
        """Note what the half hour that has ended came to; those in between came to nothing."""
        if self._hour and not self.is_silent:
            self._note(self._hour, self.total - 1 - self._before_hour)
            for number in range(int(self._hour) + 1, min(int(hour), int(self._hour) + 400)):
                self._note(number, 0)
        self._hour, self._before_hour, self.is_silent = hour, self.total - 1, False

    def _note(self, hour: float, count: int) -> None:
        known = self._hours[_place(hour)]
        known.append(count)
        del known[:-MOST_DAYS]


def _place(hour: float) -> int:
    """Return where a half hour stands: those of workdays first, then those of weekends."""
    day = (int(hour) // _PARTS + _EPOCH_DAY) % 7
    return int(hour) % _PARTS + (_PARTS if day >= _WORKDAYS else 0)
