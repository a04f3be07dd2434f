"""Findings that are kept, by their cause and by what becomes of them, in the order to act on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apiward.catalogue.entries import CheckEntry
from apiward.core.finding import Severity
from apiward.core.kept_finding import KeptFinding
from apiward.core.verdict import Confidence
from apiward.prove import words
from apiward.prove.gathered import Gathered, opened_s
from apiward.prove.standing import Treatment


@dataclass(frozen=True, slots=True)
class Problem:
    """All kept findings of one check that are treated alike. `first` is the one that comes first.

    `entry` is None for a check that this version does not know. `rules` hold them, `reasons` say why they were accepted
    and until when, `opened_s` is since when the oldest is open, `came_back` whether one was fixed before.
    """

    check: str
    entry: CheckEntry | None
    treatment: Treatment
    findings: tuple[KeptFinding, ...]
    opened_s: float
    came_back: bool
    rules: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()

    @property
    def first(self) -> KeptFinding:
        """The finding that comes first."""
        return self.findings[0]

    @property
    def severity(self) -> Severity:
        """The severity of the worst."""
        return self.first.severity

    @property
    def is_serious(self) -> bool:
        """Whether this counts as a serious problem."""
        return self.severity >= words.SERIOUS

    @property
    def title(self) -> str:
        """What people call it."""
        return self.entry.title if self.entry is not None else self.check

    @property
    def operations(self) -> tuple[str, ...]:
        """Where it is, each place once."""
        return tuple(dict.fromkeys(one.operation for one in self.findings))

    @property
    def effort(self) -> str:
        """The usual effort, empty where unknown."""
        return words.effort(self.entry.effort_h) if self.entry is not None else ""

    @property
    def ask(self) -> str:
        """The text to send to the developer, empty where there is none."""
        if self.entry is None:
            return ""
        return words.filled(self.entry.ask, operation=words.places(self.operations), saw=self.first.saw)

    def retest(self, target: str) -> str:
        """Return the command that checks it again."""
        return words.retest_command(words.scan_command(target), [self.check])


def problems_of(gathered: Gathered, checks: Mapping[str, CheckEntry]) -> tuple[Problem, ...]:
    """Return what is not fixed, in the order to act on: the worst first, then the surest, then what gains most."""
    treatments = {one.id: one.treatment for one in gathered.standing.findings}
    groups: dict[tuple[Treatment, str], list[KeptFinding]] = {}
    for finding in gathered.findings:
        groups.setdefault((treatments.get(finding.id, Treatment.OPEN), finding.check), []).append(finding)
    found = [
        _problem(treatment, check, found, gathered, checks.get(check)) for (treatment, check), found in groups.items()
    ]
    return tuple(sorted(found, key=_rank))


def _problem(
    treatment: Treatment, check: str, findings: Iterable[KeptFinding], gathered: Gathered, entry: CheckEntry | None
) -> Problem:
    ordered = tuple(sorted(findings, key=_finding_rank))
    rules = dict.fromkeys(rule for one in ordered for rule in gathered.held.get(one.id, ()))
    accepted = [gathered.accepted[one.id] for one in ordered if one.id in gathered.accepted]
    return Problem(
        check=check,
        entry=entry,
        treatment=treatment,
        findings=ordered,
        opened_s=min(map(opened_s, ordered)),
        came_back=any(opened_s(one) > one.first_s for one in ordered),
        rules=tuple(rules) if treatment is Treatment.HELD else (),
        reasons=tuple(dict.fromkeys((one.expires_on.isoformat(), one.reason) for one in accepted))
        if treatment is Treatment.ACCEPTED
        else (),
    )


def _finding_rank(one: KeptFinding) -> tuple[int, bool, str, str, str]:
    return (-one.severity, one.confidence is not Confidence.PROVED, one.operation, one.place, one.id)


def _rank(problem: Problem) -> tuple[int, bool, float, str]:
    first = problem.first
    hours = sum(problem.entry.effort_h) / 2 if problem.entry is not None else 8.0
    gain = len(problem.findings) / max(hours, 0.1)
    return (-first.severity, first.confidence is not Confidence.PROVED, -gain, problem.check)
