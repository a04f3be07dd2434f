"""Puts rows of events into the store and into the record made of them, inside a transaction that holds the lock."""

import time
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Final

from sqlalchemy import Connection, Engine, func, select

from apiward.stores.events.recording import record
from apiward.stores.events.rows import COLUMNS, Cell, Row
from apiward.stores.events.schema import EVENTS
from apiward.stores.record.appending import RandomBytes

_TOGETHER: Final = 100
"""Rows of one statement. SQLite gives up the interpreter's lock once for each, not once for each row."""
_PAUSE_S: Final = 0.000_5


def paused() -> None:
    """Rest between two statements, so that a request on the same processor waits for one of them, not for a batch."""
    time.sleep(_PAUSE_S)


class Inserting:
    """Knows how the statements are written for one kind of database."""

    def __init__(self, engine: Engine, random_bytes: RandomBytes, rest: Callable[[], None] = paused) -> None:
        mark = "?" if engine.dialect.paramstyle == "qmark" else "%s"
        self._one = _statement(mark, 1)
        self._many = _statement(mark, _TOGETHER)
        self._random_bytes = random_bytes
        self._rest = rest

    def insert(self, connection: Connection, rows: Sequence[Row], now_s: float) -> int:
        """Store the rows whose ids are not there yet; return how many could not be read for the record."""
        whole = len(rows) - len(rows) % _TOGETHER
        before, stored = _newest(connection), 0
        for start in range(0, whole, _TOGETHER):
            cells = chain.from_iterable(rows[start : start + _TOGETHER])
            stored += connection.exec_driver_sql(self._many, tuple(cells)).rowcount
            self._rest()
        if whole < len(rows):
            rest = [tuple(row) for row in rows[whole:]]
            stored += connection.exec_driver_sql(self._one, rest).rowcount
        fresh = rows if stored == len(rows) else _fresh(connection, rows, before)
        return record(connection, fresh, self._random_bytes, now_s)


def without_nul(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Return the rows as PostgreSQL takes them: it keeps no NUL in a text."""
    return [[cell.replace("\0", "␀") if isinstance(cell, str) else cell for cell in row] for row in rows]


def _newest(connection: Connection) -> int:
    return connection.execute(select(func.max(EVENTS.c.seq))).scalar() or 0


def _fresh(connection: Connection, rows: Sequence[Row], before: int) -> Sequence[Row]:
    """Return the rows that were not there before, each once: the others were offered a second time."""
    by_id = {str(row[0]): row for row in reversed(rows)}
    found = connection.execute(select(EVENTS.c.id).where(EVENTS.c.seq > before).order_by(EVENTS.c.seq))
    return [by_id[id_] for (id_,) in found]


def _statement(mark: str, rows: int) -> str:
    row = f"({','.join([mark] * len(COLUMNS))})"
    return f"INSERT INTO events ({','.join(COLUMNS)}) VALUES {','.join([row] * rows)} ON CONFLICT (id) DO NOTHING"  # noqa: S608 - ours
