"""Counts stand in their key's own order, so one place is written for each and not two.

Revision ID: rollups_0005
Revises: watching_0004
"""

from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations

revision: Final = "rollups_0005"
down_revision: Final = "watching_0004"

_COUNTS: Final = ("requests", "refused", "failed", "denied", "missing", "errors")


def upgrade(op: Operations) -> None:
    """Write the counts anew, without numbers of rows. PostgreSQL has nothing of the kind: there all stays as it is."""
    _written_anew(op, with_rowid=False)


def downgrade(op: Operations) -> None:
    """Give the rows numbers again."""
    _written_anew(op, with_rowid=True)


def _written_anew(op: Operations, *, with_rowid: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.rename_table("rollups", "rollups_before")
    op.create_table(
        "rollups",
        sa.Column("window_s", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("principal", sa.Text, primary_key=True),
        sa.Column("operation", sa.Text, primary_key=True),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _COUNTS),
        sa.Column("elapsed_s", sa.Double, nullable=False),
        sa.Column("request_size", sa.BigInteger, nullable=False),
        sa.Column("answer_size", sa.BigInteger, nullable=False),
        sqlite_with_rowid=with_rowid,
    )
    op.execute("INSERT INTO rollups SELECT * FROM rollups_before")
    op.drop_table("rollups_before")
