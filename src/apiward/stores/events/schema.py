"""The table of events, the same on SQLite and PostgreSQL. The migrations make it; a test compares the two."""

from typing import Final

from sqlalchemy import BigInteger, Column, Double, Index, Integer, Table, Text, text

from apiward.stores.record import people_tables, watch_tables
from apiward.stores.record.schema import METADATA

VERSIONS: Final = "events_version"
"""The table in which the schema's version is noted."""
HEAD: Final = "people_0006"
"""The newest version."""

EVENTS: Final = Table(
    "events",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("at_s", Double),
    Column("method", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("status", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("principal", Text, nullable=False),
    Column("rulings", Text, nullable=False),
    Column("own_s", Double),
    Column("elapsed_s", Double),
    Column("request_size", BigInteger, nullable=False),
    Column("answer_size", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("marks", Text, nullable=False, server_default=""),
    Index("events_id", "id", unique=True),
    Index("events_at", "at_s", "outcome"),
    Index("events_ruled", "at_s", sqlite_where=text("rulings <> '[]'"), postgresql_where=text("rulings <> '[]'")),
)
"""`seq` is the order of storing: it tells a reader what is new, as `at_s` cannot where events were spooled."""

__all__ = ["EVENTS", "HEAD", "METADATA", "VERSIONS", "people_tables", "watch_tables"]
