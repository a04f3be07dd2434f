"""service.clock: a clock has jumped.

Proves: several requests in a row bear times more than five minutes before others of the same source, or after now.
Cannot: tell which of two clocks is right. Old logs that are read late look like nothing: only what is ahead of now is.
"""

from typing import Final

from apiward.core import marks
from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell, TellTime
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.traffic import JUMP_S

IN_A_ROW: Final = 5


class ClockJump(Detector):
    """Looks at events that lie behind others, and at those that are ahead of now."""

    rule = "service.clock"
    when = (signs.BEHIND,)

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.kept = {"ahead": False, "row": {}}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Count events that are behind, as long as no other comes between."""
        source = sight.marks.get(marks.SOURCE, "")
        before, count = self.kept["row"].get(source, (0, 0))
        count = count + 1 if self.traffic.total - before <= IN_A_ROW else 1
        self.kept["row"] = {source: [self.traffic.total, count]}
        if count < IN_A_ROW:
            return
        newest = self.traffic.newest.get(source, sight.at_s)
        facts = (("minutes", int((newest - sight.at_s) // 60)), ("direction", "behind"))
        tell(self.rule, sight, who=EVERYBODY, severity=Severity.LOW, count=IN_A_ROW, facts=facts)
        self.traffic.newest[source] = sight.at_s
        self.kept["row"] = {}

    def passed(self, now_s: float, tell: TellTime) -> None:
        """Tell it where times are ahead of the watcher's own clock."""
        ahead_s = max(self.traffic.newest.values(), default=now_s) - now_s
        if ahead_s < JUMP_S:
            self.kept["ahead"] = False
        elif not self.kept["ahead"]:
            self.kept["ahead"] = True
            facts = (("minutes", int(ahead_s // 60)), ("direction", "ahead"))
            tell(self.rule, EVERYBODY, now_s, severity=Severity.LOW, facts=facts)
