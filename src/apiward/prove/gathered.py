"""All that is known of how one API stands, with the counted standing: what page, report and digest are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apiward.core.incident import Incident
from apiward.core.kept_finding import FindingTurn, KeptFinding
from apiward.core.kept_scan import KeptLink, KeptScan
from apiward.prove.baseline import Accepted
from apiward.prove.standing import Standing


@dataclass(frozen=True, slots=True)
class Gathered:
    """The standing with what it was counted from. `targets` are all APIs that were scanned, this one first.

    `scans` are how far each scan came, the newest first. `findings` are those that are not fixed, `fixed` the others,
    each the worst first, with the turns of their history: new, came back, fixed. `held` are the rules by finding,
    `incidents` those that are not closed, without exercises and timelines. `at_s` is when it was gathered,
    `exercise_s` when an exercise was last played; both in seconds since the epoch.
    """

    standing: Standing
    at_s: float
    targets: tuple[str, ...] = ()
    scans: tuple[KeptScan, ...] = ()
    findings: tuple[KeptFinding, ...] = ()
    fixed: tuple[KeptFinding, ...] = ()
    accepted: Mapping[str, Accepted] = field(default_factory=dict)
    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    incidents: tuple[Incident, ...] = ()
    exercise_s: float | None = None

    @property
    def whole_scan(self) -> KeptScan | None:
        """The last scan of which nobody had chosen parts, and that came to its end."""
        return next((scan for scan in self.scans if scan.is_whole), None)

    @property
    def links(self) -> tuple[KeptLink, ...]:
        """What joined findings in the last whole scan."""
        return self.whole_scan.links if self.whole_scan is not None else ()


def opened_s(finding: KeptFinding) -> float:
    """Return since when a finding is open: one that was fixed and came back is not as old as it was."""
    began = [one.at_s for one in finding.history if one.kind in (FindingTurn.NEW, FindingTurn.CAME_BACK)]
    return max(began, default=finding.first_s)
