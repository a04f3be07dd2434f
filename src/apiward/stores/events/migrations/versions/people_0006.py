"""Who may log in at the owner's page: people, their recovery codes, their sessions.

Revision ID: people_0006
Revises: rollups_0005
"""

from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations

revision: Final = "people_0006"
down_revision: Final = "rollups_0005"


def upgrade(op: Operations) -> None:
    """Make the tables."""
    op.create_table(
        "people",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("made_s", sa.Double, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("step_at", sa.BigInteger, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("link_until_s", sa.Double, nullable=False),
    )
    op.create_index("people_id", "people", ["id"], unique=True)
    op.create_index("people_name", "people", ["name"], unique=True)
    op.create_table(
        "people_codes",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
    )
    op.create_index("people_codes_id", "people_codes", ["id"], unique=True)
    op.create_index("people_codes_of", "people_codes", ["person"])
    op.create_table(
        "people_sessions",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("made_s", sa.Double, nullable=False),
        sa.Column("seen_s", sa.Double, nullable=False),
        sa.Column("until_s", sa.Double, nullable=False),
        sa.Column("is_whole", sa.Boolean, nullable=False),
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("browser", sa.Text, nullable=False),
    )
    op.create_index("people_sessions_id", "people_sessions", ["id"], unique=True)
    op.create_index("people_sessions_of", "people_sessions", ["person"])


def downgrade(op: Operations) -> None:
    """Remove the tables."""
    for name in ("people_sessions", "people_codes", "people"):
        op.drop_table(name)


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)
