"""The page of reports: each scan that is kept with what it says, and the reports that can be had, made when asked."""

import threading
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from apiward.app.page.handing_out import note_handed_out
from apiward.app.page.overview import Trend, open_at, trend_of
from apiward.app.page.risks import Kept, NotFoundError, kept_findings
from apiward.app.page.showing import day, moment, shown, shown_block
from apiward.app.page.source import PageSource
from apiward.app.reporting.evidence import evidence_of
from apiward.app.reporting.making import PDF, rendered, report_of
from apiward.app.reporting.print_process import pdf_beside
from apiward.config.errors import AdvisedError
from apiward.core.kept_finding import KeptFinding
from apiward.core.kept_scan import KeptScan
from apiward.prove.gathered import Gathered
from apiward.prove.grade import grade_of
from apiward.prove.grade_words import percent
from apiward.prove.reaching import DAY_S, reach_of
from apiward.prove.reports.model import ReportKind
from apiward.prove.standing import GuardState, Standing, StandingFinding

MOST_SCANS: Final = 24
ENDINGS: Final = (".html", PDF, ".json")
_PRINTER: Final = "weasyprint"
_PRINTING: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class ScanShown:
    """One scan: how far it came, how many risks were open after it, and the letter that scans alone gave by then.

    `share` is the part of the described operations that answered, in percent; None where none is described. `letter`
    is empty where too little was known for one.
    """

    day: str
    at: str
    level: str
    is_whole: bool
    share: int | None
    decided: int
    runs: int
    requests: int
    open: int
    letter: str


@dataclass(frozen=True, slots=True)
class Reports:
    """The page. `letter` is the grade of today, with all that counts; empty where there is none."""

    target: str
    letter: str
    meaning: str
    scans: tuple[ScanShown, ...]
    is_cut: bool
    trend: tuple[Trend, ...]
    kinds: tuple[ReportKind, ...]
    can_print: bool

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The numbers of the trend, for its drawing."""
        return [(one.open, 0) for one in self.trend]


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as a file."""

    name: str
    body: bytes


def reports(source: PageSource) -> Reports:
    """Return the page. Raises AdvisedError, OSError."""
    kept = kept_findings(source)
    scans = kept.gathered.scans
    told = report_of(kept.gathered, kind=ReportKind.SUMMARY, settings=None).told
    return Reports(
        shown(kept.gathered.standing.target),
        told.letter,
        told.meaning,
        tuple(_scan(kept, place) for place in range(min(MOST_SCANS, len(scans)))),
        len(scans) > MOST_SCANS,
        trend_of(kept.findings, (one.at_s for one in scans)),
        tuple(ReportKind),
        find_spec(_PRINTER) is not None,
    )


def report_file(source: PageSource, name: str) -> ReportFile:
    """Make the report that a name asks for (`full.pdf`), and put into the record who has taken it.

    Raises NotFoundError, AdvisedError, OSError.
    """
    kind = next((one for one in ReportKind if name.startswith(f"{one.value}.")), None)
    ending = Path(name).suffix
    if kind is None or name != f"{kind.value}{ending}" or ending not in ENDINGS:
        raise NotFoundError("There is no such report.", "", "See the list of reports.")
    gathered = _masked(source.gathered())
    evidence = {}
    if kind is ReportKind.FULL:
        kept = source.scans.findings_of(gathered.standing.target)
        found = evidence_of(kept, [one.id for one in gathered.findings])
        evidence = {id_: shown_block(text) for id_, text in found.items()}
    report = report_of(gathered, kind=kind, settings=_settings(source), evidence=evidence)
    if ending == PDF:
        if not _PRINTING.acquire(blocking=False):  # a long one takes half a minute of one processor
            raise AdvisedError("It was not made.", "Another PDF is being made.", "Try again in a moment.")
        try:
            body = rendered(report, ending, printer=pdf_beside)
        finally:
            _PRINTING.release()
    else:
        body = rendered(report, ending)
    note_handed_out(source, f"The report ({kind.value}) was handed out as {ending[1:]}.")
    return ReportFile(f"apiward-{kind.value}-{day(source.clock())}{ending}", body)


def _masked(gathered: Gathered) -> Gathered:
    """Return the same with all texts as pages show them: what a store of before kept unmasked goes into no file."""
    return replace(
        gathered,
        findings=tuple(map(_finding, gathered.findings)),
        fixed=tuple(map(_finding, gathered.fixed)),
        scans=tuple(map(_scan_masked, gathered.scans)),
        accepted={id_: replace(one, reason=shown(one.reason)) for id_, one in gathered.accepted.items()},
        incidents=tuple(
            replace(one, facts=tuple((name, shown(value)) for name, value in one.facts)) for one in gathered.incidents
        ),
    )


def _scan_masked(scan: KeptScan) -> KeptScan:
    links = tuple(replace(one, leads_to=shown(one.leads_to)) for one in scan.links)
    return replace(scan, links=links) if links else scan


def _finding(one: KeptFinding) -> KeptFinding:
    return replace(one, operation=shown(one.operation), place=shown(one.place), saw=shown(one.saw))


def _settings(source: PageSource) -> Path | None:
    file = source.place.file
    return file if file is not None and file.exists() and not source.settings().problem else None


def _scan(kept: Kept, place: int) -> ScanShown:
    scan = kept.gathered.scans[place]
    described = set(scan.operations)
    open_ = open_at(kept.findings, scan.at_s)
    return ScanShown(
        day(scan.at_s),
        moment(scan.at_s),
        scan.level,
        scan.is_whole,
        percent(len(described.intersection(scan.answered)) / len(described)) if described else None,
        sum(one.holds + one.broken for one in scan.checks),
        sum(one.holds + one.broken + one.unsure + one.not_run for one in scan.checks),
        scan.requests,
        len(open_),
        _letter(kept, kept.gathered.scans[place:], scan),
    )


def _letter(kept: Kept, until: tuple[KeptScan, ...], scan: KeptScan) -> str:
    """Return the letter by what scans had found until one of them: as if a guard held nothing and nothing else was.

    What is accepted, held or closed is known of today only, so it counts for no day of before.
    """
    findings = tuple(
        StandingFinding(one.id, one.check, one.operation, one.severity, one.confidence, (scan.at_s - since_s) / DAY_S)
        for one, since_s in open_at(kept.findings, scan.at_s)
    )
    reach = reach_of(until, scan.at_s)
    standing = Standing(scan.target, findings, reach, GuardState.ENFORCES, exercise_age_days=0.0)
    letter = grade_of(standing).letter
    return letter.name if letter is not None else ""
