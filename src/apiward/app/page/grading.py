"""The grade for a page: from what is kept of scans, findings, incidents and the guard, to a letter in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apiward.app.guarding.blocks_in_use import blocks_in_use
from apiward.app.page.risks import Kept, RiskKind
from apiward.app.page.source import KeptScan, PageSource, list_of, table_of
from apiward.catalogue.grades import load_grade_words
from apiward.catalogue.loading import load_catalogue
from apiward.core.decision import Mode
from apiward.core.incident import Incident, IncidentState
from apiward.core.kept_finding import KeptFinding
from apiward.prove.grade import LEAST_SHARE, Cap, Grade, grade_of
from apiward.prove.standing import (
    GuardState,
    Reach,
    Standing,
    StandingFinding,
    StandingIncident,
    Treatment,
)

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class GradeShown:
    """The letter (empty where there is none), what it means, why it is no better, and what lifts it."""

    letter: str
    meaning: str
    share: int
    reasons: tuple[str, ...]
    lifts: tuple[str, ...]
    next_letter: str


def guard_state(source: PageSource) -> GuardState:
    """Return whether a guard runs here, and whether it refuses anything by itself."""
    if not blocks_in_use(source.place.data):
        return GuardState.ABSENT
    guard = source.settings().guard
    enforces = guard.mode is Mode.ENFORCE or any(rule.mode == Mode.ENFORCE for rule in guard.switched)
    return GuardState.ENFORCES if enforces else GuardState.WATCHES


def scanned_s(scan: KeptScan | None) -> float | None:
    """Return when a scan was made, in seconds since the epoch."""
    if scan is None:
        return None
    try:
        return datetime.fromisoformat(str(table_of(scan.report, "scan").get("started_at"))).timestamp()
    except ValueError:
        return None


def graded(source: PageSource, kept: Kept, incidents: Iterable[Incident], exercised_s: float | None) -> GradeShown:
    """Return the grade of how things stand."""
    now_s = source.clock()
    last = source.last_scan()
    at_s = scanned_s(last)
    standing = Standing(
        target=str(table_of(last.report, "scan").get("target", "")) if last is not None else "",
        findings=tuple(_finding(one, kept, now_s) for one in kept.findings if kept.kind(one) is not RiskKind.FIXED),
        reach=_reach(last),
        scan_age_days=None if at_s is None else max(0.0, (now_s - at_s) / DAY_S),
        guard=guard_state(source),
        incidents=tuple(
            StandingIncident(one.id, one.severity, one.state is IncidentState.CONTAINED)
            for one in incidents
            if not one.is_drill
        ),
        exercise_age_days=None if exercised_s is None else (now_s - exercised_s) / DAY_S,
    )
    return in_words(grade_of(standing))


def in_words(grade: Grade) -> GradeShown:
    """Return a grade as the owner reads it."""
    words = load_grade_words()
    share = int(grade.share * 100)
    letter = grade.letter.name if grade.letter is not None else ""
    missing = tuple(grade.missing)
    reasons = [words.said(f"missing.{one.value}", share=share, least=int(LEAST_SHARE * 100)) for one in missing]
    reasons += [_said("caps", cap) for cap in grade.caps]
    lifts = [words.said(f"first.{one.value}") for one in missing] + [_said("lifts", cap) for cap in grade.lifts]
    return GradeShown(
        letter,
        words.said(f"letters.{letter or 'none'}"),
        share,
        tuple(dict.fromkeys(reasons)),
        tuple(dict.fromkeys(lifts)),
        grade.next_letter.name if grade.next_letter is not None else "",
    )


def _said(table: str, cap: Cap) -> str:
    entry = load_catalogue().checks.get(cap.check)
    places = {"count": cap.count} if table == "lifts" else {"count": cap.count, "title": entry.title if entry else ""}
    return load_grade_words().said(f"{table}.{cap.kind.value}", **places)


def _finding(one: KeptFinding, kept: Kept, now_s: float) -> StandingFinding:
    treatment = {RiskKind.ACCEPTED: Treatment.ACCEPTED, RiskKind.HELD: Treatment.HELD}
    age_days = max(0.0, (now_s - one.first_s) / DAY_S)
    how = treatment.get(kept.kind(one), Treatment.OPEN)
    return StandingFinding(one.id, one.check, one.operation, one.severity, one.confidence, age_days, how)


def _reach(last: KeptScan | None) -> Reach | None:
    if last is None:
        return None
    coverage = table_of(last.report, "coverage")
    described = set(map(str, list_of(coverage, "operations")))
    answered = set(map(str, list_of(coverage, "operations_answered")))
    return Reach(len(described), len(described & answered), len(list_of(coverage, "operations_left_alone")))
