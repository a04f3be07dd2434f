"""The audit record of a store, read, written out, and with a person erased from it."""

import json
import os
import time
from collections.abc import Iterator

from apiward.app.guarding.telling import who
from apiward.app.recording.opening import Store, told
from apiward.stores.events.database import snapshot
from apiward.stores.record.entries import Entry
from apiward.stores.record.reading import AuditEntry, Wanted, read_audit
from apiward.stores.upkeep.erasing import ADDRESS, Erased, erase


def read_entries(store: Store, wanted: Wanted) -> Iterator[AuditEntry]:
    """Yield the entries that are asked for, the oldest first. Raises AdvisedError."""
    with told("be read"), snapshot(store.engine) as connection:
        for _, entry in read_audit(connection, wanted):
            yield entry


def entry_lines(store: Store, wanted: Wanted) -> Iterator[str]:
    """Yield the entries that are asked for as lines of JSON, with all that is hashed. Raises AdvisedError."""
    with told("be read"), snapshot(store.engine) as connection:
        for row, _ in read_audit(connection, wanted):
            yield _line(row)


def erase_person(store: Store, subject: str) -> Erased:
    """Erase a caller, or an address, for good; the record says who did. Raises AdvisedError."""
    with told("be written"):
        return erase(store.engine, subject, by=who(), now_s=time.time(), random_bytes=os.urandom)


def _line(row: Entry) -> str:
    shown = {"seq": row.seq, "leaf": row.leaf, "hash": row.hash.hex(), "personal": row.personal, "salt": row.salt}
    return json.dumps(shown)


__all__ = ["ADDRESS", "AuditEntry", "Erased", "Wanted", "entry_lines", "erase_person", "read_entries"]
