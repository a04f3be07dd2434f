"""Reads the audit record as people look at it: by time, kind and caller."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson
from sqlalchemy import Connection

from apiward.core.jsonvalue import Json
from apiward.stores.record.entries import Entry
from apiward.stores.record.verifying import entry_pages

_NOTHING: Final[Mapping[str, Json]] = {}


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry, taken apart. `private` is empty where the person was erased, `leaf` where it was damaged."""

    seq: int
    leaf: Mapping[str, Json]
    private: Mapping[str, Json]
    is_erased: bool

    @property
    def at_s(self) -> float:
        """When it happened."""
        at_ms = self.leaf.get("at_ms")
        return at_ms / 1000 if isinstance(at_ms, int | float) else 0.0

    @property
    def kind(self) -> str:
        """Why it is in the record."""
        return str(self.leaf.get("kind", ""))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; what is empty asks for all."""

    since_s: float | None = None
    until_s: float | None = None
    kind: str = ""
    principal: str = ""

    def fits(self, entry: AuditEntry) -> bool:
        """Whether an entry is asked for."""
        if self.since_s is not None and entry.at_s < self.since_s:
            return False
        if self.until_s is not None and entry.at_s >= self.until_s:
            return False
        if self.kind and entry.kind != self.kind:
            return False
        return not self.principal or entry.private.get("principal") == self.principal


def read_audit(connection: Connection, wanted: Wanted = Wanted()) -> Iterator[tuple[Entry, AuditEntry]]:
    """Yield the entries that are asked for, as they stand in the table and taken apart, the oldest first."""
    for page in entry_pages(connection, 0):
        for row in page:
            entry = AuditEntry(row.seq, _table(row.leaf), _table(row.personal), row.personal is None)
            if wanted.fits(entry):
                yield row, entry


def _table(text: str | None) -> Mapping[str, Json]:
    try:
        found = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return _NOTHING
    return found if isinstance(found, dict) else _NOTHING
