"""Erases a person: from the audit record, which stays verifiable, from the events, and from the counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import orjson
from sqlalchemy import ColumnElement, Connection, Engine, func, select, update

from apiward.core.jsonvalue import Json
from apiward.core.lanes import AuditKind
from apiward.stores.events.database import lock
from apiward.stores.events.schema import EVENTS
from apiward.stores.record.appending import Audited, RandomBytes, append
from apiward.stores.record.schema import AUDIT, ROLLUPS
from apiward.stores.record.telling import OURSELVES, told
from apiward.stores.record.verifying import entry_pages
from apiward.stores.upkeep.erasing_watched import PersonName, erase_watched

BATCH: Final = 5_000
MOST_RUNS: Final = 2_000
"""Runs of erased entries that one entry of the record names."""
ADDRESS: Final = "address:"


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased. `watched` are detections, incidents and moments; `evidence` still names the person."""

    entries: int
    events: int
    counts: int
    watched: int = 0
    evidence: int = 0


def erase(engine: Engine, subject: str, *, by: str, now_s: float, random_bytes: RandomBytes) -> Erased:
    """Erase the principal `subject` ("user:42"), or an address ("address:192.0.2.7"), for good.

    Events and counts get a made-up name instead, so that sums stay right. It may be run again after an interruption.
    """
    alias = f"erased:{random_bytes(8).hex()}"
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":  # overwrites what it deletes, in the file too
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        connection.commit()
        events = _erase_events(connection, subject, alias)
        entries, counts = _erase_record(connection, subject, alias, by=by, now_s=now_s, random_bytes=random_bytes)
        lock(connection)
        watched, evidence = erase_watched(connection, subject, alias)
        connection.commit()
        if engine.dialect.name == "sqlite":  # the write-ahead log holds the old pages until it begins anew
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        connection.commit()
    return Erased(entries, events, counts, watched, evidence)


def _erase_events(connection: Connection, subject: str, alias: str) -> int:
    """Work through the table in steps, so that the guard can store in between."""
    newest = connection.execute(select(func.max(EVENTS.c.seq))).scalar() or 0
    at = (connection.execute(select(func.min(EVENTS.c.seq))).scalar() or 0) - 1
    connection.commit()
    erased = 0
    while at < newest:
        lock(connection)
        step = (EVENTS.c.seq > at, EVENTS.c.seq <= at + BATCH, _is_of(subject))
        values = {"client": "", "path": "", "said": "", "marks": ""}
        if not subject.startswith(ADDRESS):
            values["principal"] = alias
        erased += connection.execute(update(EVENTS).where(*step).values(**values)).rowcount
        connection.commit()
        at += BATCH
    return erased


def _erase_record(
    connection: Connection, subject: str, alias: str, *, by: str, now_s: float, random_bytes: RandomBytes
) -> tuple[int, int]:
    lock(connection)
    found = list(_entries_of(connection, subject))
    for start in range(0, len(found), 500):
        some = AUDIT.c.seq.in_(found[start : start + 500])
        connection.execute(update(AUDIT).where(some).values(who=None, personal=None, salt=None))
    runs = list(_runs(found))
    erasures: list[Audited] = []
    for start in range(0, len(runs), MOST_RUNS):
        part: list[Json] = [list(run) for run in runs[start : start + MOST_RUNS]]
        event = told(now_s, "The personal part of entries was erased.", kind=AuditKind.RECORD, principal=by)
        erasures.append(Audited(event, AuditKind.RECORD, {"erased": part}))
    append(connection, erasures, random_bytes, now_s)
    named = update(ROLLUPS).where(ROLLUPS.c.principal == subject).values(principal=alias)
    counts = connection.execute(named).rowcount
    connection.commit()
    return len(found), counts


def _entries_of(connection: Connection, subject: str) -> Iterator[int]:
    name = PersonName(subject, "")
    if not subject.startswith(ADDRESS):
        # What watch tells of an incident names people in its words.
        asked = select(AUDIT.c.seq, AUDIT.c.who, AUDIT.c.personal).where(AUDIT.c.who.in_((subject, OURSELVES)))
        for seq, who, personal in connection.execute(asked.order_by(AUDIT.c.seq)).all():
            if who == subject or name.is_in(str(orjson.loads(personal).get("said"))):
                yield seq
        return
    address = subject.removeprefix(ADDRESS)
    for page in entry_pages(connection, 0):
        for entry in page:
            if entry.personal is not None and _is_from(orjson.loads(entry.personal), address, name):
                yield entry.seq


def _is_from(personal: dict[str, Json], address: str, name: PersonName) -> bool:
    return personal.get("client") == address or name.is_in(str(personal.get("said")))


def _is_of(subject: str) -> ColumnElement[bool]:
    if subject.startswith(ADDRESS):
        return EVENTS.c.client == subject.removeprefix(ADDRESS)
    return EVENTS.c.principal == subject


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield whole numbers, which rise, as runs from and to."""
    first = last = -1
    for number in numbers:
        if first >= 0 and number != last + 1:
            yield first, last
        if number != last + 1 or first < 0:
            first = number
        last = number
    if first >= 0:
        yield first, last
