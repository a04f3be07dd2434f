"""The last seven days in a few lines: what the guard did, what scans found, what happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.catalogue.texts import load_texts
from apiward.core.kept_finding import FindingTurn
from apiward.prove.gathered import Gathered
from apiward.prove.reaching import DAY_S
from apiward.prove.reports.model import FILE

WEEK_S: Final = 7 * DAY_S


@dataclass(frozen=True, slots=True)
class Asked:
    """What came to the guard; None where no guard has stored anything at all."""

    requests: int
    refused: int


def week_lines(gathered: Gathered, asked: Asked | None, begun: int) -> Iterator[str]:
    """Yield the lines; `begun` is how many incidents are new. No data is told as such, never as zero."""
    said, since_s = load_texts(FILE).said, gathered.at_s - WEEK_S
    if asked is None:
        yield said("week.no-guard")
    else:
        yield said("week.guard", requests=asked.requests, refused=asked.refused)
    scans = [scan for scan in gathered.scans if scan.at_s >= since_s]
    if scans:
        yield said("week.scans", scans=len(scans), **_turns(gathered, since_s))
    else:
        yield said("week.no-scan")
    yield said("week.incidents", new=begun, open=len(gathered.incidents))


def _turns(gathered: Gathered, since_s: float) -> dict[str, int]:
    """Return how many findings came, came back and went; each counts once by what was said of it last."""
    last = [
        recent[-1].kind
        for one in (*gathered.findings, *gathered.fixed)
        if (recent := [turn for turn in one.history if turn.at_s >= since_s and turn.kind in _COUNTED])
    ]
    return {name: last.count(kind) for kind, name in _COUNTED.items()}


_COUNTED: Final = {FindingTurn.NEW: "new", FindingTurn.CAME_BACK: "back", FindingTurn.FIXED: "fixed"}
