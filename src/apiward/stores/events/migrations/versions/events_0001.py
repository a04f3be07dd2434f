"""The table of events.

Revision ID: events_0001
Revises: nothing
"""

from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations

revision: Final = "events_0001"
down_revision: Final = None

_RULED: Final = sa.text("rulings <> '[]'")


def upgrade(op: Operations) -> None:
    """Make the table and its indexes."""
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("at_s", sa.Double),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("status", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("principal", sa.Text, nullable=False),
        sa.Column("rulings", sa.Text, nullable=False),
        sa.Column("own_s", sa.Double),
        sa.Column("elapsed_s", sa.Double),
        sa.Column("request_size", sa.BigInteger, nullable=False),
        sa.Column("answer_size", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
    )
    op.create_index("events_id", "events", ["id"], unique=True)
    op.create_index("events_at", "events", ["at_s", "outcome"])
    op.create_index("events_ruled", "events", ["at_s"], sqlite_where=_RULED, postgresql_where=_RULED)


def downgrade(op: Operations) -> None:
    """Remove the table."""
    op.drop_table("events")
