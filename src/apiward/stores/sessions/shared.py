"""Sessions that all workers of one guard share, and that outlast a restart: keyed hashes, never the sessions."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from apiward.core.ports import Clock, KeptSession
from apiward.stores.mapped import mapped_number
from apiward.stores.private import made_private

_SIZE: Final = 8
_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS sessions (
        digest BLOB PRIMARY KEY, account TEXT NOT NULL, claims TEXT NOT NULL, until_s REAL NOT NULL,
        changed INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS sessions_changed ON sessions (changed);
    CREATE TABLE IF NOT EXISTS generation (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL);
    INSERT OR IGNORE INTO generation VALUES (1, 0);
"""
_CHANGED: Final = "SELECT digest, account, claims, until_s FROM sessions WHERE changed > ? ORDER BY changed"
_OF: Final = "SELECT digest, account, claims, until_s FROM sessions WHERE account = ? AND until_s > ? LIMIT 1000"
_SET: Final = "INSERT OR REPLACE INTO sessions SELECT ?, ?, ?, ?, value FROM generation"
_OLD: Final = (
    "DELETE FROM sessions WHERE account <> '' AND until_s < ? AND changed < (SELECT value FROM generation) - ?"
)
_RETRY_S: Final = 1.0
_TIDY_EVERY: Final = 1_000
_KEPT_ENDS: Final = 10_000
"""Ended sessions of which other workers may not have heard yet."""


class SharedSessions:
    """Implements `core.ports.KeptSessions` in an SQLite file, beside which stands the number of the last change.

    While that number stays the same, `news` compares eight bytes and asks nothing. Where the file cannot be
    written or read, what this worker knows still holds, and `failures` counts; what waits is written with the next.
    """

    def __init__(self, path: Path, *, clock: Clock, most: int = 100_000, timeout_s: float = 0.25) -> None:
        """Open or make the files; raises OSError or sqlite3.Error."""
        self._clock = clock
        self._most = most
        self._seen = b""
        self._known = -1
        self._retry_s = 0.0
        self._writes = 0
        self._unsaved: dict[bytes, KeptSession] = {}
        self.failures = 0
        self._within = Lock()
        made_private(path)
        self._database = sqlite3.connect(path, timeout=timeout_s, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)
        path.chmod(0o600)
        self._map = mapped_number(path.with_name(path.name + ".generation"))

    def news(self) -> Sequence[KeptSession]:
        """Return what was kept since the last time, by this worker or another."""
        seen = self._map[:_SIZE]
        if seen == self._seen:
            return ()
        now_s = self._clock()
        if now_s < self._retry_s:
            return ()
        try:
            with self._within:
                # the number first: what is written between the two questions is then read once more, not missed
                known: int = self._database.execute("SELECT value FROM generation").fetchone()[0]
                rows = self._database.execute(_CHANGED, (self._known,)).fetchall()
        except sqlite3.Error:
            self.failures += 1
            self._retry_s = now_s + _RETRY_S
            return ()
        self._seen, self._known = seen, known
        fresh = [KeptSession(bytes(row[0]), row[1], _claims(row[2]), row[3]) for row in rows]
        return [one for one in fresh if not one.until_s or one.until_s > now_s]

    def keep(self, session: KeptSession) -> None:
        """Keep a session, or its end, for all workers."""
        self._unsaved[session.digest] = session
        if len(self._unsaved) > self._most:
            del self._unsaved[next(iter(self._unsaved))]
        rows = [(one.digest, one.account, json.dumps(dict(one.claims)), one.until_s) for one in self._unsaved.values()]
        try:
            with self._within, self._database as database:
                database.execute("UPDATE generation SET value = value + 1")
                database.executemany(_SET, rows)
                self._tidy(database)
                generation: int = database.execute("SELECT value FROM generation").fetchone()[0]
        except sqlite3.Error:
            self.failures += 1
            return
        self._unsaved.clear()
        self._map[:_SIZE] = generation.to_bytes(_SIZE, "little")

    def of(self, account: str) -> Sequence[KeptSession]:
        """Return the sessions of an account that have not ended. Raises sqlite3.Error."""
        with self._within:
            rows = self._database.execute(_OF, (account, self._clock())).fetchall()
        return [KeptSession(bytes(row[0]), row[1], _claims(row[2]), row[3]) for row in rows]

    def close(self) -> None:
        """Let go of the files; they stay for the other workers."""
        self._map.close()
        self._database.close()

    def _tidy(self, database: sqlite3.Connection) -> None:
        """Take out what has ended, and what ends first where there is too much; seldom, as it looks at all rows."""
        self._writes += 1
        if self._writes % _TIDY_EVERY != 1:
            return
        database.execute(_OLD, (self._clock(), _KEPT_ENDS))
        count: int = database.execute("SELECT count(*) FROM sessions").fetchone()[0]
        if count > self._most:
            surplus = "SELECT digest FROM sessions WHERE account <> '' ORDER BY until_s LIMIT ?"
            database.execute(f"DELETE FROM sessions WHERE digest IN ({surplus})", (count - self._most,))  # noqa: S608 - our own words


def _claims(text: str) -> Mapping[str, str]:
    found = json.loads(text)
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
