"""accounts.token-theft: a session that is used by another program, from elsewhere.

Proves: one session was shown by a program and from a network that it had never been used with before.
Cannot: tell a thief who copies the program's name and sits behind the same address. Without a mark of the session
it looks at the caller's programs, and only tells where the caller has a habit.
"""

from typing import Final

from apiward.core import marks
from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.windows.recent import Recent

MOST: Final = 12
"""Places of one session, and programs of one caller, that are remembered."""
MOST_PROGRAMS: Final = 500
MOST_BEGUN: Final = 50
"""Log-ins of one program whose sessions are still awaited."""
SETTLED_S: Final = 3 * 86_400.0
"""So long after the first session, one without a log-in may be older than watch itself."""
_DAY_S: Final = 86_400.0
_LOG_IN: Final = signs.LOG_IN | signs.GOOD
_SEEN: Final = signs.KNOWN | signs.SHOWN
_AGENT, _PLACES = 0, 1


class TokenTheft(Detector):
    """Remembers program and places of each session, the programs of each caller, and where somebody logged in."""

    rule = "accounts.token-theft"
    when = (_LOG_IN, _SEEN | signs.GOOD, _SEEN | signs.MISSING, _SEEN | signs.DENIED, _SEEN | signs.REJECTED)
    unless = signs.OWN | signs.ENDED_BADLY

    def __init__(self, settings: SeeingSettings) -> None:
        super().__init__(settings)
        self.tables = {
            "sessions": Recent(settings.most_callers),
            "doors": Recent(settings.most_callers),
            "begun": Recent(MOST_PROGRAMS),
        }
        self.kept = {"since_s": 0.0}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Hold the program and the place against what the session was used with."""
        if sight.bits & _LOG_IN == _LOG_IN:
            self.tables["doors"].put(sight.place, [sight.at_s])
            program = sight.marks.get(marks.AGENT, "")
            begun = self.tables["begun"].used(program) or self.tables["begun"].put(program, [0])
            begun[0] = min(begun[0] + 1, MOST_BEGUN)
        session = sight.marks.get(marks.SESSION)
        if session is None or not sight.bits & signs.KNOWN:
            return
        agent = sight.marks.get(marks.AGENT, "")
        sessions = self.tables["sessions"]
        known = sessions.get(session)
        if known is None:
            sessions.put(session, [agent, [sight.place]])
            self._begun(sight, agent, tell)
            return
        sessions.move_to_end(session)
        places: list[str] = known[_PLACES]
        if agent == known[_AGENT]:
            if sight.place not in places:
                places.append(sight.place)
                del places[:-MOST]
        elif sight.place not in places:  # else it is a tool of its own, beside the browser
            self._tell(sight, known[_AGENT], agent, tell)

    def _begun(self, sight: Sight, agent: str, tell: Tell) -> None:
        """Look at a session that is new: it began with a log-in from there or with that program, or it is suspect."""
        begun = self.tables["begun"].get(agent)
        if begun is not None and begun[0]:
            begun[0] -= 1
        else:
            begun = None
        if not self.kept["since_s"]:
            self.kept["since_s"] = sight.at_s
        agents: list[str] | None = sight.slots[self.slot]
        if agents is None:
            sight.slots[self.slot] = [agent]
            return
        if agent in agents:
            return
        door = self.tables["doors"].get(sight.place)
        came_in = begun is not None or (door is not None and sight.at_s - door[0] <= _DAY_S)
        if not came_in and sight.at_s - self.kept["since_s"] > SETTLED_S:
            self._tell(sight, agents[-1], agent, tell)
            return
        agents.append(agent)
        del agents[:-MOST]

    def _tell(self, sight: Sight, before: str, now: str, tell: Tell) -> None:
        facts = (("before", before or "an unnamed program"), ("now", now or "an unnamed program"))
        tell(self.rule, sight, severity=Severity.HIGH, facts=facts, touched=(sight.who,))
