"""service.silence: no request comes in any more, at a time when there always are some.

Proves: nothing was seen for as long as the settings name, while in these hours of such days there always were at least
forty requests.
Cannot: tell a service that is down from a log that is not written any more. It needs four such days to know an hour.
"""

from typing import Final

from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.watch.detector import Detector, TellTime
from apiward.watch.settings import SeeingSettings
from apiward.watch.traffic import Traffic

LEAST: Final = 40.0
"""Requests that are missing. People send some twenty in a visit, so fewer may be two who did not come."""
_HOUR_S: Final = 3_600.0
LONGEST_S: Final = 86_400.0
"""After a day without anything it is no silence, but a log that was read once."""


class Silence(Detector):
    """Holds the time since the last request against what the traffic usually is."""

    rule = "service.silence"
    when = ()

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.is_idle = not settings.silence_s

    def passed(self, now_s: float, tell: TellTime) -> None:
        """Tell it where it has been quiet for too long."""
        traffic = self.traffic
        if traffic.is_fed:  # whatever time it bears: it has come since this was asked
            traffic.is_fed = traffic.is_silent = False
            traffic.heard_s = min(now_s, max(traffic.last_s, traffic.asked_s))
        traffic.asked_s = now_s
        quiet_s = now_s - traffic.heard_s
        if traffic.is_silent or not self.settings.silence_s <= quiet_s <= LONGEST_S:
            return
        missing = _missing(traffic, traffic.heard_s, now_s)
        if missing >= LEAST:
            traffic.is_silent = True
            facts = (("minutes", int(quiet_s // 60)), ("usual", int(missing * _HOUR_S / quiet_s)))
            tell(self.rule, EVERYBODY, now_s, severity=Severity.MEDIUM, facts=facts)


def _missing(traffic: Traffic, from_s: float, to_s: float) -> float:
    """Return how many requests there would have been at least, had the hours been as quiet as they ever were."""
    total = 0.0
    for hour in range(int(from_s // _HOUR_S), int(to_s // _HOUR_S) + 1):
        part_s = min(to_s, (hour + 1) * _HOUR_S) - max(from_s, hour * _HOUR_S)
        total += traffic.fewest(hour * _HOUR_S) * part_s / _HOUR_S
    return total
