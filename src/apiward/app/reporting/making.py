"""Makes a report from a store: gathered, counted, put into words, and rendered in the form that is asked for."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from apiward.app.guarding.place import Place
from apiward.app.incidents.words import title_of
from apiward.app.recording.opening import Store
from apiward.app.reporting.printing import Printer, pdf_of
from apiward.app.standing.gathering import gather
from apiward.catalogue.loading import load_catalogue
from apiward.config.business import load_business
from apiward.prove.gathered import Gathered
from apiward.prove.reports import html, json, text
from apiward.prove.reports.model import ReportKind, StandingReport, build_report

FORMS: Final[Mapping[str, Callable[[StandingReport], str]]] = {
    ".html": html.render,
    ".json": json.render,
    ".txt": text.render,
}
EvidenceOf: TypeAlias = Callable[[str, Sequence[str]], Mapping[str, str]]
"""Takes where the API answers, and ids."""
PDF: Final = ".pdf"
ENDINGS: Final = (".html", PDF, ".json", ".txt")


def make_report(
    store: Store,
    place: Place,
    now_s: float,
    *,
    kind: ReportKind,
    target: str = "",
    evidence_of: EvidenceOf | None = None,
) -> StandingReport:
    """Return the report on the API at `target`, or on that which was scanned last. Raises AdvisedError.

    `evidence_of` looks up what was sent to the API and answered, masked, for the ids of findings.
    """
    gathered = gather(store, place, now_s, target=target)
    ids = [one.id for one in gathered.findings]
    evidence = evidence_of(gathered.standing.target, ids) if evidence_of is not None else {}
    return report_of(gathered, kind=kind, settings=place.file, evidence=evidence)


def report_of(
    gathered: Gathered, *, kind: ReportKind, settings: Path | None, evidence: Mapping[str, str] | None = None
) -> StandingReport:
    """Return the report on what was gathered. Raises AdvisedError where the settings cannot be used."""
    titles = {one.id: title_of(one.rule, one.facts) for one in gathered.incidents}
    business = load_business(settings).name if settings is not None else ""
    checks = load_catalogue().checks
    return build_report(gathered, checks, kind=kind, business=business, titles=titles, evidence=evidence)


def rendered(report: StandingReport, ending: str, *, printer: Printer = pdf_of) -> bytes:
    """Return the report as a file with that ending, one of ENDINGS. Raises AdvisedError."""
    if ending == PDF:
        return printer(html.render(report))
    return FORMS[ending](report).encode("utf-8", "replace")
