"""What people have been told, and what they are still to be told: kept over a restart, in a file of its own."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from apiward.stores.private import made_private

_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS tellings (
        incident TEXT NOT NULL, channel TEXT NOT NULL, due_s REAL, kind TEXT NOT NULL, tries INTEGER NOT NULL,
        why TEXT NOT NULL, severity INTEGER, state TEXT NOT NULL, told_s REAL, updates INTEGER NOT NULL,
        thread TEXT NOT NULL, changed_s REAL NOT NULL, PRIMARY KEY (incident, channel)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS tellings_due ON tellings (due_s) WHERE due_s IS NOT NULL;
    CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
"""
_COLUMNS: Final = "incident, channel, due_s, kind, tries, why, severity, state, told_s, updates, thread"
_KEPT_S: Final = 100 * 86_400.0


@dataclass(frozen=True, slots=True)
class Telling:
    """How one incident stands on one channel. `due_s` None: nothing waits; `severity` None: nothing was told yet."""

    incident: str
    channel: str
    due_s: float | None = None
    kind: str = ""
    tries: int = 0
    why: str = ""
    severity: int | None = None
    state: str = ""
    told_s: float | None = None
    updates: int = 0
    thread: str = ""


class Outbox:
    """A file of tellings. Every method raises OSError where the file cannot be used."""

    def __init__(self, path: Path, *, timeout_s: float = 2.0) -> None:
        """Open or make the file."""
        self._within = Lock()
        self._lock = path.with_name(f"{path.name}.lock")
        with _told():
            made_private(path)
            self._database = sqlite3.connect(path, timeout=timeout_s, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")  # what was told must not be told again
            self._database.executescript(_SCHEMA)
            path.chmod(0o600)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the outbox, and wait until nobody else does: what two tell at once would be told twice."""
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def get(self, incident: str, channel: str) -> Telling:
        """Return how an incident stands on a channel."""
        query = f"SELECT {_COLUMNS} FROM tellings WHERE incident = ? AND channel = ?"  # noqa: S608 - our own words
        with self._within, _told():
            row = self._database.execute(query, (incident, channel)).fetchone()
        return Telling(*row) if row else Telling(incident, channel)

    def put(self, telling: Telling, now_s: float) -> None:
        """Keep how it stands."""
        values = [getattr(telling, name.strip()) for name in _COLUMNS.split(",")]
        marks = ", ".join("?" * (len(values) + 1))
        with self._within, _told(), self._database as database:
            database.execute(f"INSERT OR REPLACE INTO tellings VALUES ({marks})", (*values, now_s))  # noqa: S608 - marks

    def due(self, now_s: float, *, limit: int = 100) -> list[Telling]:
        """Return what is to be told by now, the oldest first."""
        query = f"SELECT {_COLUMNS} FROM tellings WHERE due_s <= ? ORDER BY due_s LIMIT ?"  # noqa: S608 - our own words
        with self._within, _told():
            return [Telling(*row) for row in self._database.execute(query, (now_s, limit)).fetchall()]

    def number(self, name: str) -> float:
        """Return a number that was kept, 0 where there is none."""
        with self._within, _told():
            row = self._database.execute("SELECT value FROM numbers WHERE name = ?", (name,)).fetchone()
        return float(row[0]) if row else 0.0

    def keep_number(self, name: str, value: float) -> None:
        """Keep a number."""
        with self._within, _told(), self._database as database:
            database.execute("INSERT OR REPLACE INTO numbers VALUES (?, ?)", (name, value))

    def forget_old(self, now_s: float) -> None:
        """Forget what nobody has touched for long, and what does not wait."""
        with self._within, _told(), self._database as database:
            database.execute("DELETE FROM tellings WHERE due_s IS NULL AND changed_s < ?", (now_s - _KEPT_S,))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise OSError(f"the outbox cannot be used: {error}") from error
