"""What stands in tests for the correlator, the grouping and the store: small, and as their contracts say."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import orjson

from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState
from apiward.core.watching import ChangedIncidents, KeptEvidence, Resumption, StoredEvents, WatchStep


class Seen:
    """Tells of every caller with a third 404, and again with each further one."""

    def __init__(self, state: bytes = b"") -> None:
        self.counts: dict[str, int] = orjson.loads(state) if state else {}
        self.looks: list[float] = []

    def see(self, event: Event) -> Sequence[Detection]:
        if event.status != 404:
            return ()
        count = self.counts[event.client] = self.counts.get(event.client, 0) + 1
        if count < 3:
            return ()
        return (Detection("inventory.probing", f"address:{event.client}", Severity.HIGH, 0.0, event.at_s, count),)

    def passed(self, now_s: float) -> Sequence[Detection]:
        self.looks.append(now_s)
        return ()

    def state(self) -> bytes:
        return orjson.dumps(self.counts)


class Grouped:
    """One incident for each caller."""

    def __init__(self, state: bytes = b"") -> None:
        self.counts: dict[str, int] = orjson.loads(state) if state else {}

    def take(self, detections: Sequence[Detection], now_s: float) -> Sequence[Incident]:
        changed = {}
        for seen in detections:
            self.counts[seen.who] = seen.count
            changed[seen.who] = Incident(
                self.id_of(seen), seen.rule, seen.who, seen.severity, seen.first_s, seen.last_s, seen.count
            )
        return tuple(changed.values())

    def id_of(self, seen: Detection) -> str:
        return f"i-{seen.who}"

    def hear(self, stored: Sequence[Incident]) -> Sequence[Incident]:
        return [one for one in stored if one.state is IncidentState.CONTAINED]

    def state(self) -> bytes:
        return orjson.dumps(self.counts)


class Kept:
    """Keeps everything in memory; `fails` times it cannot."""

    def __init__(self, own: Sequence[Event] = ()) -> None:
        self.own = list(own)
        self.events: dict[str, Event] = {}
        self.all: list[Incident] = []
        self.steps: list[WatchStep] = []
        self.positions: dict[str, str] = {}
        self.checkpoint = b""
        self.fails = 0

    def commit(self, step: WatchStep) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("away")
        self.steps.append(step)
        for event in step.events:
            self.events.setdefault(event.id, event)
        self.all += step.incidents
        self.positions |= step.positions
        self.checkpoint = step.checkpoint or self.checkpoint

    def resume(self) -> Resumption:
        return Resumption(self.positions, self.checkpoint)

    def events_after(self, seq: int, *, limit: int = 4_000) -> StoredEvents:
        page = self.own[seq : seq + limit]
        return StoredEvents(seq + len(page), page)

    def events_of(self, ids: Sequence[str]) -> Sequence[Event]:
        return [self.events[id_] for id_ in ids if id_ in self.events]

    def incident(self, id_: str) -> Incident | None:
        return next((one for one in reversed(self.all) if one.id == id_), None)

    def incidents(self, states: Collection[IncidentState] = (), *, limit: int = 100) -> Sequence[Incident]:
        return list({one.id: one for one in self.all}.values())[:limit]

    def incidents_after(self, number: int, *, limit: int = 1_000) -> ChangedIncidents:
        return ChangedIncidents(len(self.all), self.all[number : number + limit])

    def detections(self, incident: str, *, limit: int = 1_000) -> Sequence[Detection]:
        return [seen for step in self.steps for id_, seen in step.detections if id_ == incident][:limit]

    def keep_evidence(self, evidence: Sequence[KeptEvidence]) -> None:
        raise NotImplementedError

    def evidence(self, subject: str) -> Sequence[KeptEvidence]:
        raise NotImplementedError


class Given:
    """Events that are there, in chunks."""

    def __init__(self, name: str, *chunks: Sequence[Event], is_own: bool = False, is_over: bool = True) -> None:
        self.name = name
        self.is_own = is_own
        self.size = self.done_bytes = self.unread = 0
        self.events: Sequence[Event] = ()
        self.at = 0
        self.taken = 0
        self._chunks = list(chunks)
        self._is_over = is_over

    def fill(self) -> bool:
        while self.at >= len(self.events) and self._chunks:
            self.taken += len(self.events)
            self.events, self.at = self._chunks.pop(0), 0
        return self.at < len(self.events)

    @property
    def position(self) -> str:
        return str(self.taken + self.at)

    @property
    def is_over(self) -> bool:
        return self._is_over and not self._chunks and self.at >= len(self.events)

    def close(self) -> None:
        return


def event(at_s: float, status: int = 404, client: str = "192.0.2.7") -> Event:
    return Event(f"{client}-{at_s}", at_s, "GET", "", "/x", status, "passed", client, "anonymous:")


def contained(incident: Incident) -> Incident:
    return replace(incident, state=IncidentState.CONTAINED)
