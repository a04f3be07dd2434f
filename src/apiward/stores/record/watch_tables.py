"""The tables of what watch and scans know: APIs, findings, incidents, evidence. The migrations make them."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, LargeBinary, Table, Text

from apiward.stores.record.schema import METADATA


def _seq() -> Column[int]:
    return Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


APIS: Final = Table(
    "apis",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("first_s", Double, nullable=False),
    Column("last_s", Double, nullable=False),
    Index("apis_id", "id", unique=True),
)
"""An API that was scanned: where it answers, and when that was first and last."""

OPERATIONS: Final = Table(
    "operations",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("api", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("first_s", Double, nullable=False),
    Column("last_s", Double, nullable=False),
    Column("asked_s", Double),
    Column("answered_s", Double),
    Index("operations_id", "id", unique=True),
    Index("operations_api", "api"),
)
"""What an API is said to do, and when a scan last asked for it and got a good answer."""

FINDINGS: Final = Table(
    "findings",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("api", Text, nullable=False),
    Column("finding", Text, nullable=False),
    Column("check_id", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("saw", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("first_s", Double, nullable=False),
    Column("last_s", Double, nullable=False),
    Column("fixed_s", Double),
    Column("times", BigInteger, nullable=False),
    Index("findings_id", "id", unique=True),
    Index("findings_api", "api", "state"),
)
"""A weakness of one API. `finding` is the id that people see, which two APIs may share; `id` is that of this row."""

FINDING_MOMENTS: Final = Table(
    "finding_moments",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("finding", Text, nullable=False),
    Column("scan", Text, nullable=False),
    Column("at_s", Double, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Index("finding_moments_id", "id", unique=True),
    Index("finding_moments_of", "finding"),
    Index("finding_moments_at", "at_s"),
)
"""What each scan said of a finding: new, still there, fixed, came back. `finding` is the `id` in `findings`."""

DETECTIONS: Final = Table(
    "detections",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("first_number", BigInteger, nullable=False),
    Column("incident", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("first_s", Double, nullable=False),
    Column("last_s", Double, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),
    Column("is_drill", Boolean, nullable=False),
    Index("detections_id", "id", unique=True),
    Index("detections_number", "number"),
    Index("detections_of", "incident"),
    Index("detections_at", "last_s"),
)
"""A pattern that a rule saw. `number` grows with each change, `place` is the operation, `detail` JSON of the rest."""

INCIDENTS: Final = Table(
    "incidents",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("first_number", BigInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("first_s", Double, nullable=False),
    Column("last_s", Double, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_at_s", Double, nullable=False),
    Column("touched_count", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),
    Column("is_drill", Boolean, nullable=False),
    Index("incidents_id", "id", unique=True),
    Index("incidents_number", "number"),
    Index("incidents_state", "state", "last_s"),
)
"""What a person must handle. `number` grows with each change of any: a reader sees what is new and what changed."""

INCIDENT_MOMENTS: Final = Table(
    "incident_moments",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("incident", Text, nullable=False),
    Column("at_s", Double, nullable=False),
    Column("kind", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("by_whom", Text, nullable=False),
    Index("incident_moments_id", "id", unique=True),
    Index("incident_moments_of", "incident"),
)
"""The timelines of incidents."""

EVIDENCE: Final = Table(
    "evidence",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at_s", Double, nullable=False),
    Column("title", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("until_s", Double),
    Index("evidence_id", "id", unique=True),
    Index("evidence_of", "subject"),
)
"""Dated records that show something."""

WATCH_STATE: Final = Table(
    "watch_state",
    METADATA,
    _seq(),
    Column("id", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("watch_state_id", "id", unique=True),
)
"""How far each source was read ("position:NAME"), and what the correlator knew there ("checkpoint")."""
