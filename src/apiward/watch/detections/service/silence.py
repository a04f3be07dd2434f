"""service.silence: no request comes in any more, at a time when there always are some.

Proves: nothing was seen for as long as the settings name, while at this hour of such a day there always was something.
Cannot: tell a service that is down from a log that is not written any more. It needs four such days to know an hour.
"""

from typing import Final, cast

from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.core.jsonvalue import Json
from apiward.watch.detector import Detector, Tell, TellTime
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight

LEAST: Final = 6
"""Requests in each of the known hours of that name."""
LEAST_DAYS: Final = 4
MOST_DAYS: Final = 6
_HOUR_S: Final = 3_600.0
_WEEKDAYS: Final = 5
_EPOCH_DAY: Final = 3
"""1 January 1970 was a Thursday."""


class Silence(Detector):
    """Knows the fewest requests of each hour, on workdays and at weekends."""

    rule = "service.silence"
    when = (0,)

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {"last_s": 0.0, "hour": 0.0, "count": 0, "hours": cast("Json", [[] for _ in range(48)]), "told": 0}

    def see(self, sight: Sight, tell: Tell) -> None:  # noqa: ARG002 - it tells by time alone
        """Count one request."""
        kept = self.kept
        hour = sight.at_s // _HOUR_S
        if hour > cast("float", kept["hour"]):
            self._ended(hour)
        kept["count"] = cast("int", kept["count"]) + 1
        if sight.at_s > cast("float", kept["last_s"]):
            kept["last_s"] = sight.at_s
        kept["told"] = 0

    def passed(self, now_s: float, tell: TellTime) -> None:
        """Tell it where it has been quiet for too long."""
        silence_s, last_s = self.settings.silence_s, cast("float", self.kept["last_s"])
        if not silence_s or not last_s or now_s - last_s < silence_s or self.kept["told"]:
            return
        hour = now_s // _HOUR_S
        if now_s - last_s > 24 * _HOUR_S:
            return  # a log that was read once
        usual = min(self._fewest(hour), self._fewest(last_s // _HOUR_S))
        if usual >= LEAST:
            self.kept["told"] = 1
            facts = (("minutes", int((now_s - last_s) // 60)), ("usual", usual))
            tell(self.rule, EVERYBODY, now_s, severity=Severity.MEDIUM, facts=facts)

    def _ended(self, hour: float) -> None:
        """Note what the hour that has ended came to; hours without any request in between came to nothing."""
        before, hours = cast("float", self.kept["hour"]), cast("list[list[int]]", self.kept["hours"])
        if before:
            if not self.kept["told"]:
                _note(hours[_place(before)], cast("int", self.kept["count"]))
            for number in range(int(before) + 1, min(int(hour), int(before) + 200)):
                if not self.kept["told"]:
                    _note(hours[_place(number)], 0)
        self.kept["hour"], self.kept["count"] = hour, 0

    def _fewest(self, hour: float) -> int:
        known = cast("list[list[int]]", self.kept["hours"])[_place(hour)]
        return min(known) if len(known) >= LEAST_DAYS else 0


def _place(hour: float) -> int:
    """Return where an hour stands: those of workdays first, then those of weekends."""
    day = (int(hour) // 24 + _EPOCH_DAY) % 7
    return int(hour) % 24 + (24 if day >= _WEEKDAYS else 0)


def _note(counts: list[int], count: int) -> None:
    counts.append(count)
    del counts[:-MOST_DAYS]
