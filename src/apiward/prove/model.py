"""The report that all formats draw from: counted, ordered and put into words once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apiward.catalogue.entries import Catalogue, CheckEntry, Risk
from apiward.core.finding import Finding, Severity
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Confidence
from apiward.prove import words
from apiward.prove.baseline import Accepted, Applied
from apiward.prove.chains import Chain, chains_of, lifted
from apiward.prove.changes import Changes
from apiward.prove.coverage import Coverage, coverage_of
from apiward.prove.gaps import Gap, gaps_of
from apiward.prove.ordering import Cause, grouped
from apiward.prove.same_places import same_places


@dataclass(frozen=True, slots=True)
class Group:
    """One problem: all findings of one check, with the words of its entry filled in.

    `opens` are the titles of stories that end when this is mended: they may be worse than the problem by itself.
    `beside` are the checks of other problems that are very likely mended with this one (see `same_places`).
    `severity` and `confidence` are those of the finding that comes first; `place` names all places.
    """

    entry: CheckEntry
    findings: Cause
    severity: Severity
    confidence: Confidence
    place: str
    effort: str
    ask: str
    retest: str
    opens: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def is_serious(self) -> bool:
        """Whether this counts as a serious problem."""
        return self.severity >= words.SERIOUS

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations at fault, each once, in the order to act on."""
        return tuple(dict.fromkeys(finding.operation for finding in self.findings))


@dataclass(frozen=True, slots=True)
class State:
    """The three sentences at the top; `smaller` may be empty."""

    headline: str
    smaller: str
    checked: str

    def __str__(self) -> str:
        return " ".join(sentence for sentence in (self.headline, self.smaller, self.checked) if sentence)


@dataclass(frozen=True, slots=True)
class ReportModel:
    """Everything that a format needs. `groups` count, `chains` say what they do together; `accepted` is set aside."""

    report: ScanReport
    checks: Mapping[str, CheckEntry]
    risks: Mapping[str, Risk]
    groups: tuple[Group, ...]
    chains: tuple[Chain, ...]
    accepted: tuple[tuple[Finding, Accepted], ...]
    expired: Mapping[str, Accepted]
    changes: Changes | None
    coverage: Coverage
    state: State
    gaps: tuple[Gap, ...]
    next_words: str
    next_command: str

    @property
    def not_checked(self) -> tuple[str, ...]:
        """What was not checked, in whole sentences."""
        return tuple(gap.said for gap in self.gaps)

    def steps(self, ids: Iterable[str]) -> tuple[tuple[Finding, str], ...]:
        """Return the findings of these ids, each with the title of its check."""
        found = {one.id: (one, group.entry.title) for group in self.groups for one in group.findings}
        return tuple(found[id_] for id_ in ids)

    def news(self, finding: Finding) -> str:
        """Return what is new about `finding` in a few words, or nothing."""
        if finding.id in self.expired:
            return f"accepted until {self.expired[finding.id].expires_on.isoformat()}; counts again"
        if self.changes and finding.id in self.changes.regressed:
            return "came back: it held in the scan before"
        return "new" if self.changes and finding.id in self.changes.new else ""


@dataclass(frozen=True, slots=True)
class Commands:
    """What to copy to do it again, ready for a shell.

    `scan` is the same scan, `retest` the same without its choice of checks, `replay` what stands
    after `apiward replay FINDING`: nothing, or options begun with a space.
    """

    scan: str
    retest: str
    replay: str = ""


def build_model(
    report: ScanReport,
    catalogue: Catalogue,
    *,
    baseline: Applied | None = None,
    changes: Changes | None = None,
    commands: Commands | None = None,
) -> ReportModel:
    """Return the model of `report`; raises KeyError where the catalogue lacks one of its checks.

    Without `commands`, those that are suggested name the target and nothing else.
    """
    plain = words.scan_command(report.target)
    again = commands or Commands(plain, plain)
    applied = baseline or Applied()
    aside = {entry.id: entry for entry in applied.accepted}
    open_findings = [finding for finding in report.findings if finding.id not in aside]
    chains = chains_of(report.links, open_findings, catalogue.stories)
    same = same_places(open_findings, catalogue.checks)
    groups = tuple(
        _group(cause, catalogue.checks[cause[0].check], again.retest, chains, same)
        for cause in grouped(open_findings, catalogue.checks, lifted(chains))
    )
    coverage = coverage_of(report)
    next_words, next_command = _next(report, groups, again)
    return ReportModel(
        report=report,
        checks=catalogue.checks,
        risks=catalogue.risks,
        groups=groups,
        chains=chains,
        accepted=tuple((f, aside[f.id]) for f in report.findings if f.id in aside),
        expired={entry.id: entry for entry in applied.expired},
        changes=changes,
        coverage=coverage,
        state=_state(groups, coverage, sum(f.id in aside for f in report.findings)),
        gaps=gaps_of(report, coverage),
        next_words=next_words,
        next_command=next_command,
    )


def _group(
    cause: Cause, entry: CheckEntry, scan: str, chains: tuple[Chain, ...], same: Mapping[str, tuple[str, ...]]
) -> Group:
    ids = {finding.id for finding in cause}
    place = words.places(finding.operation for finding in cause)
    return Group(
        entry=entry,
        findings=cause,
        severity=cause[0].severity,
        confidence=cause[0].confidence,
        place=place,
        effort=words.effort(entry.effort_h),
        ask=words.filled(entry.ask, operation=place, saw=cause[0].saw),
        retest=words.retest_command(scan, [entry.code]),
        opens=tuple(chain.title for chain in chains if ids & set(chain.mend)),
        beside=same.get(entry.code, ()),
    )


def _state(groups: tuple[Group, ...], coverage: Coverage, accepted: int) -> State:
    serious = sum(group.is_serious for group in groups)
    smaller = len(groups) - serious
    return State(
        headline=words.headline(serious, smaller, accepted=accepted, is_enough=coverage.is_enough),
        smaller=words.smaller_sentence(serious, smaller),
        checked=words.checked_sentence(coverage),
    )


def _next(report: ScanReport, groups: tuple[Group, ...], again: Commands) -> tuple[str, str]:
    if groups:
        first = groups[0]
        return (
            f"Next: fix {first.entry.code}, then see whether it holds",
            f"apiward replay {first.findings[0].id}{again.replay}",
        )
    if report.operations_answered and not report.items:
        return "Next: see what can be checked", "apiward checks"
    if report.operations_answered:
        return "Next: keep a report of this", words.report_command(again.scan)
    return "Next: see how to name the description or an account", "apiward scan --help"
