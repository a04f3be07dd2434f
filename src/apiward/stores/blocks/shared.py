"""Blocks that all workers of one guard share, and that outlast a restart."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Final

from apiward.stores.blocks.memory import Block
from apiward.stores.blocks.wide import Wide
from apiward.stores.mapped import mapped_number
from apiward.stores.private import made_private

_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS blocks (
        key TEXT PRIMARY KEY, reason TEXT NOT NULL, until_s REAL NOT NULL, changed INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS blocks_changed ON blocks (changed);
    CREATE TABLE IF NOT EXISTS made (
        key TEXT PRIMARY KEY, since_s REAL NOT NULL, made_by TEXT NOT NULL, incident TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS generation (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL);
    INSERT OR IGNORE INTO generation VALUES (1, 0);
"""
_RETRY_S: Final = 1.0
_CHANGED: Final = """
    SELECT key, reason, until_s, coalesce(since_s, 0.0), coalesce(made_by, ''), coalesce(incident, '')
    FROM blocks LEFT JOIN made USING (key) WHERE changed > ?
"""
_SET: Final = "INSERT OR REPLACE INTO blocks SELECT ?, ?, ?, value FROM generation"
_MADE: Final = "INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?)"


class SharedBlocks:
    """Implements `core.ports.Blocks` in an SQLite file.

    Beside it stands a file of eight bytes with the number of the last change, which every worker
    maps into its memory: while that stays the same, a look-up asks nothing but a dictionary.
    Where the file cannot be written or read (locked, disk full), what this worker knows still
    holds, `failures` counts, and a look-up a second later tries to read again.
    """

    def __init__(self, path: Path, *, most: int = 100_000, timeout_s: float = 0.25) -> None:
        """Open or make the files; raises OSError or sqlite3.Error."""
        self._most = most
        self._entries: dict[str, Block] = {}
        self._unsaved: dict[str, Block] = {}
        self._seen = -1
        self._known = -1
        self._retry_s = 0.0
        self.failures = 0
        self._within = Lock()
        self._wide = Wide()
        self.lengths: tuple[int, ...] = ()
        """The prefix lengths of networks that are shut out."""
        self.has_tenants = False
        """Whether any tenant is shut out."""
        made_private(path)
        self._database = sqlite3.connect(path, timeout=timeout_s, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)
        self._map = mapped_number(path.with_name(path.name + ".generation"))
        self._number = memoryview(self._map).cast("Q")

    def reason(self, key: str, now_s: float) -> str:
        """Return why `key` is shut out now, or an empty text."""
        if self._number[0] != self._seen and now_s >= self._retry_s:
            self._read(now_s)
        found = self._entries.get(key)
        if found is None:
            return ""
        return found.reason if now_s < found.until_s else ""

    @property
    def generation(self) -> int:
        """The number of the last change that is known here; it is looked up, as for a request."""
        self.reason("", 0.0)
        return self._known

    def block(self, key: str, *, reason: str, until_s: float) -> None:
        """Shut out `key` until then, here at once and at the other workers with their next look-up."""
        self._set(Block(key, reason or "blocked", until_s))

    def add(self, block: Block) -> bool:
        """Shut out as `block` says; whether it could be written for the other workers."""
        self._set(block)
        return not self._unsaved

    def unblock(self, key: str, *, now_s: float = 0.0) -> bool:
        """Let `key` in again; whether it was shut out."""
        known = self.reason(key, 0.0) != ""
        self._set(Block(key, "", 0.0, now_s))
        return known and not self._unsaved

    def let_in_s(self, key: str) -> float:
        """Return when `key` was let in before its time was over, 0 where it was not, or was shut out again."""
        self.reason(key, 0.0)
        found = self._entries.get(key)
        return found.since_s if found is not None and not found.until_s else 0.0

    def listed(self, now_s: float) -> Iterator[Block]:
        """Yield who is shut out now."""
        if self._number[0] != self._seen and now_s >= self._retry_s:
            self._read(now_s)
        return (block for block in list(self._entries.values()) if now_s < block.until_s)

    def close(self) -> None:
        """Let go of the files; they stay for the other workers."""
        self._number.release()
        self._map.close()
        self._database.close()

    def _set(self, entry: Block) -> None:
        self._entries[entry.key] = self._unsaved[entry.key] = entry
        self._wide.note([entry])
        self._tell_wide()
        if len(self._unsaved) > self._most:
            del self._unsaved[next(iter(self._unsaved))]
        try:
            with self._within, self._database as database:
                database.execute("UPDATE generation SET value = value + 1")
                database.executemany(_SET, [entry[:3] for entry in self._unsaved.values()])
                database.executemany(_MADE, [(entry.key, *entry[3:]) for entry in self._unsaved.values()])
                if len(self._entries) > self._most:
                    self._trim(database)
                generation: int = database.execute("SELECT value FROM generation").fetchone()[0]
        except sqlite3.Error:
            self.failures += 1
            return
        self._unsaved.clear()
        self._number[0] = generation

    def _tell_wide(self) -> None:
        """Put what is asked with each request where it costs no call."""
        self.lengths, self.has_tenants = self._wide.lengths, self._wide.has_tenants

    def _trim(self, database: sqlite3.Connection) -> None:
        """Keep those that end last, with room for some more so that this is seldom done."""
        kept = sorted(self._entries.values(), key=lambda entry: entry.until_s)[self._most // 10 :]
        self._entries = {entry.key: entry for entry in kept}
        database.execute("DELETE FROM blocks WHERE until_s < ?", (kept[0].until_s,))
        database.execute("DELETE FROM made WHERE key NOT IN (SELECT key FROM blocks)")

    def _read(self, now_s: float) -> None:
        seen = self._number[0]
        try:
            with self._within:
                # the number first: what is written between the two questions is then read once more, not missed
                known: int = self._database.execute("SELECT value FROM generation").fetchone()[0]
                rows = self._database.execute(_CHANGED, (self._known,)).fetchall()
        except sqlite3.Error:
            self.failures += 1
            self._retry_s = now_s + _RETRY_S
            return
        fresh = {row[0]: Block(*row) for row in rows} | self._unsaved
        self._entries |= fresh
        self._wide.note(fresh.values())
        self._wide.forget(now_s)
        self._tell_wide()
        self._seen, self._known = seen, known
