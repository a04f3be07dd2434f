"""inventory.shadow-probing: somebody tries addresses that the API does not have.

Proves: one caller asked within a day for several different paths that are not there.
Cannot: tell an old client that still asks for what was removed from somebody who looks for open doors.
"""

import re
from typing import Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight
from apiward.watch.windows.distinct import Spread, Spreading, joined

LEAST: Final = 5
LEAST_OF_STRANGERS: Final = 20
"""Every public server is tried for a few well-known doors each day, and crawlers follow links that are dead."""
_IN: Final = Spreading(2 * 86_400.0)
_ROOM: Final = 4
"""Parts of a path up to which rooms are told apart: `/api/v1/admin`, with what stands before the first sign."""
_ASKED_BY_BROWSERS: Final = re.compile(
    r"/(favicon|apple-touch-icon|browserconfig|robots\.txt|sitemap|ads\.txt|humans\.txt|manifest\.json|\.well-known/)",
    re.IGNORECASE,
)
_TELLING: Final = re.compile(
    r"\.env|\.git/|\.aws|\.ssh|wp-(login|admin|config|includes)|xmlrpc\.php|phpmyadmin|\.php[0-9]?$|actuator|/etc/passwd|cgi-bin|"
    r"\.bak$|\.sql$|\.old$|/admin|/debug|/console|/config|/internal|/backup|swagger|graphi?ql|/v[0-9]+/api-docs|/server-status",
    re.IGNORECASE,
)
"""Paths that nobody asks for by mistake count twice."""


class ShadowProbing(Detector):
    """Counts different paths that are not there, for each caller."""

    rule = "inventory.shadow-probing"
    when = (
        signs.NAMELESS | signs.MISSING,
        signs.NAMELESS | signs.REFUSED,
        signs.NAMELESS | signs.DENIED,
        signs.NAMELESS | signs.NOT_IN,
    )
    unless = signs.OWN

    def see(self, sight: Sight, tell: Tell) -> None:
        """Take in one path."""
        path = sight.event.path
        if _ASKED_BY_BROWSERS.search(path):
            return
        tried: Spread | None = sight.slots[self.slot]
        if tried is None:
            sight.slots[self.slot] = tried = _IN.new()
        is_telling = bool(_TELLING.search(path))
        if sight.bits & (signs.NOT_IN | signs.DENIED):
            path = "/".join(path.split("/", _ROOM)[:_ROOM])  # what is locked is there: links lead to it by the dozen
        if sight.bits & signs.FILE and not is_telling:
            return
        is_new = _IN.add(tried, path, sight.at_s)
        added = is_new + (is_telling and _IN.add(tried, f"!{path}", sight.at_s))
        score = _IN.count(tried)
        least = LEAST if sight.bits & signs.KNOWN else LEAST_OF_STRANGERS * max(1, sight.crowd)
        if score >= least:
            paths = _paths(tried, score)
            told = paths if score - added < least else 1
            tell(self.rule, sight, severity=Severity.LOW, count=told, facts=(("paths", paths),))


def _paths(tried: Spread, score: int) -> int:
    """Return how many paths there were at least: those that tell count twice in the score, once in words."""
    things = joined(tried[2], tried[1])
    are_texts = bool(things) and isinstance(things[0], str)
    return score - sum(thing.startswith("!") for thing in things) if are_texts else (score + 1) // 2
