"""The page of risks: what scans found, grouped by cause and in the order to act on, and one of them with its proof."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from apiward.app.page.evidence import Proof, proof_of
from apiward.app.page.overview import RiskLine, Trend, overview_of, trend_of
from apiward.app.page.showing import day, moment, shown
from apiward.app.page.source import PageSource
from apiward.catalogue.entries import CheckEntry
from apiward.catalogue.loading import load_catalogue
from apiward.catalogue.page import load_page_words
from apiward.config.errors import AdvisedError
from apiward.core.kept_finding import FindingState, KeptFinding
from apiward.prove import words
from apiward.prove.baseline import Accepted
from apiward.prove.chains import Chain, chains_of, lifted
from apiward.prove.gathered import Gathered
from apiward.prove.ordering import grouped
from apiward.prove.standing import Treatment


class RiskKind(StrEnum):
    """Which findings a list holds."""

    OPEN = "open"
    SERIOUS = "serious"
    SMALLER = "smaller"
    ACCEPTED = "accepted"
    HELD = "held"
    FIXED = "fixed"


class NotFoundError(AdvisedError):
    """There is no such thing."""


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding in a list."""

    id: str
    operation: str
    place: str
    severity: str
    confidence: str
    kind: RiskKind
    since: str
    saw: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings of one check: they are put right together."""

    check: str
    title: str
    severity: str
    confidence: str
    effort: str
    meaning: str
    findings: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """A list with the number of its entries."""

    kind: RiskKind
    count: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Risks:
    """The page. Where `is_known` is false, no scan has left anything here: that is not the same as nothing found."""

    kind: RiskKind
    is_known: bool
    tabs: tuple[Tab, ...]
    causes: tuple[Cause, ...]
    chains: tuple[Chain, ...]
    trend: tuple[Trend, ...]
    overview: tuple[RiskLine, ...]

    @property
    def count(self) -> int:
        """How many findings the list holds."""
        return sum(len(cause.findings) for cause in self.causes)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The numbers of the trend, for its drawing."""
        return [(one.open, 0) for one in self.trend]


@dataclass(frozen=True, slots=True)
class RiskShown:
    """One finding with all that is known of it."""

    line: FindingLine
    title: str
    check: str
    target: str
    meaning: str
    saw: str
    severity_means: str
    confidence_means: str
    fix: str
    effort: str
    ask: str
    held_by: str
    can_be_held: bool
    rules: tuple[str, ...]
    accepted: Accepted | None
    history: tuple[tuple[str, str], ...]
    proof: Proof | None
    replay_command: str
    patch_command: str


@dataclass(frozen=True, slots=True)
class Kept:
    """All findings of the API that was scanned last, with what has become of each."""

    gathered: Gathered
    treated: Mapping[str, Treatment]

    @property
    def findings(self) -> tuple[KeptFinding, ...]:
        """All, the fixed ones last."""
        return (*self.gathered.findings, *self.gathered.fixed)

    @property
    def is_known(self) -> bool:
        """Whether a scan has left anything: where none has, nothing found says nothing."""
        return bool(self.findings or self.gathered.scans)

    def finding(self, id_: str) -> KeptFinding:
        """Return the finding of that id. Raises NotFoundError."""
        found = next((one for one in self.findings if one.id == id_), None)
        if found is None:
            why = "It may have been removed since."
            raise NotFoundError("There is no such finding.", why, "See the list of risks.")
        return found

    def kind(self, one: KeptFinding) -> RiskKind:
        """Return what has become of a finding. What is fixed is fixed, whatever else was said of it."""
        if one.state is FindingState.FIXED:
            return RiskKind.FIXED
        treated = self.treated.get(one.id, Treatment.OPEN)
        if treated is not Treatment.OPEN:
            return RiskKind(treated.value)
        return RiskKind.SERIOUS if one.severity >= words.SERIOUS else RiskKind.SMALLER

    @property
    def chains(self) -> tuple[Chain, ...]:
        """What the open findings do together, ready to show."""
        shown_ones = [replace(one, operation=shown(one.operation)) for one in self.of(RiskKind.OPEN)]
        links = [replace(one, leads_to=shown(one.leads_to)) for one in self.gathered.links]
        return chains_of(links, shown_ones, load_catalogue().stories)

    def of(self, kind: RiskKind) -> tuple[KeptFinding, ...]:
        """Return the findings of a list."""
        wanted = {RiskKind.SERIOUS, RiskKind.SMALLER} if kind is RiskKind.OPEN else {kind}
        return tuple(one for one in self.findings if self.kind(one) in wanted)


def kept_findings(source: PageSource) -> Kept:
    """Return all findings. Raises AdvisedError, OSError."""
    gathered = source.gathered()
    return Kept(gathered, {one.id: one.treatment for one in gathered.standing.findings})


def risks(source: PageSource, kind: RiskKind = RiskKind.OPEN) -> Risks:
    """Return the page. Raises AdvisedError, OSError."""
    kept = kept_findings(source)
    return Risks(
        kind,
        kept.is_known,
        tuple(Tab(one, len(kept.of(one)), one is kind) for one in RiskKind),
        causes_of(kept, kept.of(kind)),
        kept.chains if kind in (RiskKind.OPEN, RiskKind.SERIOUS) else (),
        trend_of(kept.findings, (one.at_s for one in kept.gathered.scans)),
        overview_of(kept.of(RiskKind.OPEN), kept.gathered.whole_scan),
    )


def causes_of(kept: Kept, findings: Iterable[KeptFinding]) -> tuple[Cause, ...]:
    """Return findings by their cause, what to do first in front."""
    checks = load_catalogue().checks
    causes = grouped(findings, checks, lifted(kept.chains))
    return tuple(_cause(kept, cause[0].check, checks.get(cause[0].check), cause) for cause in causes)


def risk(source: PageSource, id_: str) -> RiskShown:
    """Return one finding. Raises NotFoundError, AdvisedError, OSError."""
    kept = kept_findings(source)
    one = kept.finding(id_)
    entry = load_catalogue().checks.get(one.check)
    said = load_page_words().said
    history = tuple((moment(at.at_s), said(f"risks.turn-{at.kind.value}")) for at in reversed(one.history))
    return RiskShown(
        line=_line(kept, one),
        title=_title(one.check, entry),
        check=one.check,
        target=shown(one.target),
        meaning=entry.meaning if entry else "",
        saw=shown(one.saw),
        severity_means=words.SEVERITY_MEANING[one.severity],
        confidence_means=words.CONFIDENCE_MEANING[one.confidence],
        fix=entry.fix if entry else "",
        effort=words.effort(entry.effort_h) if entry else "",
        ask=ask_of(one, entry),
        held_by=entry.held_by if entry else "",
        can_be_held=entry is not None and entry.patch != "none",
        rules=kept.gathered.held.get(one.id, ()),
        accepted=_told(kept.gathered.accepted.get(one.id)),
        history=history,
        proof=proof_of(source.scans, one.id),
        replay_command=f"apiward replay {one.id}",
        patch_command=f"apiward patch {one.id}",
    )


def ask_of(one: KeptFinding, entry: CheckEntry | None) -> str:
    """Return the text to send to a developer."""
    if entry is None:
        return shown(one.saw)
    return words.filled(entry.ask, operation=shown(one.operation), saw=shown(one.saw))


def finding_of(source: PageSource, id_: str) -> KeptFinding:
    """Return the finding of that id. Raises NotFoundError, AdvisedError, OSError."""
    return kept_findings(source).finding(id_)


def _cause(kept: Kept, check: str, entry: CheckEntry | None, group: tuple[KeptFinding, ...]) -> Cause:
    return Cause(
        check,
        _title(check, entry),
        group[0].severity.word,
        group[0].confidence.value,
        words.effort(entry.effort_h) if entry else "",
        entry.meaning if entry else "",
        tuple(_line(kept, one) for one in group),
    )


def _told(accepted: Accepted | None) -> Accepted | None:
    return replace(accepted, reason=shown(accepted.reason)) if accepted is not None else None


def _line(kept: Kept, one: KeptFinding) -> FindingLine:
    accepted = kept.gathered.accepted.get(one.id)
    return FindingLine(
        one.id,
        shown(one.operation),
        shown(one.place)
        if not one.operation.endswith(f" {one.place}")
        else "",  # a path that nothing describes is both
        one.severity.word,
        one.confidence.value,
        kept.kind(one),
        day(one.first_s),
        shown(one.saw),
        accepted.expires_on.isoformat() if accepted else "",
    )


def _title(check: str, entry: CheckEntry | None) -> str:
    return entry.title if entry else check
