"""A detection as a row."""

from collections.abc import Sequence

import orjson
from sqlalchemy import Connection, func, select

from apiward.core.detection import Detection
from apiward.core.finding import Severity
from apiward.stores.record.watch_tables import DETECTIONS
from apiward.stores.watching.texts import kept_pairs, kept_text, kept_texts, row_id
from apiward.stores.watching.upserting import Values, found_by_id, put


def detection_row(incident: str, seen: Detection) -> Values:
    """Return the row of what belongs to `incident`. More of the same has the same id."""
    detail = {
        "events": kept_texts(seen.events),
        "facts": kept_pairs(seen.facts),
        "touched": kept_texts(seen.touched),
    }
    return {
        "id": row_id(incident, seen.rule, seen.who, seen.where, round(seen.first_s * 1000)),
        "incident": kept_text(incident),
        "rule": kept_text(seen.rule),
        "who": kept_text(seen.who),
        "place": kept_text(seen.where),
        "severity": int(seen.severity),
        "first_s": seen.first_s,
        "last_s": seen.last_s,
        "count": seen.count,
        "detail": orjson.dumps(detail).decode(),
        "is_drill": seen.is_drill,
    }


def detection_of(row: Values) -> Detection:
    """Return the detection of a row."""
    detail = orjson.loads(row["detail"])
    return Detection(
        rule=row["rule"],
        who=row["who"],
        severity=Severity(row["severity"]),
        first_s=row["first_s"],
        last_s=row["last_s"],
        count=row["count"],
        where=row["place"],
        events=tuple(detail["events"]),
        facts=tuple((name, value) for name, value in detail["facts"]),
        touched=tuple(detail["touched"]),
        is_drill=bool(row["is_drill"]),
    )


def keep_detections(connection: Connection, detections: Sequence[tuple[str, Detection]]) -> None:
    """Keep detections; of one that is there already, the one of more events stays."""
    if not detections:  # as nearly always
        return
    rows: dict[str, Values] = {}
    for incident, seen in detections:
        row = detection_row(incident, seen)
        if row["id"] not in rows or rows[row["id"]]["count"] <= row["count"]:
            rows[row["id"]] = row
    known = found_by_id(connection, DETECTIONS, list(rows))
    number = connection.execute(select(func.max(DETECTIONS.c.number))).scalar() or 0
    for id_, row in rows.items():
        before = known.get(id_)
        if before is None or before["count"] < row["count"] or before["severity"] < row["severity"]:
            number += 1
            first = number if before is None else before["first_number"]
            put(connection, DETECTIONS, {**row, "number": number, "first_number": first})
