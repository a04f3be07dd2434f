"""Begins a breach: the clocks, the evidence and the record of it; and drafts the letters."""

import secrets
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from apiward.app.breach.freezing import freeze
from apiward.app.breach.records import Breach, BreachError, evidence_path, read_breach, write_breach, write_private
from apiward.app.guarding.telling import tell, who
from apiward.app.recording.opening import Store
from apiward.catalogue.clocks import Clock, load_clocks
from apiward.catalogue.letters import Letter, load_letters
from apiward.config.business import BusinessConfig
from apiward.config.errors import nearest
from apiward.core.incident import Incident, MomentKind
from apiward.core.lanes import AuditKind
from apiward.core.ports import WatchRecord
from apiward.core.watching import KeptEvidence
from apiward.stores.watching.store import WatchStore
from apiward.watch.breach.drafts import Draft, drafted
from apiward.watch.breach.limits import Facts, Running, running


@dataclass(frozen=True, slots=True)
class Begun:
    """A breach that was begun, where its evidence stands, and what could not be frozen."""

    breach: Breach
    evidence: Path
    left_out: tuple[str, ...]
    is_in_record: bool


def begin(store: Store, wanted: Breach, *, now_s: float) -> Begun:
    """Begin a breach. Raises AdvisedError; then nothing was begun."""
    watch: WatchRecord = WatchStore(store.engine, time.time)
    id_ = f"{datetime.fromtimestamp(now_s, UTC):%Y-%m-%d}-{secrets.token_hex(2)}"
    breach = replace(wanted, id=id_, started_s=now_s, by=who())
    incident = _incident(watch, breach.incident)
    if incident is not None:
        breach = _with_incident(breach, incident)
    detections = tuple(watch.detections(breach.incident)) if incident else ()
    frozen = freeze(store, breach, incident, detections, now_s)
    breach = replace(breach, head=frozen.head)
    path = evidence_path(store.folder, id_)
    write_private(path, frozen.bundle)
    write_breach(store.folder, breach)
    said = f"Something happened: breach {id_} was begun. The evidence is frozen: {frozen.head}"
    is_told = tell(store.folder, said, kind=AuditKind.INCIDENT, now_s=now_s)
    title = f"Evidence of breach {id_}"
    kept = KeptEvidence(frozen.head[:32], f"breach:{id_}", "bundle", now_s, title, frozen.head, path.name.encode())
    try:
        watch.keep_evidence([kept])
    except OSError:
        is_told = False
    return Begun(breach, path, frozen.left_out, is_told)


def update(folder: Path, breach: Breach, *, now_s: float) -> bool:
    """Keep what was learned of a breach; return whether the audit record took it. Raises BreachError."""
    write_breach(folder, breach)
    said = f"Breach {breach.id} was updated. {len(limits_of(breach))} time limits run or may run."
    return tell(folder, said, kind=AuditKind.INCIDENT, now_s=now_s)


def facts_of(business: BusinessConfig, noticed_s: float) -> Facts:
    """Return what the settings say of the business, for something that was noticed then."""
    return Facts(
        noticed_s=noticed_s,
        business_in=business.countries or None,
        people_in=business.customers_in or None,
        data=named(business.data),
        roles=named(business.roles),
    )


def named(words: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return what words say: none at all where they say so, and nothing known where there is no word."""
    return () if words == ("none",) else words or None


def limits_of(breach: Breach) -> tuple[Running, ...]:
    """Return the time limits that run or may run."""
    return running(breach.facts, load_clocks().values())


def letter_for(breach: Breach, name: str, *, authority: str = "", held: str = "") -> tuple[str, Draft]:
    """Return the title and the draft of a letter: of a time limit ("gdpr-authority"), or of a kind ("people")."""
    letters, clocks = load_letters(), load_clocks()
    clock = clocks.get(name)
    letter = letters.letters.get(clock.template if clock else name)
    if letter is None:
        known = (*letters.letters, *(one.clock.name for one in limits_of(breach)))
        raise BreachError(f"There is no letter {name[:40]!a}.", "", nearest(name, known))
    return letter.title, drafted(letter, letters, known_of(breach, clock, authority=authority, held=held))


def letters_of(breach: Breach) -> tuple[tuple[Letter, Clock], ...]:
    """Return the letters that the running time limits ask for."""
    letters = load_letters().letters
    return tuple((letters[one.clock.template], one.clock) for one in limits_of(breach))


def known_of(breach: Breach, clock: Clock | None, *, authority: str, held: str) -> dict[str, str]:
    """Return what is known of a breach, in words, by the places of letters. Numbers are those that were counted."""
    facts = breach.facts
    return {
        "business": breach.business,
        "contact": breach.contact,
        "what": breach.what,
        "noticed": _moment(facts.noticed_s),
        "first": _moment(breach.first_s),
        "last": _moment(breach.last_s),
        "count": "" if breach.count is None else f"{breach.count:,}",
        "people": "" if facts.people is None else f"{facts.people:,}",
        "data": ", ".join(facts.data or ()),
        "touched": ", ".join(breach.touched),
        "to": clock.to if clock else "",
        "law": clock.law if clock else "",
        "authority": authority,
        "held": held,
    }


def held_words(store: Store, breach: Breach) -> str:
    """Return what was done so far, as the timeline of the incident says it; empty where nothing is known."""
    found = _incident(WatchStore(store.engine, time.time), breach.incident)
    moments = [one for one in found.timeline if one.kind is MomentKind.CONTAINED] if found else []
    return " ".join(f"{_moment(one.at_s)}: {one.said}" for one in moments)


def _incident(watch: WatchRecord, id_: str) -> Incident | None:
    if not id_:
        return None
    try:
        found = watch.incident(id_)
    except OSError as error:
        raise BreachError("The incident cannot be read.", f"{error}.", "Begin without --incident.") from error
    if found is None:
        raise BreachError(f"There is no incident {id_[:40]!a}.", "", "Begin without --incident, or name another one.")
    return found


def _with_incident(breach: Breach, incident: Incident) -> Breach:
    kinds: dict[str, int] = {}
    for key in incident.touched:
        kind = key.partition(":")[0]
        kinds[kind] = kinds.get(kind, 0) + 1
    is_cut = incident.touched_count > len(incident.touched)
    counted = tuple(f"{kind}: {'at least ' if is_cut else ''}{number}" for kind, number in kinds.items())
    return replace(
        breach,
        first_s=incident.first_s,
        last_s=incident.last_s,
        count=incident.count,
        touched=counted or breach.touched,
    )


def _moment(at_s: float | None) -> str:
    return "" if at_s is None else f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%d %H:%M} UTC"


__all__ = [
    "Begun",
    "begin",
    "facts_of",
    "held_words",
    "known_of",
    "letter_for",
    "letters_of",
    "limits_of",
    "named",
    "read_breach",
    "update",
]
