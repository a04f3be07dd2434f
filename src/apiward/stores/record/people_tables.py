"""The tables of who may log in at the owner's page, their codes and sessions. The migrations make them."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, Table, Text

from apiward.stores.record.schema import METADATA


def _seq() -> Column[int]:
    return Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


PEOPLE: Final = Table(
    "people",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("made_s", Double, nullable=False),
    Column("password", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("step_at", BigInteger, nullable=False),
    Column("link", Text, nullable=False),
    Column("link_until_s", Double, nullable=False),
    Index("people_id", "id", unique=True),
    Index("people_name", "name", unique=True),
)
"""Who may log in at the page. Of passwords and links hashes stand here, of the second step nothing that opens."""

PEOPLE_CODES: Final = Table(
    "people_codes",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("person", Text, nullable=False),
    Index("people_codes_id", "id", unique=True),
    Index("people_codes_of", "person"),
)
"""Recovery codes that were not used yet, as keyed hashes. One that is used is removed."""

PEOPLE_SESSIONS: Final = Table(
    "people_sessions",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("made_s", Double, nullable=False),
    Column("seen_s", Double, nullable=False),
    Column("until_s", Double, nullable=False),
    Column("is_whole", Boolean, nullable=False),
    Column("client", Text, nullable=False),
    Column("browser", Text, nullable=False),
    Index("people_sessions_id", "id", unique=True),
    Index("people_sessions_of", "person"),
)
"""Sessions at the page, by their hash. One that has ended is removed."""
