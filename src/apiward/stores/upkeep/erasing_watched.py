"""Erases a person from what watch has kept: from who does something, from whom it touches, and from the words on it."""

import re
from collections.abc import Iterator
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Table, func, select, update

from apiward.core.jsonvalue import Json
from apiward.stores.record.watch_tables import DETECTIONS, EVIDENCE, INCIDENT_MOMENTS, INCIDENTS

PAGE: Final = 1_000
_ADDRESS: Final = "address:"


def erase_watched(connection: Connection, subject: str, alias: str) -> tuple[int, int]:
    """Put `alias` in the place of `subject`; return how many rows named it, and how many records of evidence do.

    Evidence is left as it is: changed, it would prove nothing. What is kept of it is named by law, not by habit.
    """
    name = PersonName(subject, alias)
    changed = sum(_renamed(connection, table, ("who", "detail"), name) for table in (DETECTIONS, INCIDENTS))
    changed += _renamed(connection, INCIDENT_MOMENTS, ("said", "by_whom"), name)
    number = (connection.execute(select(func.max(INCIDENTS.c.number))).scalar() or 0) + 1
    connection.execute(update(INCIDENTS).where(INCIDENTS.c.who == alias).values(number=number))
    return changed, sum(1 for body in _bodies(connection) if name.is_in(body.decode("utf-8", "replace")))


class PersonName:
    """How a person is named in texts: by the key, and an address by itself as well."""

    def __init__(self, subject: str, alias: str) -> None:
        """Put `alias` in the place of the name of `subject`."""
        bare = subject.removeprefix(_ADDRESS) if subject.startswith(_ADDRESS) else subject
        self._search = re.compile(rf"(?<![\w.:-])(?:{re.escape(subject)}|{re.escape(bare)})(?![\w-]|[.:]\w)")
        self._alias = alias

    def is_in(self, text: str) -> bool:
        """Return whether a text names the person."""
        return self._search.search(text) is not None

    def without(self, text: str) -> str:
        """Return a text with the alias in the place of the name."""
        return self._search.sub(self._alias, text)

    def without_in(self, value: Json) -> Json:
        """Do so in all texts of a value."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list):
            return [self.without_in(part) for part in value]
        if isinstance(value, dict):
            return {key: self.without_in(part) for key, part in value.items()}
        return value


def _renamed(connection: Connection, table: Table, columns: tuple[str, ...], name: PersonName) -> int:
    changed = 0
    for row in _rows(connection, table, columns):
        values = {column: _new(column, row[column], name) for column in columns}
        if any(values[column] != row[column] for column in columns):
            connection.execute(update(table).where(table.c.seq == row["seq"]).values(**values))
            changed += 1
    return changed


def _new(column: str, text: str, name: PersonName) -> str:
    if column != "detail":
        return name.without(text)
    detail = orjson.loads(text)
    renamed = name.without_in(detail)
    return text if renamed == detail else orjson.dumps(renamed).decode()


def _rows(connection: Connection, table: Table, columns: tuple[str, ...]) -> Iterator[Any]:
    at = 0
    wanted = (table.c.seq, *(table.c[column] for column in columns))
    while True:
        page = select(*wanted).where(table.c.seq > at).order_by(table.c.seq).limit(PAGE)
        rows = connection.execute(page).mappings().all()
        yield from rows
        if len(rows) < PAGE:
            return
        at = rows[-1]["seq"]


def _bodies(connection: Connection) -> Iterator[bytes]:
    seqs = [seq for (seq,) in connection.execute(select(EVIDENCE.c.seq))]
    for seq in seqs:
        row = connection.execute(select(EVIDENCE.c.body).where(EVIDENCE.c.seq == seq)).one()
        yield bytes(row.body)
