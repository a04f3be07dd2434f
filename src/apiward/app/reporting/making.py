"""Makes a report from a store: gathered, counted, put into words, and rendered in the form that is asked for."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

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
PDF: Final = ".pdf"
ENDINGS: Final = (".html", PDF, ".json", ".txt")


def make_report(store: Store, place: Place, now_s: float, *, kind: ReportKind, target: str = "") -> StandingReport:
    """Return the report on the API at `target`, or on that which was scanned last. Raises AdvisedError."""
    return report_of(gather(store, place, now_s, target=target), kind=kind, settings=place.file)


def report_of(gathered: Gathered, *, kind: ReportKind, settings: Path | None) -> StandingReport:
    """Return the report on what was gathered. Raises AdvisedError where the settings cannot be used."""
    titles = {one.id: title_of(one.rule, one.facts) for one in gathered.incidents}
    business = load_business(settings).name if settings is not None else ""
    return build_report(gathered, load_catalogue().checks, kind=kind, business=business, titles=titles)


def rendered(report: StandingReport, ending: str, *, printer: Printer = pdf_of) -> bytes:
    """Return the report as a file with that ending, one of ENDINGS. Raises AdvisedError."""
    if ending == PDF:
        return printer(html.render(report))
    return FORMS[ending](report).encode("utf-8", "replace")
