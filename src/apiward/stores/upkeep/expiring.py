"""Removes what watch and scans know once it is older than it is kept, inside a transaction that holds the lock."""

from typing import Final

from sqlalchemy import Connection, and_, delete, or_, select

from apiward.core.kept_finding import FindingState
from apiward.stores.record.watch_tables import (
    APIS,
    DETECTIONS,
    EVIDENCE,
    FINDING_MOMENTS,
    FINDINGS,
    INCIDENT_MOMENTS,
    INCIDENTS,
    OPERATIONS,
)

MOST_INCIDENTS: Final = 500
"""Incidents of one step: one statement names them all."""


def remove_incidents(connection: Connection, cut_s: float, now_s: float, batch: int) -> bool:
    """Remove incidents in which nothing happened since `cut_s`, with all that belongs to them; return if more may be.

    Evidence that is to count for longer stays until it does not.
    """
    old = select(INCIDENTS.c.id).where(INCIDENTS.c.last_s < cut_s, INCIDENTS.c.state_at_s < cut_s)
    ids = [
        str(id_) for (id_,) in connection.execute(old.order_by(INCIDENTS.c.last_s).limit(min(batch, MOST_INCIDENTS)))
    ]
    if ids:
        connection.execute(delete(INCIDENT_MOMENTS).where(INCIDENT_MOMENTS.c.incident.in_(ids)))
        connection.execute(delete(DETECTIONS).where(DETECTIONS.c.incident.in_(ids)))
        connection.execute(delete(INCIDENTS).where(INCIDENTS.c.id.in_(ids)))
    stray = select(DETECTIONS.c.seq).where(DETECTIONS.c.last_s < cut_s).order_by(DETECTIONS.c.last_s).limit(batch)
    removed = connection.execute(delete(DETECTIONS).where(DETECTIONS.c.seq.in_(stray))).rowcount
    over = or_(EVIDENCE.c.until_s.is_(None), EVIDENCE.c.until_s < now_s)
    connection.execute(delete(EVIDENCE).where(and_(EVIDENCE.c.at_s < cut_s, over)))
    return len(ids) == min(batch, MOST_INCIDENTS) or removed == batch


def remove_findings(connection: Connection, cut_s: float, batch: int) -> bool:
    """Remove findings that were fixed before `cut_s`, and what older scans said; return if there may be more.

    Those that are open stay. An API goes when it was not scanned since, and nothing of it is open.
    """
    fixed = FINDINGS.c.state == FindingState.FIXED.value
    old = select(FINDINGS.c.seq).where(fixed, FINDINGS.c.fixed_s < cut_s).limit(batch)
    connection.execute(delete(FINDINGS).where(FINDINGS.c.seq.in_(old)))
    said = select(FINDING_MOMENTS.c.seq).where(FINDING_MOMENTS.c.at_s < cut_s).order_by(FINDING_MOMENTS.c.at_s)
    removed = connection.execute(delete(FINDING_MOMENTS).where(FINDING_MOMENTS.c.seq.in_(said.limit(batch)))).rowcount
    bare = select(APIS.c.id).where(APIS.c.last_s < cut_s, APIS.c.id.not_in(select(FINDINGS.c.api)))
    gone = [str(id_) for (id_,) in connection.execute(bare.limit(100))]
    if gone:
        connection.execute(delete(OPERATIONS).where(OPERATIONS.c.api.in_(gone)))
        connection.execute(delete(APIS).where(APIS.c.id.in_(gone)))
    return removed == batch
