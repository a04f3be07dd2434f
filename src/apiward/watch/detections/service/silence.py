"""service.silence: no request comes in any more, at a time when there always are some.

Proves: nothing was seen for as long as the settings name, while at this hour of such a day there always was something.
Cannot: tell a service that is down from a log that is not written any more. It needs four such days to know an hour.
"""

from typing import Final

from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.watch.detector import Detector, TellTime
from apiward.watch.settings import SeeingSettings

LEAST: Final = 6
"""Requests in each of the known hours of that name."""
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
        usual = min(traffic.fewest(traffic.heard_s + part * 3_600.0) for part in range(int(quiet_s // 3_600.0) + 2))
        if usual >= LEAST:
            traffic.is_silent = True
            facts = (("minutes", int(quiet_s // 60)), ("usual", usual))
            tell(self.rule, EVERYBODY, now_s, severity=Severity.MEDIUM, facts=facts)
