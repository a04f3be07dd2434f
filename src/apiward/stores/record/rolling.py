"""Counts requests by caller, operation and five minutes: small enough to be kept when the events are gone."""

from collections.abc import Iterable
from typing import Final, TypeAlias

from sqlalchemy import Connection

WINDOW_S: Final = 300
_COUNTS: Final = ("requests", "refused", "failed", "denied", "missing", "errors")
_SUMS: Final = (*_COUNTS, "elapsed_s", "request_size", "answer_size")
_KEY: Final = ("window_s", "principal", "operation")

Measured: TypeAlias = tuple[float, str, str, str, int, float, int, int]
"""Of one request: when, who, what, outcome, status, seconds, bytes in, bytes out."""


def add_up(connection: Connection, requests: Iterable[Measured]) -> None:
    """Add requests to the counts, inside the transaction that stores their events."""
    counted: dict[tuple[int, str, str], list[float]] = {}
    for at_s, principal, operation, outcome, status, elapsed_s, request_size, answer_size in requests:
        key = (int(at_s) // WINDOW_S * WINDOW_S, principal, operation)
        sums = counted.get(key)
        if sums is None:
            counted[key] = sums = [1, 0, 0, 0, 0, 0, elapsed_s, request_size, answer_size]
        else:
            sums[0] += 1
            if elapsed_s:
                sums[6] += elapsed_s
            if request_size:
                sums[7] += request_size
            sums[8] += answer_size
        if outcome != "passed":
            sums[1] += outcome == "refused"
            sums[2] += outcome == "failed"
        if status >= 400:
            sums[3] += status in {401, 403}
            sums[4] += status == 404
            sums[5] += status >= 500
    if counted:
        mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        connection.exec_driver_sql(_statement(mark), [(*key, *sums) for key, sums in counted.items()])


def _statement(mark: str) -> str:
    columns = (*_KEY, *_SUMS)
    added = ",".join(f"{name} = rollups.{name} + excluded.{name}" for name in _SUMS)
    values = ",".join([mark] * len(columns))
    return (
        f"INSERT INTO rollups ({','.join(columns)}) VALUES ({values}) "  # noqa: S608 - ours
        f"ON CONFLICT ({','.join(_KEY)}) DO UPDATE SET {added}"
    )
