"""Reaches a store for reading or writing, and tells in words of its own where that fails."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from apiward.stores.events.database import KeptSchema, lock
from apiward.stores.events.evidence import StoreError


class Reach:
    """Gives connections to a store whose schema is up to date. Raises StoreError, which is an OSError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._schema = KeptSchema(engine)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction in which nobody else writes: it is kept whole, or not at all."""
        with self._told(), self._engine.begin() as connection:
            lock(connection)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection."""
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            self._schema.ensure()
            yield
        except (DBAPIError, sqlite3.Error) as error:
            # Of the driver's error alone: that of SQLAlchemy holds the values.
            why = str(getattr(error, "orig", error)).partition("\n")[0][:200]
            raise StoreError(f"the store cannot be used now: {why}") from error
