"""From stored rows into the record: which belong into the audit lane, and the counts of all requests."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias, cast

from sqlalchemy import Connection

from apiward.core.lanes import REFUSED_BY_API, audit_kind
from apiward.stores.events.rows import COLUMNS, NO_RULINGS, Row, event_of
from apiward.stores.record.appending import Audited, RandomBytes, append
from apiward.stores.record.rolling import Measured, add_up

_AT, _OPERATION, _STATUS, _OUTCOME, _PRINCIPAL, _RULINGS, _ELAPSED, _IN, _OUT, _KIND = (
    COLUMNS.index(name)
    for name in (
        *("at_s", "operation", "status", "outcome", "principal", "rulings"),
        *("elapsed_s", "request_size", "answer_size", "kind"),
    )
)
_BAD: Final = (ValueError, KeyError, TypeError, AttributeError, OverflowError)
"""What a row raises that no guard has written: a spool file that was changed by hand."""

_Recorded: TypeAlias = tuple[list[Audited], Iterable[Measured], int]
"""What goes into the audit record, what is counted, and how many rows could not be read."""
_MEASURED: Final = (_AT, _PRINCIPAL, _OPERATION, _OUTCOME, _STATUS, _ELAPSED, _IN, _OUT)
"""The columns of `Measured`, in its order."""
_TYPES: Final = [{one} for one in (float, str, str, str, int, float, int, int)]
_TOGETHER: Final = 200
"""Rows that are looked at together: so few that all of them are still near when their columns are made."""


def record(connection: Connection, rows: Sequence[Row], random_bytes: RandomBytes, now_s: float) -> int:
    """Record rows that were stored just now, in their order; return how many could not be read."""
    audited: list[Audited] = []
    measured: list[Measured] = []
    unread = 0
    for start in range(0, len(rows), _TOGETHER):
        some = rows[start : start + _TOGETHER]
        more, counted, bad = _all_at_once(some) or _one_by_one(some)
        audited += more
        measured += counted
        unread += bad
    append(connection, audited, random_bytes, now_s)
    add_up(connection, measured)
    return unread


def _all_at_once(rows: Sequence[Row]) -> _Recorded | None:
    """Return what is recorded of rows where all are requests with cells of the right kind, as nearly always; else None.

    A look at each column, and not at each row, tells that.
    """
    columns = list(zip(*rows, strict=True))
    some = [columns[at] for at in _MEASURED]
    are_usual = {*columns[_KIND]} == {"request"} and [{*map(type, column)} for column in some] == _TYPES
    if not are_usual:
        return None
    audited: list[Audited] = []
    if {*columns[_RULINGS]} != {NO_RULINGS} or not REFUSED_BY_API.keys().isdisjoint(columns[_STATUS]):
        odd = [row for row in rows if row[_RULINGS] != NO_RULINGS or row[_STATUS] in REFUSED_BY_API]
        try:
            audited = [one for row in odd for one in _audited(row)]
        except _BAD:
            return None
    return audited, cast("Iterable[Measured]", zip(*some, strict=True)), 0


def _one_by_one(rows: Sequence[Row]) -> _Recorded:
    audited: list[Audited] = []
    measured: list[Measured] = []
    unread = 0
    for row in rows:
        try:
            is_request = row[_KIND] == "request"
            if not is_request or row[_RULINGS] != NO_RULINGS or row[_STATUS] in REFUSED_BY_API:
                audited += _audited(row)
            if is_request:
                measured.append(_measured(row))
        except _BAD:
            unread += 1
    return audited, measured, unread


def _audited(row: Row) -> list[Audited]:
    event = event_of(row)
    kind = audit_kind(event)
    return [] if kind is None else [Audited(event, kind)]


def _measured(row: Row) -> Measured:
    return (
        float(row[_AT] or 0),
        str(row[_PRINCIPAL]),
        str(row[_OPERATION]),
        str(row[_OUTCOME]),
        int(row[_STATUS] or 0),
        float(row[_ELAPSED] or 0),
        int(row[_IN] or 0),
        int(row[_OUT] or 0),
    )
