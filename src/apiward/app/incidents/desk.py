"""Works on incidents: looks at them, holds off who does them, lets in, closes. Every step is in the record."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from apiward.app.guarding.place import Place
from apiward.app.guarding.shutting import ShutDesk
from apiward.app.guarding.telling import tell
from apiward.app.incidents.hitting import Others, check_hits, networks_of, nobody_knows
from apiward.app.incidents.words import clock
from apiward.app.recording.opening import Store
from apiward.catalogue.incidents import load_incident_words
from apiward.config.errors import AdvisedError, nearest
from apiward.config.guarding import GuardConfig
from apiward.core.detection import Detection
from apiward.core.incident import Incident, IncidentState, Moment, MomentKind
from apiward.core.lanes import AuditKind
from apiward.core.ports import StepUp, WatchRecord
from apiward.core.watching import WatchStep
from apiward.stores.blocks.memory import Block
from apiward.stores.watching.store import WatchStore
from apiward.watch.timelines import with_moments

ALIVE: Final = (IncidentState.OPEN, IncidentState.REOPENED, IncidentState.CONTAINED)
MOST: Final = 1_000
MOST_OPERATIONS: Final = 20
_HELD: Final = frozenset({"user", "key", "device", "token", "address", "network", "tenant", "asn", "operation"})
_LOOKED_S: Final = 3_600.0


class NotHeldError(AdvisedError):
    """Nothing of an incident can be held off in the way that was asked for."""


@dataclass(frozen=True, slots=True)
class Held:
    """What came of holding off: the incident as it is now, what was done, and if it is not held off, why not."""

    incident: Incident
    keys: tuple[str, ...]
    until_s: float
    ended_log_ins: int = 0
    why_not: str = ""


class IncidentDesk:
    """Works on the incidents of one store, and at the guard. Every method raises AdvisedError or OSError."""

    def __init__(
        self,
        record: WatchRecord,
        shut: ShutDesk,
        folder: Path,
        *,
        by: str,
        now: Callable[[], float] = time.time,
        step_up: StepUp | None = None,
        others: Others = nobody_knows,
    ) -> None:
        self._record = record
        self._shut = shut
        self._folder = folder
        self._by = by
        self._now = now
        self._step_up = step_up
        self._others = others
        self._words = load_incident_words()

    def listed(self, *, is_all: bool = False) -> Sequence[Incident]:
        """Return the incidents that are not closed, or all."""
        return self._record.incidents(() if is_all else ALIVE, limit=MOST)

    def get(self, typed: str) -> Incident:
        """Return an incident by its id, or by the beginning of it."""
        exact = self._record.incident(typed)
        if exact is not None:
            return exact
        known = self._record.incidents(limit=MOST)
        found = [one for one in known if typed and one.id.startswith(typed)]
        if len(found) == 1:
            return found[0]
        near = nearest(typed, tuple(one.id for one in known)) if 0 < len(known) <= 20 else ""
        why = f"{len(found)} begin like that." if found else near or f"There are {len(known)}."
        raise AdvisedError(f"There is no incident {typed[:40]!a}.", why, "See: apiward incidents --all")

    def detections(self, incident: Incident) -> Sequence[Detection]:
        """Return what the rules saw of it."""
        return self._record.detections(incident.id)

    def look(self, typed: str) -> Incident:
        """Return an incident, and note that somebody has looked at it: then nobody else need be told."""
        found = self.get(typed)
        now_s = self._now()
        recent = [one for one in found.timeline if one.by == self._by and now_s - one.at_s < _LOOKED_S]
        if recent or found.state is IncidentState.CLOSED:
            return found
        return self._note(found, MomentKind.STEP, "looked")

    def note(self, typed: str, text: str) -> Incident:
        """Add a note to the timeline."""
        return self._note(self.get(typed), MomentKind.NOTE, "note", text=text)

    def close(self, typed: str, reason: str) -> Incident:
        """Close an incident; it opens again by itself where it comes back."""
        found = self.get(typed)
        if found.state is IncidentState.CLOSED:
            raise AdvisedError(f"{found.id} is closed already.", "", f"See: apiward incidents show {found.id}")
        return self._note(found, MomentKind.CLOSED, "closed", reason=reason)

    def held(self, incident: Incident) -> tuple[Block, ...]:
        """Return what is still held off for an incident: closing it lets nobody in."""
        return tuple(one for one in self._shut.listed() if one.incident == incident.id)

    def contain(
        self,
        typed: str,
        *,
        for_s: float,
        reason: str,
        with_operations: bool = False,
        with_networks: bool = False,
        is_sure: bool = False,
    ) -> Held:
        """Hold off who does it, for a time. It counts as contained only where the guard itself says so.

        A network or a customer is held off only where that hits nobody else, or where the owner is sure.
        """
        found = self.get(typed)
        keys = self._keys_of(found, with_operations=with_operations, with_networks=with_networks)
        if not is_sure:
            more = " --networks" * with_networks + " --operations" * with_operations
            check_hits(keys, self._others, found.first_s, f"apiward incidents contain {found.id}{more} --yes")
        return self.hold(found, keys, for_s=for_s, reason=reason)

    def hold(self, found: Incident, keys: Sequence[str], *, for_s: float, reason: str, consent: str = "") -> Held:
        """Hold off these callers or operations for an incident; with `consent` apiward does so by itself."""
        done: list[str] = []
        ended, until_s = 0, self._now() + for_s
        try:
            for key in keys:
                block = self._shut.shut(key, reason=reason, for_s=for_s, incident=found.id)
                done.append(block.key)
                until_s = block.until_s
                if block.key.startswith("user:"):
                    ended += self._shut.end_log_ins(block.key, reason=reason, for_s=for_s, incident=found.id)
            why_not = self._shut.standing(done).why
        except AdvisedError as error:
            self._failed(found, keys, str(error))
            raise
        if why_not:
            return Held(self._failed(found, keys, why_not), tuple(done), until_s, ended, why_not)
        what = ", ".join(self._words.who(key) for key in done)
        name, places = ("by-itself", {"consent": consent}) if consent else ("contained", {})
        now = self._note(found, MomentKind.CONTAINED, name, until=clock(until_s), what=what, **places)
        return Held(now, tuple(done), until_s, ended)

    def leave(self, found: Incident, why: str, **places: object) -> Incident:
        """Say, once, why apiward does not hold off by itself what it may; `why` is a word of the catalogue."""
        said = self._words.said(f"moments.{why}", **places)
        if any(moment.said == said and not moment.by for moment in found.timeline):
            return found
        return self._note(found, MomentKind.STEP, why, **places)

    def undo(self, typed: str) -> Held:
        """Let in again all that was held off for an incident."""
        found = self.get(typed)
        undone = self._shut.undo_incident(found.id)
        if not undone:
            raise AdvisedError(f"Nobody is held off for {found.id}.", "", "See: apiward block list")
        keys = tuple(one.key for one in undone)
        why_not = self._shut.standing(keys, is_out=False).why
        what = ", ".join(self._words.who(key) for key in keys[:5])
        return Held(self._note(found, MomentKind.UNDONE, "undone", what=what), keys, 0.0, why_not=why_not)

    def ask_second_factor(self, typed: str, *, for_s: float, reason: str) -> Held:
        """Ask who does it for a second factor, where there is an access portal."""
        found = self.get(typed)
        if self._step_up is None or not found.who.startswith("user:"):
            why = "There is no access portal here." if self._step_up is None else "Only accounts can have one."
            raise NotHeldError(
                "No second factor can be asked for.", why, f"Instead: apiward incidents contain {found.id}"
            )
        until_s = self._now() + for_s
        if not self._step_up.require(found.who, reason=reason, until_s=until_s):
            why = "The access portal does not say so."
            return Held(self._failed(found, (found.who,), why), (found.who,), until_s, why_not=why)
        now = self._note(found, MomentKind.STEP, "second-factor", who=self._words.who(found.who))
        return Held(now, (found.who,), until_s)

    def _keys_of(self, incident: Incident, *, with_operations: bool, with_networks: bool) -> tuple[str, ...]:
        if incident.is_drill:  # an address that was made up may be a customer's
            return (f"token:drill-{incident.id}",)
        kind, _, name = incident.who.partition(":")
        keys = [incident.who] if kind in _HELD and name else []
        networks = self.networks_of(incident) if with_networks else ()
        keys += networks
        if with_networks and not networks:
            why = "No two of those who do it that are known come from one."
            raise NotHeldError("There is no network to hold off.", why, f"See: apiward incidents show {incident.id}")
        if with_operations:
            keys += [f"operation:{where}" for where in incident.where[:MOST_OPERATIONS]]
        if keys:
            return tuple(keys)
        what = self._words.who(incident.who).capitalize()
        if not incident.where:
            raise NotHeldError(
                f"{what} cannot be held off.",
                "There is neither a caller nor an operation.",
                "See: apiward block --help",
            )
        named = ", ".join(incident.where[:5])
        raise NotHeldError(
            f"{what} cannot be held off by name.",
            f"It can be held off by shutting what they reach for, for all: {named}.",
            f"If that is worth it: apiward incidents contain {incident.id} --operations (or --networks)",
        )

    def networks_of(self, incident: Incident) -> tuple[str, ...]:
        """Return the networks from which several of those come who do it together."""
        seen = [one.who.partition(":")[2] for one in self.detections(incident) if one.who.startswith("address:")]
        return networks_of([*seen, *(one.client for one in self._record.events_of(incident.events))])

    def _failed(self, incident: Incident, keys: Sequence[str], why: str) -> Incident:
        what = ", ".join(self._words.who(key) for key in keys)
        return self._note(incident, MomentKind.STEP, "not-contained", what=what, why=why)

    def _note(self, incident: Incident, kind: MomentKind, name: str, **places: object) -> Incident:
        said = self._words.said(f"moments.{name}", **places)
        changed = with_moments(incident, Moment(self._now(), kind, said, self._by))
        self._record.commit(WatchStep(incidents=(changed,)))
        if self._by and self._folder.is_dir():  # what apiward does by itself, the store puts into the record
            now_s = self._now()
            text = f"Incident {incident.id}: {said}"
            tell(self._folder, text, kind=AuditKind.INCIDENT, now_s=now_s, by=self._by)
        return changed


@contextlib.contextmanager
def open_record(place: Place, config: GuardConfig) -> Iterator[WatchStore]:
    """Open the store of incidents beside the events. Raises AdvisedError where there is none."""
    with Store.opened(place, config) as store:
        yield record_of(store.engine)


def record_of(engine: Engine) -> WatchStore:
    """Return the store of incidents in a database."""
    return WatchStore(engine, time.time)
