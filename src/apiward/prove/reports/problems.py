"""Findings that are kept, by their cause and by what becomes of them, in the order to act on."""

from collections.abc import Mapping
from dataclasses import dataclass

from apiward.catalogue.entries import CheckEntry
from apiward.catalogue.loading import load_catalogue
from apiward.core.finding import Severity
from apiward.core.kept_finding import KeptFinding
from apiward.prove import words
from apiward.prove.chains import Chain, chains_of, lifted
from apiward.prove.gathered import Gathered, opened_s
from apiward.prove.ordering import cause_rank, grouped
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
    treated: dict[Treatment, list[KeptFinding]] = {}
    for finding in gathered.findings:
        treated.setdefault(treatments.get(finding.id, Treatment.OPEN), []).append(finding)
    opened = lifted(chains_in(gathered))
    causes = [(treatment, cause) for treatment, found in treated.items() for cause in grouped(found, checks)]
    causes.sort(key=lambda pair: cause_rank(pair[1], checks, opened))
    return tuple(_problem(treatment, cause, gathered, checks.get(cause[0].check)) for treatment, cause in causes)


def chains_in(gathered: Gathered) -> tuple[Chain, ...]:
    """Return what the open findings do together, the worst first."""
    treatments = {one.id: one.treatment for one in gathered.standing.findings}
    still_open = [one for one in gathered.findings if treatments.get(one.id, Treatment.OPEN) is Treatment.OPEN]
    return chains_of(gathered.links, still_open, load_catalogue().stories)


def _problem(
    treatment: Treatment, findings: tuple[KeptFinding, ...], gathered: Gathered, entry: CheckEntry | None
) -> Problem:
    rules = dict.fromkeys(rule for one in findings for rule in gathered.held.get(one.id, ()))
    accepted = [gathered.accepted[one.id] for one in findings if one.id in gathered.accepted]
    return Problem(
        check=findings[0].check,
        entry=entry,
        treatment=treatment,
        findings=findings,
        opened_s=min(map(opened_s, findings)),
        came_back=any(opened_s(one) > one.first_s for one in findings),
        rules=tuple(rules) if treatment is Treatment.HELD else (),
        reasons=tuple(dict.fromkeys((one.expires_on.isoformat(), one.reason) for one in accepted))
        if treatment is Treatment.ACCEPTED
        else (),
    )
