"""From stored rows into the record: which belong into the audit lane, and the counts of all requests."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Any, Final

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


_MEASURED: Final[Any] = itemgetter(_AT, _PRINCIPAL, _OPERATION, _OUTCOME, _STATUS, _ELAPSED, _IN, _OUT)
"""Makes `Measured` of a row whose cells are what they should be."""
_KINDS: Final = (float, str, str, str, int, float, int, int)


def record(connection: Connection, rows: Iterable[Row], random_bytes: RandomBytes, now_s: float) -> int:
    """Record rows that were stored just now, in their order; return how many could not be read."""
    audited: list[Audited] = []
    measured: list[Measured] = []
    unread = 0
    for row in rows:
        try:
            is_request = row[_KIND] == "request"
            if not is_request or row[_RULINGS] != NO_RULINGS or row[_STATUS] in REFUSED_BY_API:
                audited += _audited(row)
            if is_request:
                found = _MEASURED(row)
                measured.append(found if tuple(map(type, found)) == _KINDS else _measured(row))
        except _BAD:
            unread += 1
    append(connection, audited, random_bytes, now_s)
    add_up(connection, measured)
    return unread


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
