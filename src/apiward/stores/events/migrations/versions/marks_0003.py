"""What an event says beside its columns: marks.

Revision ID: marks_0003
Revises: record_0002
"""

from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations

revision: Final = "marks_0003"
down_revision: Final = "record_0002"


def upgrade(op: Operations) -> None:
    """Add the column. No row is written anew for it, however many there are."""
    op.add_column("events", sa.Column("marks", sa.Text, nullable=False, server_default=""))


def downgrade(op: Operations) -> None:
    """Remove the column."""
    op.drop_column("events", "marks")
