"""What is new or has changed, in order, for who sends it elsewhere: each reader keeps the number it has come to."""

from typing import Final, Generic, NamedTuple, TypeVar

from sqlalchemy import Engine, func, select

from apiward.core.detection import Detection
from apiward.core.finding import Severity
from apiward.core.incident import Incident
from apiward.core.kept_finding import FindingMoment, FindingTurn, KeptFinding
from apiward.stores.events.schema import EVENTS
from apiward.stores.record.watch_tables import APIS, DETECTIONS, FINDING_MOMENTS, FINDINGS, INCIDENTS, WATCH_STATE
from apiward.stores.watching.detection_rows import detection_of
from apiward.stores.watching.incident_rows import incidents_of
from apiward.stores.watching.reaching import Reach
from apiward.stores.watching.scans import finding_of
from apiward.stores.watching.upserting import put

MOST: Final = 1_000
_PLACE: Final = "forwarded:"
_NUMBERS: Final = {
    "events": EVENTS.c.seq,
    "findings": FINDING_MOMENTS.c.seq,
    "detections": DETECTIONS.c.number,
    "incidents": INCIDENTS.c.number,
}
T = TypeVar("T")


class Change(NamedTuple, Generic[T]):
    """One change: its number, whether the thing is new to who has come to the number asked with, and how it stands."""

    number: int
    is_first: bool
    value: T


class ChangeReader:
    """Reads changes. Numbers of findings, detections and incidents are counted apart. Raises StoreError, an OSError."""

    def __init__(self, engine: Engine) -> None:
        self._reach = Reach(engine)

    def findings(self, after: int, limit: int = MOST) -> list[Change[tuple[KeptFinding, FindingMoment]]]:
        """Return what scans said of findings."""
        said = FINDING_MOMENTS.c
        columns = (FINDINGS, APIS.c.target, said.seq.label("number"), said.at_s, said.kind, said.scan)
        joined = FINDING_MOMENTS.join(FINDINGS, FINDINGS.c.id == said.finding).join(APIS, APIS.c.id == FINDINGS.c.api)
        query = select(*columns, said.severity.label("then")).select_from(joined).where(said.seq > after)
        with self._reach.reading() as connection:
            rows = connection.execute(query.order_by(said.seq).limit(limit)).mappings().all()
        found = []
        for row in rows:
            turn = FindingTurn(row["kind"])
            moment = FindingMoment(row["at_s"], turn, row["scan"], Severity(row["then"]))
            found.append(Change(row["number"], turn is FindingTurn.NEW, (finding_of(row), moment)))
        return found

    def detections(self, after: int, limit: int = MOST) -> list[Change[tuple[str, Detection]]]:
        """Return detections with the ids of their incidents."""
        table = DETECTIONS.c
        query = select(DETECTIONS).where(table.number > after).order_by(table.number).limit(limit)
        with self._reach.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            Change(row["number"], row["first_number"] > after, (row["incident"], detection_of(row))) for row in rows
        ]

    def incidents(self, after: int, limit: int = MOST) -> list[Change[Incident]]:
        """Return incidents."""
        table = INCIDENTS.c
        query = select(INCIDENTS).where(table.number > after).order_by(table.number).limit(limit)
        with self._reach.reading() as connection:
            rows = connection.execute(query).mappings().all()
            found = incidents_of(connection, rows)
        return [Change(row["number"], row["first_number"] > after, one) for row, one in zip(rows, found, strict=True)]

    def newest(self, kind: str) -> int:
        """Return the number of the newest change of a kind: events, findings, detections, incidents."""
        with self._reach.reading() as connection:
            return connection.execute(select(func.max(_NUMBERS[kind]))).scalar() or 0

    def place(self, name: str) -> dict[str, int]:
        """Return how far the reader of that name has come, by kind; empty for one that never kept it."""
        with self._reach.reading() as connection:
            body = connection.execute(select(WATCH_STATE.c.body).where(WATCH_STATE.c.id == f"{_PLACE}{name}")).scalar()
        if body is None:
            return {}
        parts = (part.partition("=") for part in bytes(body).decode().split(","))
        return {kind: int(number) for kind, _, number in parts if number.isdigit()}

    def keep_place(self, name: str, place: dict[str, int]) -> None:
        """Keep how far the reader of that name has come."""
        body = ",".join(f"{kind}={number}" for kind, number in sorted(place.items())).encode()
        with self._reach.writing() as connection:
            put(connection, WATCH_STATE, {"id": f"{_PLACE}{name}", "body": body})
