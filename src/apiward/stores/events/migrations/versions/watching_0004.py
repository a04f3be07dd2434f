"""What watch and scans know: APIs, operations, findings, detections, incidents, evidence.

Revision ID: watching_0004
Revises: marks_0003
"""

from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations

revision: Final = "watching_0004"
down_revision: Final = "marks_0003"


def upgrade(op: Operations) -> None:
    """Make the tables."""
    _make_findings(op)
    _make_incidents(op)
    _make_evidence(op)


def downgrade(op: Operations) -> None:
    """Remove the tables."""
    for name in (
        *("watch_state", "evidence", "incident_moments", "incidents", "detections"),
        *("finding_moments", "findings", "operations", "apis"),
    ):
        op.drop_table(name)


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)


def _make_findings(op: Operations) -> None:
    op.create_table(
        "apis",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("first_s", sa.Double, nullable=False),
        sa.Column("last_s", sa.Double, nullable=False),
    )
    op.create_index("apis_id", "apis", ["id"], unique=True)
    op.create_table(
        "operations",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("api", sa.Text, nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("first_s", sa.Double, nullable=False),
        sa.Column("last_s", sa.Double, nullable=False),
        sa.Column("asked_s", sa.Double),
        sa.Column("answered_s", sa.Double),
    )
    op.create_index("operations_id", "operations", ["id"], unique=True)
    op.create_index("operations_api", "operations", ["api"])
    op.create_table(
        "findings",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("api", sa.Text, nullable=False),
        sa.Column("finding", sa.Text, nullable=False),
        sa.Column("check_id", sa.Text, nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("confidence", sa.Text, nullable=False),
        sa.Column("saw", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("first_s", sa.Double, nullable=False),
        sa.Column("last_s", sa.Double, nullable=False),
        sa.Column("fixed_s", sa.Double),
        sa.Column("times", sa.BigInteger, nullable=False),
    )
    op.create_index("findings_id", "findings", ["id"], unique=True)
    op.create_index("findings_api", "findings", ["api", "state"])
    op.create_table(
        "finding_moments",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("finding", sa.Text, nullable=False),
        sa.Column("scan", sa.Text, nullable=False),
        sa.Column("at_s", sa.Double, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
    )
    op.create_index("finding_moments_id", "finding_moments", ["id"], unique=True)
    op.create_index("finding_moments_of", "finding_moments", ["finding"])
    op.create_index("finding_moments_at", "finding_moments", ["at_s"])


def _make_incidents(op: Operations) -> None:
    op.create_table(
        "detections",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("first_number", sa.BigInteger, nullable=False),
        sa.Column("incident", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("first_s", sa.Double, nullable=False),
        sa.Column("last_s", sa.Double, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("is_drill", sa.Boolean, nullable=False),
    )
    op.create_index("detections_id", "detections", ["id"], unique=True)
    op.create_index("detections_number", "detections", ["number"])
    op.create_index("detections_of", "detections", ["incident"])
    op.create_index("detections_at", "detections", ["last_s"])
    op.create_table(
        "incidents",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("first_number", sa.BigInteger, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("first_s", sa.Double, nullable=False),
        sa.Column("last_s", sa.Double, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("state_at_s", sa.Double, nullable=False),
        sa.Column("touched_count", sa.BigInteger, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("is_drill", sa.Boolean, nullable=False),
    )
    op.create_index("incidents_id", "incidents", ["id"], unique=True)
    op.create_index("incidents_number", "incidents", ["number"])
    op.create_index("incidents_state", "incidents", ["state", "last_s"])
    op.create_table(
        "incident_moments",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident", sa.Text, nullable=False),
        sa.Column("at_s", sa.Double, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("by_whom", sa.Text, nullable=False),
    )
    op.create_index("incident_moments_id", "incident_moments", ["id"], unique=True)
    op.create_index("incident_moments_of", "incident_moments", ["incident"])


def _make_evidence(op: Operations) -> None:
    op.create_table(
        "evidence",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at_s", sa.Double, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("until_s", sa.Double),
    )
    op.create_index("evidence_id", "evidence", ["id"], unique=True)
    op.create_index("evidence_of", "evidence", ["subject"])
    op.create_table(
        "watch_state",
        _seq(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("watch_state_id", "watch_state", ["id"], unique=True)
