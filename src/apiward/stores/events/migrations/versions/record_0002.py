"""The audit record, its tree, and the counts by caller and operation.

Revision ID: record_0002
Revises: events_0001
"""

from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations

revision: Final = "record_0002"
down_revision: Final = "events_0001"

_COUNTS: Final = ("requests", "refused", "failed", "denied", "missing", "errors")


def upgrade(op: Operations) -> None:
    """Make the tables, and the tree of no entries."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kept_s", sa.Double, nullable=False),
        sa.Column("leaf", sa.Text, nullable=False),
        sa.Column("who", sa.Text),
        sa.Column("personal", sa.Text),
        sa.Column("salt", sa.Text),
    )
    op.create_index("audit_id", "audit", ["id"], unique=True)
    op.create_index("audit_who", "audit", ["who"])
    tree = op.create_table(
        "audit_tree",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("peaks", sa.Text, nullable=False),
        sa.Column("last", sa.Text, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("first_peaks", sa.Text, nullable=False),
        sa.Column("first_last", sa.Text, nullable=False),
        sa.Column("signed_size", sa.BigInteger, nullable=False),
        sa.Column("signed_at_s", sa.Double, nullable=False),
        sa.Column("signer", sa.Text, nullable=False),
    )
    empty = dict.fromkeys(("peaks", "last", "first_peaks", "first_last", "signer"), "")
    op.bulk_insert(tree, [{"one": 1, "size": 0, "first": 0, "signed_size": 0, "signed_at_s": 0.0, **empty}])
    op.create_table(
        "rollups",
        sa.Column("window_s", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("principal", sa.Text, primary_key=True),
        sa.Column("operation", sa.Text, primary_key=True),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _COUNTS),
        sa.Column("elapsed_s", sa.Double, nullable=False),
        sa.Column("request_size", sa.BigInteger, nullable=False),
        sa.Column("answer_size", sa.BigInteger, nullable=False),
    )


def downgrade(op: Operations) -> None:
    """Remove the tables."""
    for name in ("rollups", "audit_tree", "audit"):
        op.drop_table(name)
