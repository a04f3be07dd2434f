"""The store of what watch saw, in the same database as the events and in the same transactions."""

import os
from collections.abc import Callable, Collection, Sequence
from typing import Final

from sqlalchemy import Engine, Row, select

from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.core.incident import Incident, IncidentState
from apiward.core.lanes import AuditKind
from apiward.core.marks import SOURCE
from apiward.core.ports import Clock
from apiward.core.watching import ChangedIncidents, KeptEvidence, Resumption, StoredEvents, WatchStep
from apiward.stores.events.inserting import Inserting, paused
from apiward.stores.events.rows import COLUMNS, Cell, event_of, rows_of
from apiward.stores.events.schema import EVENTS
from apiward.stores.record.appending import Audited, RandomBytes, append
from apiward.stores.record.telling import OURSELVES, told
from apiward.stores.record.watch_tables import DETECTIONS, EVIDENCE, INCIDENTS, WATCH_STATE
from apiward.stores.watching.detection_rows import detection_of, keep_detections
from apiward.stores.watching.incident_rows import incidents_of, keep_incidents
from apiward.stores.watching.reaching import Reach
from apiward.stores.watching.texts import kept_text
from apiward.stores.watching.upserting import Values, add_missing, put

MOST: Final = 10_000
"""Things that one question returns at most."""
_POSITION: Final = "position:"
_CHECKPOINT: Final = "checkpoint"
_PAGE: Final = 500


class WatchStore:
    """Implements `core.ports.WatchRecord` on SQLite and PostgreSQL. Raises StoreError, which is an OSError.

    `rest` is called between statements that store events: a guard on the same processor serves meanwhile.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        random_bytes: RandomBytes = os.urandom,
        rest: Callable[[], None] = paused,
    ) -> None:
        self._clock = clock
        self._reach = Reach(engine)
        self._random_bytes = random_bytes
        self._inserting = Inserting(engine, random_bytes, rest)

    def commit(self, step: WatchStep) -> None:
        """Keep all of a step in one transaction."""
        rows = rows_of(step.events)
        now_s = self._clock()
        with self._reach.writing() as connection:
            if rows:
                self._inserting.insert(connection, rows, now_s)
            keep_detections(connection, step.detections)
            moments = keep_incidents(connection, step.incidents)
            append(connection, [_audited(row) for row in moments if not row["by_whom"]], self._random_bytes, now_s)
            for name, position in step.positions.items():
                put(connection, WATCH_STATE, {"id": f"{_POSITION}{kept_text(name)}", "body": position.encode()})
            if step.checkpoint is not None:
                put(connection, WATCH_STATE, {"id": _CHECKPOINT, "body": step.checkpoint})

    def resume(self) -> Resumption:
        """Return where to go on."""
        with self._reach.reading() as connection:
            rows = {str(row.id): bytes(row.body) for row in connection.execute(select(WATCH_STATE)).all()}
        own = {id_.removeprefix(_POSITION): body.decode() for id_, body in rows.items() if id_.startswith(_POSITION)}
        return Resumption(own, rows.get(_CHECKPOINT, b""))

    def events_after(self, seq: int, *, limit: int = 4_000) -> StoredEvents:
        """Return the next events that the guard stored; those read from logs are left out."""
        page = select(EVENTS.c.seq, *_cells()).where(EVENTS.c.seq > seq).order_by(EVENTS.c.seq).limit(min(limit, MOST))
        with self._reach.reading() as connection:
            rows = connection.execute(page).all()
        events = [event_of(row[1:]) for row in rows if _SOURCE not in row.marks]
        return StoredEvents(rows[-1].seq if rows else seq, events)

    def events_of(self, ids: Sequence[str]) -> Sequence[Event]:
        """Return the events of these ids that are still kept, in the order of storing."""
        ids = ids[:MOST]
        found: list[Row[tuple[Cell, ...]]] = []
        with self._reach.reading() as connection:
            for start in range(0, len(ids), _PAGE):
                some = select(EVENTS.c.seq, *_cells()).where(EVENTS.c.id.in_(ids[start : start + _PAGE]))
                found += connection.execute(some).all()
        return [event_of(row[1:]) for row in sorted(found, key=lambda row: row.seq)]

    def incident(self, id_: str) -> Incident | None:
        """Return one incident, with its timeline."""
        with self._reach.reading() as connection:
            rows = connection.execute(select(INCIDENTS).where(INCIDENTS.c.id == id_)).mappings().all()
            return next(iter(incidents_of(connection, rows)), None)

    def incidents(self, states: Collection[IncidentState] = (), *, limit: int = 100) -> Sequence[Incident]:
        """Return incidents in these states, the newest first."""
        query = select(INCIDENTS).order_by(INCIDENTS.c.last_s.desc(), INCIDENTS.c.seq.desc()).limit(min(limit, MOST))
        if states:
            query = query.where(INCIDENTS.c.state.in_(sorted(state.value for state in states)))
        with self._reach.reading() as connection:
            return incidents_of(connection, connection.execute(query).mappings().all())

    def incidents_after(self, number: int, *, limit: int = 1_000) -> ChangedIncidents:
        """Return the incidents that changed after `number`."""
        query = (
            select(INCIDENTS).where(INCIDENTS.c.number > number).order_by(INCIDENTS.c.number).limit(min(limit, MOST))
        )
        with self._reach.reading() as connection:
            rows = connection.execute(query).mappings().all()
            return ChangedIncidents(rows[-1]["number"] if rows else number, incidents_of(connection, rows))

    def detections(self, incident: str, *, limit: int = 1_000) -> Sequence[Detection]:
        """Return the detections of an incident, the oldest first."""
        table = DETECTIONS.c
        query = select(DETECTIONS).where(table.incident == incident).order_by(table.first_s, table.seq)
        with self._reach.reading() as connection:
            return [detection_of(row) for row in connection.execute(query.limit(min(limit, MOST))).mappings()]

    def keep_evidence(self, evidence: Sequence[KeptEvidence]) -> None:
        """Keep records; one whose id is there already is left as it is."""
        rows = [{name: getattr(one, name) for name in KeptEvidence.__slots__} for one in evidence]
        with self._reach.writing() as connection:
            add_missing(connection, EVIDENCE, rows)

    def evidence(self, subject: str) -> Sequence[KeptEvidence]:
        """Return the records of a subject, the oldest first; where there are too many, the newest of them."""
        table = EVIDENCE.c
        query = select(*(table[name] for name in KeptEvidence.__slots__)).where(table.subject == subject)
        with self._reach.reading() as connection:
            newest = query.order_by(table.at_s.desc(), table.seq.desc()).limit(MOST)
            rows = connection.execute(newest).mappings().all()
        return [KeptEvidence(**{**row, "body": bytes(row["body"])}) for row in reversed(rows)]


def _audited(moment: Values) -> Audited:
    """Return what the audit record says of a step that apiward took by itself; who takes one by hand tells of it."""
    said = f"Incident {moment['incident']}, {moment['kind']}: {moment['said']}"
    event = told(moment["at_s"], said, kind=AuditKind.INCIDENT, principal=OURSELVES, id_=moment["id"])
    return Audited(event, AuditKind.INCIDENT)


_SOURCE: Final = f'"{SOURCE}":'


def _cells() -> list[object]:
    return [EVENTS.c[name] for name in COLUMNS]
