"""One event as one line of JSON: ASCII only, no control characters, bounded as its row is."""

import json
from datetime import datetime
from typing import Final

import orjson

from apiward.core.moments import utc
from apiward.stores.events.rows import COLUMNS, MARKS, RULINGS, Row

_DELETE: Final = b"\x7f"


def encode_line(row: Row) -> bytes:
    """Return the line of `row`, with its line feed. Nothing in an event can add a line or a field to it."""
    shown: dict[str, object] = {"time": _time(row[1]), **dict(zip(COLUMNS, row, strict=True))}
    shown["rulings"] = orjson.Fragment(str(row[RULINGS]))
    shown["marks"] = orjson.Fragment(str(row[MARKS] or "{}"))
    line = orjson.dumps(shown, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)
    if line.isascii() and _DELETE not in line:
        return line
    return json.dumps(orjson.loads(line), separators=(",", ":")).encode("ascii") + b"\n"


def moment(at_s: float) -> str:
    """Return a time as a text in UTC."""
    return _time(at_s).isoformat(timespec="seconds").replace("+00:00", "Z")


def _time(at_s: str | float | None) -> datetime:
    # Whole milliseconds: more is noise in a log.
    return utc(round(float(at_s or 0), 3))
