"""Stores events in a database, each id once."""

import os
import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from apiward.core.ports import Clock
from apiward.stores.events.database import KeptSchema, file_of, lock
from apiward.stores.events.inserting import Inserting, without_nul
from apiward.stores.events.keeping import StoreAwayError
from apiward.stores.events.rows import Cell
from apiward.stores.record.appending import RandomBytes

_BROKEN: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class SqlEvents:
    """A keeper of events, and of the record that is made of them in the same transaction.

    `clock` says when it was recorded, and names a damaged file that is set aside; `random_bytes` hides
    personal data in the audit record.
    """

    def __init__(self, engine: Engine, clock: Clock, random_bytes: RandomBytes = os.urandom) -> None:
        self._engine = engine
        self._clock = clock
        self._schema = KeptSchema(engine)
        self._inserting = Inserting(engine, random_bytes)

    def add(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        """Store what is not stored yet, in one transaction. A damaged SQLite file is set aside for a new one."""
        try:
            return self._add(rows)
        except DBAPIError as error:
            if not _is_broken(error):
                raise StoreAwayError(_words(error)) from error
            path = self._set_aside()
        except OSError as error:
            raise StoreAwayError(f"the event database: {error.strerror or error}") from error
        notes = self.add(rows)
        return (f"The event database was damaged. It was set aside as {path.name}, and a new one begun.", *notes)

    def _add(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        self._schema.ensure()
        for prepare in (list, without_nul):
            try:
                return self._insert(prepare(rows))
            except DBAPIError as error:
                if not _is_refusal(error):
                    raise
        return self._add_singly(rows)

    def _insert(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        with self._engine.begin() as connection:
            lock(connection)  # so that the order of storing is that of the record, whoever else stores
            unread = self._inserting.insert(connection, rows, self._clock())
        return (f"{unread} events could not be read for the record.",) if unread else ()

    def _add_singly(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        """Store all but the rows that the database refuses (a spool file that was changed by hand)."""
        refused = 0
        notes: tuple[str, ...] = ()
        for row in without_nul(rows):
            try:
                notes += self._insert([row])
            except DBAPIError as error:
                if not _is_refusal(error):
                    raise
                refused += 1
        return (f"{refused} events could not be stored: the database refused them.", *notes)

    def _set_aside(self) -> Path:
        path = file_of(self._engine)
        if path is None:
            raise StoreAwayError("the event database is damaged")
        self._schema.forget()
        aside = path.with_name(f"{path.name}.damaged-{self._clock():.0f}")
        for ending in ("", "-wal", "-shm"):
            part = Path(f"{path}{ending}")
            if part.exists():
                part.rename(f"{aside}{ending}")
        return aside


def _is_broken(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return (code & 0xFF) in _BROKEN


def _is_refusal(error: DBAPIError) -> bool:
    """Return whether a row was no good, where the database itself is well."""
    return not _is_broken(error) and not isinstance(error, OperationalError)


def _words(error: DBAPIError) -> str:
    # Of the driver's error alone: that of SQLAlchemy holds the values.
    return f"the event database: {str(error.orig).splitlines()[0][:200]}"
