"""Appends to the audit record, inside the transaction that stores the events: both are there, or neither."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, Row, select, update

from apiward.core.event import Event
from apiward.core.jsonvalue import Json
from apiward.core.lanes import AuditKind
from apiward.core.merkle import HASH_BYTES, Tree
from apiward.stores.record.entries import SALT_BYTES, Entry, new_entry
from apiward.stores.record.schema import AUDIT, AUDIT_TREE

RandomBytes: TypeAlias = Callable[[int], bytes]


class Audited(NamedTuple):
    """An event with the reason why it is in the record, and what the record itself must know of it."""

    event: Event
    kind: AuditKind
    data: Mapping[str, Json] | None = None


def append(connection: Connection, audited: Sequence[Audited], random_bytes: RandomBytes, now_s: float) -> list[Entry]:
    """Append what is not in the record yet, and return it. The caller's transaction must hold the store's lock."""
    fresh = _not_there_yet(connection, audited)
    if not fresh:
        return []
    row = tree_row(connection)
    tree, last = Tree(row.size, unpacked_hashes(row.peaks)), row.last
    salts = random_bytes(SALT_BYTES * len(fresh))
    entries: list[Entry] = []
    for at, (event, kind, data) in enumerate(fresh):
        salt = salts[at * SALT_BYTES : (at + 1) * SALT_BYTES]
        entry = new_entry(event, kind, seq=tree.size, last=last, salt=salt, now_s=now_s, data=data)
        hashed = entry.hash
        tree.append(hashed)
        last = hashed.hex()
        entries.append(entry)
    _insert(connection, entries)
    connection.execute(update(AUDIT_TREE).values(size=tree.size, peaks=packed_hashes(tree.peaks), last=last))
    return entries


def tree_row(connection: Connection) -> Row[tuple[int, int, str, str, int, str, str, int, float, str]]:
    """Return the one row of the tree."""
    return connection.execute(select(AUDIT_TREE)).one()


def packed_hashes(hashes: Iterable[bytes]) -> str:
    """Return hashes as one text."""
    return b"".join(hashes).hex()


def unpacked_hashes(text: str) -> list[bytes]:
    """Return the hashes of a text; raises ValueError where it is none."""
    whole = bytes.fromhex(text)
    return [whole[at : at + HASH_BYTES] for at in range(0, len(whole), HASH_BYTES)]


def _not_there_yet(connection: Connection, audited: Sequence[Audited]) -> list[Audited]:
    """Return those that are no repetition. A batch that was stored and not noted as such is offered once more."""
    by_id = {one.event.id: one for one in audited}
    ids = list(by_id)
    for start in range(0, len(ids), 500):
        known = select(AUDIT.c.id).where(AUDIT.c.id.in_(ids[start : start + 500]))
        for (id_,) in connection.execute(known).all():
            del by_id[id_]
    return list(by_id.values())


def _insert(connection: Connection, entries: list[Entry]) -> None:
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    statement = f"INSERT INTO audit ({','.join(Entry._fields)}) VALUES ({','.join([mark] * len(Entry._fields))})"  # noqa: S608 - ours
    connection.exec_driver_sql(statement, list(entries))


__all__ = ["Audited", "RandomBytes", "append", "packed_hashes", "tree_row", "unpacked_hashes"]
