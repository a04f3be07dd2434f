"""The tables of the record, the same on SQLite and PostgreSQL. The migrations make them; a test compares the two."""

from typing import Final

from sqlalchemy import BigInteger, Column, Double, Index, Integer, MetaData, Table, Text

METADATA: Final = MetaData()
"""All tables of the store."""

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("kept_s", Double, nullable=False),
    Column("leaf", Text, nullable=False),
    Column("who", Text),
    Column("personal", Text),
    Column("salt", Text),
    Index("audit_id", "id", unique=True),
    Index("audit_who", "who"),
)
"""`seq` is the place in the tree, from 0; `kept_s` when it was recorded. The last three go when a person is erased."""

AUDIT_TREE: Final = Table(
    "audit_tree",
    METADATA,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("peaks", Text, nullable=False),
    Column("last", Text, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("first_peaks", Text, nullable=False),
    Column("first_last", Text, nullable=False),
    Column("signed_size", BigInteger, nullable=False),
    Column("signed_at_s", Double, nullable=False),
    Column("signer", Text, nullable=False),
)
"""One row: the tree's size and hashes, the same of what was removed for its age, and what was signed last by whom."""

ROLLUPS: Final = Table(
    "rollups",
    METADATA,
    Column("window_s", BigInteger, primary_key=True, autoincrement=False),
    Column("principal", Text, primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("denied", BigInteger, nullable=False),
    Column("missing", BigInteger, nullable=False),
    Column("errors", BigInteger, nullable=False),
    Column("elapsed_s", Double, nullable=False),
    Column("request_size", BigInteger, nullable=False),
    Column("answer_size", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Counts of five minutes, by caller and operation. `denied` are 401 and 403, `missing` 404, `errors` 5xx."""
