"""The page of incidents: what a person must handle; and one of them with its timeline, steps and time limits."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.app.breach.desk import facts_of
from apiward.app.incidents.desk import ALIVE
from apiward.app.incidents.words import title_of, touched_of
from apiward.app.page.risks import NotFoundError
from apiward.app.page.showing import moment, shown, shown_who
from apiward.app.page.source import PageSource
from apiward.catalogue.clocks import load_clocks
from apiward.catalogue.detections import load_detections
from apiward.catalogue.incidents import is_of_the_whole, load_incident_words, requests_of
from apiward.catalogue.playbooks import WHEN, Playbook, Step, load_playbooks
from apiward.config.business import BusinessConfig
from apiward.config.errors import AdvisedError
from apiward.core.detection import EVERYBODY
from apiward.core.incident import Incident, IncidentState
from apiward.stores.watching.headlines import Headlines
from apiward.watch.breach.limits import Running, running

MOST: Final = 500


class IncidentKind(StrEnum):
    """Which incidents a list holds."""

    ALIVE = "alive"
    CLOSED = "closed"


_STATES: Final = {IncidentKind.ALIVE: ALIVE, IncidentKind.CLOSED: (IncidentState.CLOSED,)}


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident in a list."""

    id: str
    title: str
    severity: str
    state: str
    who: str
    first: str
    last: str
    requests: int
    is_drill: bool


@dataclass(frozen=True, slots=True)
class Incidents:
    """The page. `counts` are those of both lists; of more than MOST, the list holds the worst."""

    kind: IncidentKind
    counts: tuple[tuple[IncidentKind, int], ...]
    lines: tuple[IncidentLine, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Held:
    """Who is held off for an incident, and until when."""

    who: str
    until: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit of a law that runs, or may run where there are questions."""

    duty: str
    to: str
    law: str
    until: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentShown:
    """One incident with all that is known of it, and what can be done. `no_hold` says why nobody can be held off."""

    line: IncidentLine
    saw: str
    meaning: str
    todo: str
    touched: str
    unknown: tuple[str, ...]
    where: tuple[str, ...]
    timeline: tuple[tuple[str, str, str], ...]
    held: tuple[Held, ...]
    can_hold: bool
    is_everybody: bool
    playbook: Playbook | None
    steps: tuple[tuple[str, tuple[Step, ...]], ...]
    limits: tuple[Limit, ...]


def incidents(source: PageSource, kind: IncidentKind = IncidentKind.ALIVE) -> Incidents:
    """Return the page. Raises OSError."""
    headlines = Headlines(source.engine)
    found = headlines.listed(_STATES[kind], limit=MOST)
    counts = tuple((one, headlines.count(_STATES[one])) for one in IncidentKind)
    return Incidents(kind, counts, tuple(map(line_of, found)), len(found) < dict(counts)[kind])


def incident(source: PageSource, id_: str) -> IncidentShown:
    """Return one incident. Raises NotFoundError, AdvisedError, OSError."""
    found = source.record.incident(id_)
    if found is None:
        raise NotFoundError("There is no such incident.", "It may have been removed since.", "See the list.")
    entry = load_detections().get(found.rule)
    book = load_playbooks().get(entry.playbook) if entry else None
    is_whole = is_of_the_whole(found.rule, found.who)
    return IncidentShown(
        line=line_of(found),
        saw=shown(entry.told(dict(found.facts))) if entry else "",
        meaning=entry.meaning if entry else "",
        todo=entry.todo if entry else "",
        touched=shown(touched_of(found)),
        unknown=tuple(map(shown, found.unknown)),
        where=tuple(map(shown, found.where[:20])),
        timeline=tuple((moment(one.at_s), shown(one.said), shown(one.by)) for one in reversed(found.timeline)),
        held=_held(source, found),
        can_hold=found.state is not IncidentState.CLOSED and not is_whole,
        is_everybody=found.who == EVERYBODY,
        playbook=book,
        steps=_steps(book) if book else (),
        limits=_limits(source.settings().business, found) if not found.is_drill else (),
    )


def line_of(one: Incident) -> IncidentLine:
    """Return an incident for a list."""
    return IncidentLine(
        one.id,
        shown(title_of(one.rule, one.facts)),
        one.severity.word,
        one.state.value,
        shown(load_incident_words().who_of(one.rule, one.who)),
        moment(one.first_s),
        moment(one.last_s),
        requests_of(one.rule, one.count),
        one.is_drill,
    )


def _held(source: PageSource, found: Incident) -> tuple[Held, ...]:
    try:
        blocks = source.incident_desk().held(found)
    except AdvisedError:
        return ()  # no guard has run here: nobody is held off
    return tuple(Held(shown_who(one.key), moment(one.until_s)) for one in blocks)


def _steps(book: Playbook) -> tuple[tuple[str, tuple[Step, ...]], ...]:
    found = ((when, tuple(step for step in book.steps if step.when == when)) for when in WHEN)
    return tuple((when, steps) for when, steps in found if steps)


def _limits(business: BusinessConfig, found: Incident) -> tuple[Limit, ...]:
    return tuple(map(_limit, running(facts_of(business, found.first_s), load_clocks().values())))


def _limit(one: Running) -> Limit:
    return Limit(one.clock.duty, one.clock.to, one.clock.law, moment(one.until_s), one.questions)
