"""Stores events in a database, each id once."""

import os
import sqlite3
import time
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError, OperationalError

from apiward.core.ports import Clock
from apiward.stores.events.database import bring_up_to_date, file_of, lock
from apiward.stores.events.keeping import StoreAwayError
from apiward.stores.events.recording import record
from apiward.stores.events.rows import COLUMNS, Cell
from apiward.stores.events.schema import EVENTS
from apiward.stores.record.appending import RandomBytes

_TOGETHER: Final = 100
"""Rows of one statement. SQLite gives up the interpreter's lock once for each, not once for each row."""
_PAUSE_S: Final = 0.000_5
"""Between two statements, so that a request on the same processor waits for one of them, not for a whole batch."""
_BROKEN: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class SqlEvents:
    """A keeper of events, and of the record that is made of them in the same transaction.

    `clock` says when it was recorded, and names a damaged file that is set aside; `random_bytes` hides
    personal data in the audit record.
    """

    def __init__(self, engine: Engine, clock: Clock, random_bytes: RandomBytes = os.urandom) -> None:
        self._engine = engine
        self._random_bytes = random_bytes
        self._clock = clock
        self._file: tuple[int, int] | None = None
        self._is_ready = False
        mark = "?" if engine.dialect.paramstyle == "qmark" else "%s"
        self._one = _statement(mark, 1)
        self._many = _statement(mark, _TOGETHER)

    def add(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        """Store what is not stored yet, in one transaction. A damaged SQLite file is set aside for a new one."""
        try:
            return self._add(rows)
        except DBAPIError as error:
            if not _is_broken(error):
                raise StoreAwayError(_words(error)) from error
            path = self._set_aside()
        except OSError as error:
            raise StoreAwayError(f"the event database: {error.strerror}") from error
        notes = self.add(rows)
        return (f"The event database was damaged. It was set aside as {path.name}, and a new one begun.", *notes)

    def _add(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        self._make_ready()
        for prepare in (list, _without_nul):
            try:
                return self._insert(prepare(rows))
            except DBAPIError as error:
                if not _is_refusal(error):
                    raise
        return self._add_singly(rows)

    def _insert(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        whole = len(rows) - len(rows) % _TOGETHER
        with self._engine.begin() as connection:
            lock(connection)  # so that the order of storing is that of the record, whoever else stores
            before, stored = _newest(connection), 0
            for start in range(0, whole, _TOGETHER):
                cells = chain.from_iterable(rows[start : start + _TOGETHER])
                stored += connection.exec_driver_sql(self._many, tuple(cells)).rowcount
                time.sleep(_PAUSE_S)
            if whole < len(rows):
                rest = [tuple(row) for row in rows[whole:]]
                stored += connection.exec_driver_sql(self._one, rest).rowcount
            fresh = rows if stored == len(rows) else _fresh(connection, rows, before)
            unread = record(connection, fresh, self._random_bytes, self._clock())
        return (f"{unread} events could not be read for the record.",) if unread else ()

    def _add_singly(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        """Store all but the rows that the database refuses (a spool file that was changed by hand)."""
        refused = 0
        notes: tuple[str, ...] = ()
        for row in _without_nul(rows):
            try:
                notes += self._insert([row])
            except DBAPIError as error:
                if not _is_refusal(error):
                    raise
                refused += 1
        return (f"{refused} events could not be stored: the database refused them.", *notes)

    def _make_ready(self) -> None:
        """Bring the schema up to date at first, and again when the file is another one or is gone."""
        path = file_of(self._engine)
        if self._is_ready and (path is None or _identity(path) == self._file):
            return
        self._engine.dispose()
        bring_up_to_date(self._engine)
        self._file = _identity(path) if path else None
        self._is_ready = True

    def _set_aside(self) -> Path:
        path = file_of(self._engine)
        if path is None:
            raise StoreAwayError("the event database is damaged")
        self._engine.dispose()
        self._is_ready = False
        aside = path.with_name(f"{path.name}.damaged-{self._clock():.0f}")
        for ending in ("", "-wal", "-shm"):
            part = Path(f"{path}{ending}")
            if part.exists():
                part.rename(f"{aside}{ending}")
        return aside


def _newest(connection: Connection) -> int:
    return connection.execute(select(func.max(EVENTS.c.seq))).scalar() or 0


def _fresh(connection: Connection, rows: list[list[Cell]], before: int) -> list[list[Cell]]:
    """Return the rows that were not there before, each once: the others were offered a second time."""
    by_id = {str(row[0]): row for row in reversed(rows)}
    found = connection.execute(select(EVENTS.c.id).where(EVENTS.c.seq > before).order_by(EVENTS.c.seq))
    return [by_id[id_] for (id_,) in found]


def _statement(mark: str, rows: int) -> str:
    row = f"({','.join([mark] * len(COLUMNS))})"
    return f"INSERT INTO events ({','.join(COLUMNS)}) VALUES {','.join([row] * rows)} ON CONFLICT (id) DO NOTHING"  # noqa: S608 - ours


def _is_broken(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return (code & 0xFF) in _BROKEN


def _is_refusal(error: DBAPIError) -> bool:
    """Return whether a row was no good, where the database itself is well."""
    return not _is_broken(error) and not isinstance(error, OperationalError)


def _without_nul(rows: Iterable[list[Cell]]) -> list[list[Cell]]:
    """Return the rows as PostgreSQL takes them: it keeps no NUL in a text."""
    return [[cell.replace("\0", "␀") if isinstance(cell, str) else cell for cell in row] for row in rows]


def _words(error: DBAPIError) -> str:
    # Of the driver's error alone: that of SQLAlchemy holds the values.
    return f"the event database: {str(error.orig).splitlines()[0][:200]}"


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
