"""service.clock: a clock has jumped.

Proves: several requests in a row bear times more than five minutes before others of the same source, or after now.
Cannot: tell which of two clocks is right. Old logs that are read late look like nothing: only what is ahead of now is.
"""

from typing import Final, cast

from apiward.core import marks
from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.core.jsonvalue import Json
from apiward.watch.detector import Detector, Tell, TellTime
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight

JUMP_S: Final = 300.0
IN_A_ROW: Final = 5
MOST_SOURCES: Final = 50
_NEWEST, _BACK = range(2)


class ClockJump(Detector):
    """Remembers the newest time of each source."""

    rule = "service.clock"
    when = (0,)

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {"ahead": 0}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Hold one time against the newest."""
        source = f"source {sight.marks.get(marks.SOURCE, '')}" if sight.marks else "source "
        known = cast("list[float] | None", self.kept.get(source))
        if known is None:
            if len(self.kept) <= MOST_SOURCES:
                self.kept[source] = cast("Json", [sight.at_s, 0.0])
            return
        behind_s = known[_NEWEST] - sight.at_s
        if behind_s < JUMP_S:
            known[_BACK] = 0.0
            if behind_s < 0:
                known[_NEWEST] = sight.at_s
            return
        known[_BACK] += 1.0
        if known[_BACK] >= IN_A_ROW:
            facts = (("minutes", int(behind_s // 60)), ("direction", "behind"))
            tell(self.rule, sight, who=EVERYBODY, severity=Severity.LOW, count=IN_A_ROW, facts=facts)
            known[_NEWEST], known[_BACK] = sight.at_s, 0.0

    def passed(self, now_s: float, tell: TellTime) -> None:
        """Tell it where times are ahead of the watcher's own clock."""
        newest = [cast("list[float]", one)[_NEWEST] for name, one in self.kept.items() if name != "ahead"]
        ahead_s = max(newest, default=now_s) - now_s
        if ahead_s < JUMP_S:
            self.kept["ahead"] = 0
        elif not self.kept["ahead"]:
            self.kept["ahead"] = 1
            facts = (("minutes", int(ahead_s // 60)), ("direction", "ahead"))
            tell(self.rule, EVERYBODY, now_s, severity=Severity.LOW, facts=facts)
