"""The page of today: one sentence on how things stand, the grade, one thing to do next, and what was done for you."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from apiward.app.incidents.desk import ALIVE
from apiward.app.incidents.words import title_of
from apiward.app.page.risks import Kept, RiskKind, ask_of, causes_of, kept_findings
from apiward.app.page.showing import day, moment, shown
from apiward.app.page.source import PageSource
from apiward.app.reporting.making import report_of
from apiward.catalogue.loading import load_catalogue
from apiward.catalogue.page import load_page_words
from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState
from apiward.prove import words
from apiward.prove.grade_words import ToldGrade
from apiward.prove.reports.model import ReportKind
from apiward.prove.standing import GuardState
from apiward.stores.counted.tallying import DAY_S, Tallied
from apiward.stores.watching.headlines import Headlines

_LOOK_MINUTES: Final = 5


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the list behind it. None: it is not known, which is not zero."""

    label: str
    number: int | None
    link: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do next: who can do it, how long it takes, and the text to send them where it is a developer."""

    title: str
    why: str
    who: str
    effort: str
    link: str
    label: str
    command: str = ""
    send: str = ""


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day of the strip; None where nothing is known of it yet."""

    day: str
    requests: int | None
    refused: int | None


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done for the owner, with the list of it."""

    said: str
    link: str


@dataclass(frozen=True, slots=True)
class Today:
    """The page."""

    state: str
    detail: str
    grade: ToldGrade
    step: NextStep
    numbers: tuple[Number, ...]
    strip: tuple[DayBar, ...]
    deeds: tuple[Deed, ...]
    is_scanned: bool
    scanned: str
    unchecked: tuple[str, ...]
    guard: str

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The numbers of the strip, for its drawing, which is left out where one is not known."""
        return [(one.requests or 0, one.refused or 0) for one in self.strip]


@dataclass(frozen=True, slots=True)
class _Facts:
    kept: Kept
    alive: Sequence[Incident]
    guard: GuardState


def today(source: PageSource) -> Today:
    """Return the page. Raises AdvisedError, OSError."""
    said = load_page_words().said
    headlines = Headlines(source.engine)
    kept = kept_findings(source)
    gathered = kept.gathered
    facts = _Facts(kept, gathered.incidents, gathered.standing.guard)
    report = report_of(gathered, kind=ReportKind.SUMMARY, settings=None)
    tallied = source.tally.look(source.clock())
    count = tallied.whole if tallied is not None else None
    week_s = source.tally.since_s(source.clock())
    seen = headlines.count(tuple(IncidentState), since_s=week_s)
    state, detail = _state(facts)
    deeds = []
    if count is not None and facts.guard is not GuardState.ABSENT:
        if count.refused:
            deeds.append(Deed(said("today.did-refuse", count=count.refused), "/traffic?kind=refused"))
        if count.would_be:
            deeds.append(Deed(said("today.did-watch", count=count.would_be), "/traffic?kind=would-be"))
    if kept.of(RiskKind.HELD):
        deeds.append(Deed(said("today.did-hold", count=len(kept.of(RiskKind.HELD))), "/risks?kind=held"))
    if seen:
        deeds.append(Deed(said("today.did-tell", count=seen), "/incidents"))
    return Today(
        state,
        detail,
        report.told,
        _step(facts),
        _numbers(kept, headlines.count(ALIVE), count.refused if count is not None else None),
        _strip(source, tallied),
        tuple(deeds),
        bool(gathered.scans),
        moment(gathered.scans[0].at_s) if gathered.scans else "",
        tuple(map(shown, report.not_checked)) if gathered.scans else (),
        said(f"today.guard-{facts.guard.value}"),
    )


def _strip(source: PageSource, tallied: Tallied | None) -> tuple[DayBar, ...]:
    if tallied is not None:
        return tuple(DayBar(day(at_s), one.requests, one.refused) for at_s, one in tallied.days)
    first_s = source.tally.since_s(source.clock())
    return tuple(DayBar(day(first_s + number * DAY_S), None, None) for number in range(source.tally.days))


def _state(facts: _Facts) -> tuple[str, str]:
    said = load_page_words().said
    urgent = [one for one in facts.alive if one.severity >= Severity.HIGH]
    waiting = [one for one in urgent if one.state is not IncidentState.CONTAINED]
    serious, smaller = len(facts.kept.of(RiskKind.SERIOUS)), len(facts.kept.of(RiskKind.SMALLER))
    later = said("today.smaller", count=smaller) if smaller else ""
    if waiting:
        rest = said("today.also-serious", count=serious) if serious else later
        return said("today.state-incident", count=len(waiting)), rest
    if serious:
        return said("today.state-serious", count=serious), later
    if not facts.kept.is_known:
        return said("today.state-unknown"), said("today.state-unknown-why")
    if urgent:
        return said("today.state-contained", count=len(urgent)), later
    if smaller:
        return said("today.state-smaller", count=smaller), said("today.smaller-wait", count=smaller)
    return said("today.state-calm"), said("today.state-calm-why")


def _step(facts: _Facts) -> NextStep:
    said = load_page_words().said
    waiting = [one for one in facts.alive if one.state is not IncidentState.CONTAINED]
    urgent = [one for one in waiting if one.severity >= Severity.HIGH]
    if urgent:
        return _incident_step(urgent[0])
    if facts.kept.of(RiskKind.SERIOUS):
        return _finding_step(facts.kept, RiskKind.SERIOUS)
    if not facts.kept.is_known:
        return _plain("scan", command="apiward scan http://localhost:8000")
    if facts.guard is GuardState.ABSENT:
        return _plain("guard", command="apiward up")
    if waiting:
        return _incident_step(waiting[0])
    if facts.guard is GuardState.WATCHES:
        return _plain("enforce", command="apiward guard status")
    if facts.kept.of(RiskKind.SMALLER):
        return _finding_step(facts.kept, RiskKind.SMALLER)
    return NextStep(said("today.step-none"), said("today.step-none-why"), "", "", "/risks", said("today.step-none-do"))


def _plain(name: str, *, command: str) -> NextStep:
    said = load_page_words().said
    return NextStep(
        said(f"today.step-{name}"),
        said(f"today.step-{name}-why"),
        said("today.who-owner"),
        said("today.minutes", count=_LOOK_MINUTES),
        "",
        "",
        command=command,
    )


def _incident_step(one: Incident) -> NextStep:
    said = load_page_words().said
    return NextStep(
        said("today.step-incident", title=shown(title_of(one.rule, one.facts))),
        said("today.step-incident-why"),
        said("today.who-owner"),
        said("today.minutes", count=_LOOK_MINUTES),
        f"/incidents/{one.id}",
        said("today.step-incident-do"),
    )


def _finding_step(kept: Kept, kind: RiskKind) -> NextStep:
    said = load_page_words().said
    cause = causes_of(kept, kept.of(kind))[0]
    first = next(one for one in kept.of(kind) if one.id == cause.findings[0].id)
    entry = load_catalogue().checks.get(first.check)
    return NextStep(
        cause.title,
        cause.meaning,
        said("today.who-developer"),
        words.effort(entry.effort_h) if entry else "",
        f"/risks/{first.id}",
        said("today.step-finding-do"),
        send=ask_of(first, entry),
    )


def _numbers(kept: Kept, alive: int, refused: int | None) -> tuple[Number, ...]:
    said = load_page_words().said
    serious, smaller = (len(kept.of(kind)) if kept.is_known else None for kind in (RiskKind.SERIOUS, RiskKind.SMALLER))
    return (
        Number(said("today.number-serious"), serious, "/risks?kind=serious"),
        Number(said("today.number-smaller"), smaller, "/risks?kind=smaller"),
        Number(said("today.number-incidents"), alive, "/incidents"),
        Number(said("today.number-refused"), refused, "/traffic?kind=refused"),
    )
