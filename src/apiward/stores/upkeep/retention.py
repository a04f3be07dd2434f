"""Removes what is older than it is kept, a little at a time, so that nothing waits for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, delete, func, select, update

from apiward.core.lanes import AuditKind
from apiward.core.merkle import Tree
from apiward.stores.events.database import lock
from apiward.stores.events.schema import EVENTS
from apiward.stores.record.appending import Audited, RandomBytes, append, packed_hashes, tree_row, unpacked_hashes
from apiward.stores.record.entries import Entry
from apiward.stores.record.schema import AUDIT, AUDIT_TREE, ROLLUPS
from apiward.stores.record.telling import told
from apiward.stores.upkeep.expiring import remove_findings, remove_incidents

BATCH: Final = 2_000
"""Rows of one kind that are removed at once."""
EACH_S: Final = 60.0
"""Seconds between two looks, where the last one found little."""
MOST_LEAP_S: Final = 3_600.0
"""A clock that goes this far ahead of the time that really passed is not believed: it would remove everything."""
_DAY_S: Final = 86_400.0
_WINDOWS: Final = 50


@dataclass(frozen=True, slots=True)
class Keep:
    """For how long, in seconds."""

    events_s: float
    counts_s: float
    audit_s: float
    incidents_s: float
    findings_s: float


class Retention:
    """Removes what is too old. `timer` counts seconds that really pass: a clock that leaps is not followed.

    The audit record is only ever shortened at its beginning, once a day at most, and the removal is an entry of it.
    """

    def __init__(
        self, engine: Engine, keep: Keep, random_bytes: RandomBytes, timer: Callable[[], float], *, batch: int = BATCH
    ) -> None:
        self._engine = engine
        self._keep = keep
        self._random_bytes = random_bytes
        self._timer = timer
        self._batch = batch
        self._next_s = 0.0
        self._begun: tuple[float, float] | None = None
        self._is_leaping = False

    def run(self, now_s: float, *, is_last: bool = False) -> tuple[str, ...]:
        """Remove a little where it is time; return what the owner should know."""
        passed_s = self._timer()
        if is_last or passed_s < self._next_s:
            return ()
        self._next_s = passed_s + EACH_S
        said = self._leap(now_s, passed_s)
        if self._is_leaping:
            return said
        removed = self._remove_events(now_s - self._keep.events_s)
        removed |= self._remove_counts(now_s - self._keep.counts_s)
        removed |= self._remove_audit(now_s, now_s - self._keep.audit_s)
        with self._engine.begin() as connection:
            lock(connection)
            removed |= remove_incidents(connection, now_s - self._keep.incidents_s, now_s, self._batch)
            removed |= remove_findings(connection, now_s - self._keep.findings_s, self._batch)
        if removed:
            self._next_s = passed_s
        return said

    def _leap(self, now_s: float, passed_s: float) -> tuple[str, ...]:
        begun_s, begun_passed_s = self._begun = self._begun or (now_s, passed_s)
        was, self._is_leaping = self._is_leaping, (now_s - begun_s) - (passed_s - begun_passed_s) > MOST_LEAP_S
        if self._is_leaping and not was:
            return ("The clock of this machine has leapt ahead. Nothing is removed until the guard starts anew.",)
        return ()

    def _remove_events(self, cut_s: float) -> bool:
        """Remove the oldest; the newest stays always, as the numbers of the next ones go on from its number."""
        with self._engine.begin() as connection:
            lock(connection)
            newest = select(func.max(EVENTS.c.seq)).scalar_subquery()
            old = select(EVENTS.c.seq).where(EVENTS.c.at_s < cut_s, EVENTS.c.seq < newest)
            old = old.order_by(EVENTS.c.at_s).limit(self._batch)
            return connection.execute(delete(EVENTS).where(EVENTS.c.seq.in_(old))).rowcount == self._batch

    def _remove_counts(self, cut_s: float) -> bool:
        with self._engine.begin() as connection:
            lock(connection)
            old = select(ROLLUPS.c.window_s).distinct().where(ROLLUPS.c.window_s < cut_s)
            windows = [window for (window,) in connection.execute(old.order_by(ROLLUPS.c.window_s).limit(_WINDOWS))]
            if windows:
                connection.execute(delete(ROLLUPS).where(ROLLUPS.c.window_s <= windows[-1]))
            return len(windows) == _WINDOWS

    def _remove_audit(self, now_s: float, cut_s: float) -> bool:
        with self._engine.begin() as connection:
            lock(connection)
            oldest = select(AUDIT).order_by(AUDIT.c.seq)
            first = connection.execute(oldest.limit(1)).first()
            if first is None or first.kept_s >= cut_s - _DAY_S:
                return False
            rows = [Entry(*row) for row in connection.execute(oldest.limit(self._batch)).all()]
            old = [entry for entry in rows if entry.kept_s < cut_s]
            _cut(connection, old)
            before = old[-1].seq + 1
            said = f"{len(old)} entries of the audit record were removed, as they are older than it is kept."
            event = told(now_s, said, kind=AuditKind.RECORD)
            removal = Audited(event, AuditKind.RECORD, {"removed_before": before})
            append(connection, [removal], self._random_bytes, now_s)
            return len(old) == self._batch


def _cut(connection: Connection, old: list[Entry]) -> None:
    """Remove entries at the beginning; their part of the tree stays as a few hashes."""
    row = tree_row(connection)
    tree = Tree(row.first, unpacked_hashes(row.first_peaks))
    for entry in old:
        tree.append(entry.hash)
    connection.execute(delete(AUDIT).where(AUDIT.c.seq < tree.size))
    left = {"first": tree.size, "first_peaks": packed_hashes(tree.peaks), "first_last": old[-1].hash.hex()}
    connection.execute(update(AUDIT_TREE).values(**left))
