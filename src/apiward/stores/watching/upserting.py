"""Writes rows that have an id of their own: each is there once, however often it is written."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Insert, Table, select
from sqlalchemy.dialects import postgresql, sqlite

Values: TypeAlias = Mapping[Any, Any]
_PAGE: Final = 500


def add_missing(connection: Connection, table: Table, rows: Sequence[Values]) -> list[Values]:
    """Add the rows whose ids are not there, and return those, in their order."""
    if not rows:
        return []
    known = found_by_id(connection, table, [str(row["id"]) for row in rows])
    fresh = list({row["id"]: row for row in rows if row["id"] not in known}.values())
    if fresh:
        connection.execute(table.insert(), [dict(row) for row in fresh])
    return fresh


def put(connection: Connection, table: Table, row: Values) -> None:
    """Add the row, or write over the one with its id."""
    connection.execute(_putting(connection.dialect.name, table, tuple(row)), dict(row))


@lru_cache(maxsize=64)
def _putting(dialect: str, table: Table, names: tuple[str, ...]) -> Insert:
    """Return the statement, made once for each table: to make it takes longer than to carry it out."""
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    changed = {name: insert.excluded[name] for name in names if name != "id"}
    return insert.on_conflict_do_update(index_elements=["id"], set_=changed)


def found_by_id(connection: Connection, table: Table, ids: Sequence[str]) -> dict[str, Values]:
    """Return the rows that are there, by id."""
    found: dict[str, Values] = {}
    for start in range(0, len(ids), _PAGE):
        wanted = select(table).where(table.c.id.in_(ids[start : start + _PAGE]))
        found |= {str(row["id"]): row for row in connection.execute(wanted).mappings()}
    return found
