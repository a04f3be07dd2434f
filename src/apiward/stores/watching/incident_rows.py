"""An incident as rows: one for how it stands, one for each moment of its timeline."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Connection, func, select

from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState, Moment, MomentKind
from apiward.stores.record.watch_tables import INCIDENT_MOMENTS, INCIDENTS
from apiward.stores.watching.texts import LONG, kept_pairs, kept_text, kept_texts, row_id
from apiward.stores.watching.upserting import Values, add_missing, found_by_id, put

MOST_MOMENTS: Final = 2_000
"""Moments of one timeline that are read: its newest."""
TURNS: Final = frozenset({MomentKind.CONTAINED, MomentKind.UNDONE, MomentKind.CLOSED, MomentKind.REOPENED})
"""Moments that change the state. Who noted the newest one knows best how things stand."""
_RISING: Final = ("severity", "last_s", "count", "touched_count")


def keep_incidents(connection: Connection, incidents: Sequence[Incident]) -> list[Values]:
    """Keep incidents, joined with what others have noted of them; return the rows of moments that are new.

    What changes nothing gets no new number.
    """
    if not incidents:  # as nearly always
        return []
    moments: list[Values] = []
    by_id = {incident.id: incident for incident in incidents}
    known = found_by_id(connection, INCIDENTS, list(by_id))
    number = connection.execute(select(func.max(INCIDENTS.c.number))).scalar() or 0
    for id_, incident in by_id.items():
        added = add_missing(connection, INCIDENT_MOMENTS, [_moment_row(id_, moment) for moment in incident.timeline])
        moments += added
        before = known.get(id_)
        row = _row(incident) if before is None else _joined(before, _row(incident))
        if before is None or added or any(row[name] != before[name] for name in row):
            number += 1
            first = number if before is None else before["first_number"]
            put(connection, INCIDENTS, {**row, "number": number, "first_number": first})
    return moments


def incidents_of(connection: Connection, rows: Sequence[Values]) -> list[Incident]:
    """Return the incidents of rows, with their timelines."""
    return [incident_of(row, _timeline(connection, str(row["id"]))) for row in rows]


def _row(incident: Incident) -> dict[str, Any]:
    detail = {
        "where": kept_texts(incident.where),
        "events": kept_texts(incident.events),
        "facts": kept_pairs(incident.facts),
        "touched": kept_texts(incident.touched),
        "unknown": [kept_text(text, LONG) for text in incident.unknown[:20]],
    }
    return {
        "id": incident.id,
        "rule": kept_text(incident.rule),
        "who": kept_text(incident.who),
        "severity": int(incident.severity),
        "first_s": incident.first_s,
        "last_s": incident.last_s,
        "count": incident.count,
        "state": incident.state.value,
        "state_at_s": max((one.at_s for one in incident.timeline if one.kind in TURNS), default=incident.first_s),
        "touched_count": incident.touched_count,
        "detail": orjson.dumps(detail).decode(),
        "is_drill": incident.is_drill,
    }


def _joined(before: Values, after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known together: numbers only rise, and the newest turn tells the state."""
    row = {**after, **{name: max(before[name], after[name]) for name in _RISING}}
    row["first_s"] = min(before["first_s"], after["first_s"])
    if after["count"] < before["count"]:
        row["detail"] = before["detail"]
    if after["state_at_s"] < before["state_at_s"]:
        row["state"], row["state_at_s"] = before["state"], before["state_at_s"]
    return row


def _moment_row(incident: str, moment: Moment) -> Values:
    said, by = kept_text(moment.said, LONG), kept_text(moment.by)
    return {
        "id": row_id(incident, round(moment.at_s * 1000), moment.kind.value, said, by),
        "incident": incident,
        "at_s": moment.at_s,
        "kind": moment.kind.value,
        "said": said,
        "by_whom": by,
    }


def _timeline(connection: Connection, incident: str) -> tuple[Moment, ...]:
    table = INCIDENT_MOMENTS.c
    newest = select(INCIDENT_MOMENTS).where(table.incident == incident).order_by(table.at_s.desc(), table.seq.desc())
    rows = connection.execute(newest.limit(MOST_MOMENTS)).mappings().all()
    return tuple(Moment(row["at_s"], MomentKind(row["kind"]), row["said"], row["by_whom"]) for row in reversed(rows))


def incident_of(row: Values, timeline: tuple[Moment, ...] = ()) -> Incident:
    """Return the incident of a row."""
    detail = orjson.loads(row["detail"])
    return Incident(
        id=row["id"],
        rule=row["rule"],
        who=row["who"],
        severity=Severity(row["severity"]),
        first_s=row["first_s"],
        last_s=row["last_s"],
        count=row["count"],
        state=IncidentState(row["state"]),
        where=tuple(detail["where"]),
        events=tuple(detail["events"]),
        facts=tuple((name, value) for name, value in detail["facts"]),
        touched=tuple(detail["touched"]),
        touched_count=row["touched_count"],
        unknown=tuple(detail["unknown"]),
        timeline=timeline,
        is_drill=bool(row["is_drill"]),
    )
