"""An exercise: an attack that somebody made up goes through guard, watch, incidents, channels and blocks for real.

It is harmless: its requests reach no API and stand in no list of events, its incident is marked, and what is shut out
and let in again at the guard is a caller that nobody can be.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from apiward.access.keys.ring import KeyRing
from apiward.app.guarding.cases import Case
from apiward.app.guarding.description import known_api
from apiward.app.guarding.judging import DryGuard
from apiward.app.guarding.shutting import ShutDesk
from apiward.app.incidents.desk import IncidentDesk
from apiward.app.incidents.following import tell_now
from apiward.app.incidents.words import title_of
from apiward.catalogue.incidents import load_incident_words
from apiward.config.errors import AdvisedError
from apiward.config.guarding import parse_guard
from apiward.config.notifying import NotifyConfig
from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.core.incident import Incident, MomentKind
from apiward.core.marks import DRILL
from apiward.core.ports import WatchRecord
from apiward.core.watching import KeptEvidence, WatchStep
from apiward.net.sender import HttpSender
from apiward.watch.correlator import Correlator
from apiward.watch.incidents import Incidents
from apiward.watch.registry import DETECTIONS
from apiward.watch.settings import SeeingSettings

SUBJECT: Final = "drill"
KEPT_S: Final = 400 * 86_400.0
LOOK_EVERY_S: Final = 60.0
TELL_WITHIN_S: Final = 60.0
HOLD_S: Final = 300.0
_PAUSE_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Played:
    """One request of the exercise, and whether it is a part of the attack."""

    case: Case
    is_attack: bool


@dataclass(slots=True)
class Drilled:
    """What came of it. Times are in seconds; `noticed_s` is of the played time, since the attack began."""

    kind: str
    at_s: float
    requests: int = 0
    attack_requests: int = 0
    incident: str = ""
    title: str = ""
    noticed_after: int = 0
    noticed_s: float = 0.0
    found_s: float = 0.0
    """From the first request that was looked at to the incident in the store, on this machine."""
    told_s: dict[str, float] = field(default_factory=dict)
    not_told: dict[str, str] = field(default_factory=dict)
    contained_s: float | None = None
    undone_s: float | None = None
    why_not_contained: str = ""
    evidence: str = ""

    @property
    def is_noticed(self) -> bool:
        """Whether the attack became an incident."""
        return bool(self.incident)


async def events_of(played: Iterable[Played], settings: str, base: Path) -> list[tuple[Event, bool]]:
    """Return the events that a guard which only watches makes of the requests, marked. Raises AdvisedError."""
    config, problems = parse_guard(settings)
    if problems:
        raise AdvisedError("The exercise cannot be set up.", " ".join(problems))
    known = await known_api("", config.description, base)
    async with HttpSender(clock=time.time) as sender:
        guard = DryGuard(config, known.api, base, KeyRing(), sender, is_apart=False)
        found = []
        for one in played:
            event, _ = await guard.event_of(one.case)
            found.append((event._replace(marks=(*event.marks, (DRILL, "1"))), one.is_attack))
        return found


class Drill:
    """Plays one exercise. `elapsed` counts seconds, `now` is the time of day."""

    def __init__(
        self,
        record: WatchRecord,
        desk: IncidentDesk,
        shut: ShutDesk,
        *,
        now: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._record = record
        self._desk = desk
        self._shut = shut
        self._now = now
        self._elapsed = elapsed
        self._pause = pause

    def notice(self, events: Sequence[tuple[Event, bool]], kind: str) -> Drilled:
        """Let watch see the events, and keep the incident that tells of the attack."""
        drilled = Drilled(kind, self._now(), len(events), sum(is_attack for _, is_attack in events))
        attack_ids = {event.id for event, is_attack in events if is_attack}
        incidents = Incidents(load_incident_words(), title=title_of)
        begun_s = self._elapsed()
        found: Incident | None = None
        for event, after, detections in _seen(events):
            changed = incidents.take(detections, event.at_s)
            if found is None and any(attack_ids.intersection(one.events) for one in detections):
                first = next(one for one in detections if attack_ids.intersection(one.events))
                found = next((one for one in changed if one.id == incidents.id_of(first)), None)
                if found is not None:
                    self._record.commit(WatchStep(incidents=(found,), detections=((found.id, first),)))
                    drilled.found_s = self._elapsed() - begun_s
                    drilled.noticed_after = after
                    drilled.noticed_s = event.at_s - min(one.at_s for one, is_attack in events if is_attack)
        if found is not None:
            latest = next(one for one in incidents.known() if one.id == found.id)
            self._record.commit(WatchStep(incidents=(latest,)))
            drilled.incident, drilled.title = latest.id, title_of(latest.rule)
        return drilled

    def tell(self, drilled: Drilled, config: NotifyConfig, folder: Path, base: Path) -> None:
        """Tell people of it on all channels that take such an incident, marked as an exercise."""
        begun_s = self._elapsed()
        wanted = {one.name for one in config.channels if not one.is_last_resort}
        while wanted and self._elapsed() - begun_s < TELL_WITHIN_S:
            tell_now(self._record, config, folder, base, now_s=self._now())
            incident = self._record.incident(drilled.incident)
            for moment in incident.timeline if incident is not None else ():
                name = next((one for one in wanted if moment.said.startswith(f"Told by {one}")), "")
                if moment.kind is MomentKind.TOLD and name:
                    drilled.told_s[name] = self._elapsed() - begun_s
            severity = incident.severity if incident is not None else 0
            wanted = {
                one.name
                for one in config.channels
                if one.name in wanted and one.name not in drilled.told_s and severity >= one.least
            }
            if wanted:
                self._pause(_PAUSE_S)
        drilled.not_told |= dict.fromkeys(sorted(wanted), f"It did not take it within {TELL_WITHIN_S:.0f} seconds.")

    def contain(self, drilled: Drilled) -> None:
        """Shut out a caller that nobody can be, see whether the guard says so, and let it in again."""
        key, begun_s = f"token:drill-{drilled.incident}", self._elapsed()
        try:
            self._shut.shut(key, reason="An exercise.", for_s=HOLD_S, incident=drilled.incident)
            standing = self._shut.standing([key])
            if standing.is_so:
                drilled.contained_s = self._elapsed() - begun_s
            drilled.why_not_contained = standing.why
            begun_s = self._elapsed()
            self._shut.undo(key)
            if self._shut.standing([key], is_out=False).is_so:
                drilled.undone_s = self._elapsed() - begun_s
        except AdvisedError as error:
            drilled.why_not_contained = str(error)

    def close(self, drilled: Drilled) -> None:
        """End the incident, and keep as evidence what was measured."""
        self._desk.close(drilled.incident, "The exercise is over.")
        drilled.evidence = f"drill.{drilled.incident}"
        body = json.dumps(asdict(drilled), sort_keys=True).encode()
        title = f"Exercise: {drilled.title}"
        self._record.keep_evidence(
            [
                KeptEvidence(
                    drilled.evidence,
                    SUBJECT,
                    "drill",
                    drilled.at_s,
                    title,
                    hashlib.sha256(body).hexdigest(),
                    body,
                    drilled.at_s + KEPT_S,
                )
            ]
        )


def _seen(events: Sequence[tuple[Event, bool]]) -> Iterator[tuple[Event, int, list[Detection]]]:
    """Yield the events at which something shows, how many of the attack there were by then, and what shows."""
    correlator = Correlator(DETECTIONS, SeeingSettings())
    after, look_s = 0, 0.0
    for event, is_attack in events:
        after += is_attack
        detections: list[Detection] = []
        if event.at_s >= look_s:
            detections += correlator.passed(event.at_s) if look_s else ()
            look_s = event.at_s + LOOK_EVERY_S
        detections += correlator.see(event)
        if detections:
            yield event, after, detections
    rest = list(correlator.passed(events[-1][0].at_s)) if events else []
    if rest:
        yield events[-1][0], after, rest


def played_events(played: Iterable[Played], settings: str, base: Path) -> list[tuple[Event, bool]]:
    """Return what `events_of` gives, for callers without a loop. Raises AdvisedError."""
    return asyncio.run(events_of(played, settings, base))
