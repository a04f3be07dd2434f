"""Copies a whole store into another one, row by row: it goes on where it was interrupted, and compares all it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, ColumnElement, Connection, Engine, Table, and_, delete, func, insert, select, text

from apiward.stores.events.database import bring_up_to_date, lock, snapshot
from apiward.stores.events.schema import METADATA

GROUPS: Final = 2_000
"""Keys of one step where each is one row; where a key stands for many, a hundredth."""

Key: TypeAlias = int | None
"""The first column of a table's key, which is a number in all of them; None is before all."""
Cells: TypeAlias = tuple[Any, ...]
Progress: TypeAlias = Callable[[str, int, int], None]
"""Hears the table, how many rows are done, and how many there are."""


class OtherStoreError(Exception):
    """The target holds something that is not in the source. Its words say where."""


@dataclass(frozen=True, slots=True)
class Copied:
    """Rows of one table: in all, and how many had to be written."""

    table: str
    rows: int
    written: int


def copy_store(source: Engine, target: Engine, progress: Progress = lambda *_: None) -> list[Copied]:
    """Make the target hold what the source holds now; raises OtherStoreError where it holds anything else.

    Equal rows are left alone, so that a copy that was interrupted is finished, and one that is whole only compared.
    """
    bring_up_to_date(target)
    with snapshot(source) as given:
        for table in METADATA.sorted_tables:
            _refuse_others(given, target, table)
        done = [_copy_table(given, target, table, progress) for table in METADATA.sorted_tables]
    _set_sequences(target)
    return done


def row_counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    tables = METADATA.sorted_tables
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def _refuse_others(given: Connection, target: Engine, table: Table) -> None:
    """Raise OtherStoreError unless the newest row of the target is one of the source: then it was copied from there."""
    key = _key(table)
    if table.name == "audit_tree":
        return
    with target.connect() as taken:
        newest = taken.execute(select(func.max(key))).scalar()
        if newest is None:
            return
        there = _rows(taken, table, newest, newest)
    here = _rows(given, table, newest, newest)
    if not here or ("id" in table.c and _ids(table, here) != _ids(table, there)):
        raise OtherStoreError(f"it has rows in {table.name} that are not in the store")


def _copy_table(given: Connection, target: Engine, table: Table, progress: Progress) -> Copied:
    total = given.execute(select(func.count()).select_from(table)).scalar_one()
    rows = written = 0
    for before, last in _steps(given, table):
        wanted = _rows(given, table, before, last, is_open=True)
        with target.begin() as taken:
            lock(taken)
            if _rows(taken, table, before, last, is_open=True) != wanted:
                taken.execute(delete(table).where(_between(table, before, last, is_open=True)))
                taken.execute(insert(table), [dict(zip(table.c.keys(), row, strict=True)) for row in wanted])
                written += len(wanted)
        rows += len(wanted)
        progress(table.name, rows, total)
    return Copied(table.name, rows, written)


def _steps(connection: Connection, table: Table) -> Iterator[tuple[Key, Key]]:
    """Yield runs of keys, each from behind one key to another."""
    key = _key(table)
    most = GROUPS if len(table.primary_key.columns) == 1 else max(GROUPS // 100, 1)
    before: Key = None
    while True:
        keys = select(key).distinct().order_by(key).limit(most)
        if before is not None:
            keys = keys.where(key > before)
        found = [value for (value,) in connection.execute(keys).all()]
        if not found:
            return
        yield before, found[-1]
        before = found[-1]


def _rows(connection: Connection, table: Table, first: Key, last: Key, *, is_open: bool = False) -> list[Cells]:
    found = connection.execute(select(table).where(_between(table, first, last, is_open=is_open))).all()
    at = [table.c.keys().index(column.name) for column in table.primary_key.columns]
    # In Python's own order: two databases sort texts in two ways.
    return sorted((tuple(row) for row in found), key=lambda row: tuple(row[place] for place in at))


def _between(table: Table, first: Key, last: Key, *, is_open: bool) -> ColumnElement[bool]:
    key = _key(table)
    if first is None:
        return key <= last
    return and_(key > first if is_open else key >= first, key <= last)


def _key(table: Table) -> Column[int]:
    return next(iter(table.primary_key.columns))


def _ids(table: Table, rows: list[Cells]) -> list[object]:
    at = table.c.keys().index("id")
    return [row[at] for row in rows]


def _set_sequences(target: Engine) -> None:
    """Let PostgreSQL number on from the last rows. SQLite does so by itself."""
    if target.dialect.name == "sqlite":
        return
    with target.begin() as connection:
        for table in METADATA.sorted_tables:
            if "seq" in table.c and table.c.seq.autoincrement is True:
                sequence = f"pg_get_serial_sequence('{table.name}', 'seq')"
                newest = f"(SELECT coalesce(max(seq), 1) FROM {table.name})"  # noqa: S608 - ours
                connection.execute(text(f"SELECT setval({sequence}, {newest})"))
