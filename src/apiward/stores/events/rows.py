"""An event as one row: the form in which it is spooled and stored, with every text bounded."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import Any, Final, TypeAlias

import orjson

from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.event import Event
from apiward.stores.events.paths import kept_path

COLUMNS: Final = (
    "id",
    "at_s",
    "method",
    "operation",
    "path",
    "status",
    "outcome",
    "client",
    "principal",
    "rulings",
    "own_s",
    "elapsed_s",
    "request_size",
    "answer_size",
    "kind",
    "said",
    "marks",
)
"""The columns of a row, in order. `rulings` is a JSON array of objects, `marks` a JSON object or nothing, as text."""

RULINGS: Final = COLUMNS.index("rulings")
OPERATION: Final = COLUMNS.index("operation")
PATH: Final = COLUMNS.index("path")
MARKS: Final = COLUMNS.index("marks")
NO_RULINGS: Final = "[]"
NO_MARKS: Final = ""
MAX_RULINGS: Final = 32
MAX_MARKS: Final = 24
MAX_RECORD: Final = 4_096
"""Bytes of a packed event up to which no text is cut. A cut one is smaller than MAX_CUT_RECORD."""
MAX_CUT_RECORD: Final = 120_000

Cell: TypeAlias = str | int | float | None
Row: TypeAlias = Sequence[Cell]

_dumps: Final = orjson.dumps
_LINE: Final = orjson.OPT_APPEND_NEWLINE
_NUL: Final = "\\u0000"  # PostgreSQL keeps none, and reads no JSON with one
_TOGETHER: Final = 200
_PLAIN: Final = 3_000
"""Letters of all texts of an event up to which it is kept as it is, where they are ASCII."""
_TEXTS: Final = tuple(
    COLUMNS.index(name)
    for name in (
        *("id", "method", "operation", "path", "outcome", "client", "principal", "rulings", "kind", "said", "marks"),
    )
)
_WRITTEN: Final[dict[tuple[tuple[str, str], ...], str]] = {}
_MOST_WRITTEN: Final = 4_096
_NOTED: Final = 400
"""Letters of marks up to which their JSON is kept."""
_NAME: Final = 20
_SHORT: Final = 100
_LONG: Final = 400


def row_of(event: Event) -> list[Cell]:
    """Return `event` as a row. The path of a request that nothing describes is masked."""
    row: list[Any] = list(event)
    rulings, marks = row[RULINGS], row[MARKS]
    row[RULINGS] = _rulings_json(rulings) if rulings else NO_RULINGS
    row[MARKS] = (_WRITTEN.get(marks) or _written(marks)) if marks else NO_MARKS
    if not row[OPERATION]:
        row[PATH] = kept_path(row[PATH])
    return row


def rows_of(events: Sequence[Event]) -> list[Row]:
    """Return the rows of events, each bounded as in a spool.

    They are made some hundred at once, column by column, as an event is a row already but for three columns. Nearly
    all are short and plain: one look at all of their texts says so.
    """
    rows: list[Row] = []
    for start in range(0, len(events), _TOGETHER):
        some = events[start : start + _TOGETHER]
        rows += _plain_rows(some) or map(_bounded, some)
    return rows


def _plain_rows(events: Sequence[Event]) -> list[Row]:
    """Return the rows; none where one may be too long, or has a sign that needs a second look."""
    columns: list[Sequence[Any]] = list(zip(*events, strict=True))
    keyed = zip(columns[OPERATION], columns[PATH], strict=True)
    columns[PATH] = [path if key else kept_path(path) for key, path in keyed]
    try:
        columns[RULINGS] = [_rulings_json(one) if one else NO_RULINGS for one in columns[RULINGS]]
        columns[MARKS] = _marks_texts(columns[MARKS])
    except TypeError:  # a lone surrogate
        return []
    texts = [columns[at] for at in _TEXTS]
    text = "".join(chain.from_iterable(texts))
    is_plain = text.isascii() and "\0" not in text and sum([max(map(len, column)) for column in texts]) <= _PLAIN
    return list(zip(*columns, strict=True)) if is_plain else []


def _bounded(event: Event) -> Row:
    """Return the row of an event that may be long or strange."""
    with suppress(TypeError):
        row = row_of(event)
        text = "".join([cell for cell in row if cell.__class__ is str])
        if len(text) <= _PLAIN and text.isascii() and "\0" not in text:
            return row
    (cells,) = unpacked(packed(event))
    return [cell.replace("\0", "␀") if isinstance(cell, str) else cell for cell in cells]


def packed(event: Event) -> bytes:
    """Return `event` as one JSON array and a line feed, without a NUL byte, shorter than MAX_CUT_RECORD."""
    try:
        record = _dumps(row_of(event), None, _LINE)
        if len(record) <= MAX_RECORD:
            return record
    except TypeError:  # a lone surrogate, or a number beyond 64 bits
        pass
    return _dumps(row_of(_cut(event)), None, _LINE)


def unpacked(block: bytes) -> list[list[Cell]]:
    """Return the rows of whole packed records; raises orjson.JSONDecodeError where one is damaged."""
    # A line feed inside a text is escaped, so each one here ends a record.
    rows: list[list[Cell]] = orjson.loads(b"[" + block[:-1].replace(b"\n", b",") + b"]")
    return rows


def event_of(row: Row) -> Event:
    """Return the event of a row, whose columns are the event's fields. A number that could not be kept reads as 0."""
    id_, at_s, method, operation, path, status, outcome, client, principal, rulings, *numbers, kind, said, marks = row
    own_s, elapsed_s, request_size, answer_size = numbers
    return Event(  # in the order of its fields: names would cost a microsecond for each of many events
        str(id_),
        float(at_s or 0),
        str(method),
        str(operation),
        str(path),
        int(status or 0),
        str(outcome),
        str(client),
        str(principal),
        () if rulings == NO_RULINGS else tuple(map(_ruling, orjson.loads(str(rulings)))),
        float(own_s or 0),
        float(elapsed_s or 0),
        int(request_size or 0),
        int(answer_size or 0),
        str(kind),
        str(said),
        tuple((name, str(value)) for name, value in orjson.loads(str(marks)).items()) if marks else (),
    )


def _rulings_json(rulings: tuple[Ruling, ...]) -> str:
    text = orjson.dumps([_shown(ruling) for ruling in rulings[:MAX_RULINGS]]).decode()
    return text.replace(_NUL, "␀") if _NUL in text else text


def _marks_json(marks: tuple[tuple[str, str], ...]) -> str:
    text = orjson.dumps(dict(marks[:MAX_MARKS])).decode()
    return text.replace(_NUL, "␀") if _NUL in text else text


def _written(marks: tuple[tuple[str, str], ...]) -> str:
    """Return the marks as JSON, and keep that: most of a caller's requests have the same."""
    text = _marks_json(marks)
    if len(text) <= _NOTED:
        if len(_WRITTEN) >= _MOST_WRITTEN:
            _WRITTEN.clear()
        _WRITTEN[marks] = text
    return text


def _marks_texts(marks: Sequence[tuple[tuple[str, str], ...]]) -> list[str]:
    """Return the marks of several events, written at once and cut apart, where nothing else looks like such a cut."""
    text = orjson.dumps([dict(one[:MAX_MARKS]) for one in marks]).decode()
    parts = text[2:-2].split("},{")
    if len(parts) != len(marks) or _NUL in text:
        return [_marks_json(one) if one else NO_MARKS for one in marks]
    return [f"{{{part}}}" if part else NO_MARKS for part in parts]


def _shown(ruling: Ruling) -> dict[str, Cell]:
    # Headers and edits stay out: they may hold what the API answered.
    decision = ruling.decision
    shown: dict[str, Cell] = {"rule": decision.rule, "effect": decision.effect.value, "applied": ruling.is_applied}
    if decision.place:
        shown["place"] = decision.place
    if decision.saw:
        shown["saw"] = decision.saw
    if decision.retry_after_s is not None:
        shown["retry_after_s"] = decision.retry_after_s
    if decision.delay_s:
        shown["delay_s"] = decision.delay_s
    return shown


def _ruling(item: dict[str, Cell]) -> Ruling:
    retry = item.get("retry_after_s")
    decision = Decision(
        rule=str(item["rule"]),
        effect=Effect(str(item["effect"])),
        place=str(item.get("place") or ""),
        saw=str(item.get("saw") or ""),
        retry_after_s=None if retry is None else int(retry),
        delay_s=float(item.get("delay_s") or 0.0),
    )
    return Ruling(decision, is_applied=bool(item["applied"]))


def _cut(event: Event) -> Event:
    return event._replace(
        id=_text(event.id, _SHORT),
        method=_text(event.method, _SHORT),
        operation=_text(event.operation, _LONG),
        path=_text(event.path, _LONG),
        outcome=_text(event.outcome, _SHORT),
        client=_text(event.client, _SHORT),
        principal=_text(event.principal, _LONG),
        kind=_text(event.kind, _SHORT),
        said=_text(event.said, _LONG),
        status=_number(event.status),
        request_size=_number(event.request_size),
        answer_size=_number(event.answer_size),
        rulings=tuple(_cut_ruling(ruling) for ruling in event.rulings[:MAX_RULINGS]),
        marks=tuple((_text(name, _NAME), _text(value, _SHORT)) for name, value in event.marks[:MAX_MARKS]),
    )


def _cut_ruling(ruling: Ruling) -> Ruling:
    decision = ruling.decision
    retry = decision.retry_after_s
    return replace(
        ruling,
        decision=replace(
            decision,
            rule=_text(decision.rule, _SHORT),
            place=_text(decision.place, _SHORT),
            saw=_text(decision.saw, _SHORT),
            retry_after_s=None if retry is None else _number(retry),
        ),
    )


def _text(text: str, limit: int) -> str:
    text = text[:limit].encode("utf-8", "backslashreplace").decode()
    return text if len(text) < limit else text[: limit - 1] + "…"


def _number(number: int) -> int:
    return max(-(2**63), min(number, 2**63 - 1))
