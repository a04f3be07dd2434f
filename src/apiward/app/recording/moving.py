"""Backs a store up, puts a backup back, and moves a store to another database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from apiward.app.guarding.telling import tell
from apiward.app.guarding.upkeep import DAY_S, SPOOL
from apiward.app.recording.opening import Store, StoreError, told
from apiward.core.lanes import AuditKind
from apiward.stores.events.database import file_of, open_database, snapshot, sqlite_url
from apiward.stores.events.draining import Turn
from apiward.stores.events.spool import spooled_bytes
from apiward.stores.record.verifying import Verified, verify
from apiward.stores.upkeep.backups import NotABackupError, back_up, check_backup, put_back
from apiward.stores.upkeep.copying import Copied, OtherStoreError, Progress, copy_store, row_counts


@dataclass(frozen=True, slots=True)
class Health:
    """How a store stands: rows by table, bytes that wait in the spool, and what the audit record says of itself."""

    rows: dict[str, int]
    waiting_bytes: int
    verified: Verified
    problem: str = ""


def save(store: Store, path: Path, progress: Progress) -> Health:
    """Write a backup, and return how it stands. Raises AdvisedError."""
    if path.exists():
        raise StoreError(f"{path} is there already.", "A backup is never overwritten.", "Name a new file.")
    with told("be backed up"), _told_of_backup(path):
        back_up(store.engine, path, progress)
    return _health_of_file(path)


def restore(store: Store, path: Path) -> tuple[Health, Path | None]:
    """Put a backup in the place of the store; return how it stands, and where the old one is. Raises AdvisedError."""
    with told("be restored"), _told_of_backup(path):
        check_backup(path)
    found = _health_of_file(path)
    if found.verified.flaws:
        why = "Its audit record was changed: see apiward audit-log verify on a copy of it."
        raise StoreError(f"{path} is not put back.", why, "Take another backup.")
    kept: Path | None = None
    with _alone(store, "restored"), told("be restored"), _told_of_backup(path):
        if file_of(store.engine) is not None:
            kept = put_back(path, store.engine, f"before-restore-{time.time():.0f}")
        else:
            _copy_in(path, store.engine)
    rows = found.rows
    said = f"A backup was restored: {rows['events']} events, {found.verified.size} entries of the audit record."
    tell(store.folder, said, kind=AuditKind.RECORD, now_s=time.time())
    return found, kept


def health(store: Store) -> Health:
    """Return how the store stands; reads the whole audit record. Raises AdvisedError."""
    problem = ""
    path = file_of(store.engine)
    with told("be read"):
        if path is not None:
            try:
                check_backup(path)
            except NotABackupError as error:
                problem = str(error)
        spool = store.folder / SPOOL
        return _health(store.engine, spooled_bytes(spool) if spool.exists() else 0, problem)


def move(store: Store, url: str, progress: Progress) -> tuple[list[Copied], Health]:
    """Copy the store to another database and compare both; raises AdvisedError where they differ in the end."""
    with told("be moved"):
        target = open_database(url)
    try:
        with _alone(store, "moved"), told("be moved"):
            try:
                copied = copy_store(store.engine, target, progress)
            except OtherStoreError as error:
                why = f"{str(error).capitalize()}."
                raise StoreError("The target is not empty.", why, "Name an empty database.") from error
            before, after = _health(store.engine, 0, ""), _health(target, 0, "")
    finally:
        target.dispose()
    if (before.rows, before.verified) != (after.rows, after.verified):
        raise StoreError("The copy is not the same as the store.", f"{before.rows} became {after.rows}.", "Move again.")
    return copied, after


@contextmanager
def _alone(store: Store, what: str) -> Iterator[None]:
    """Hold the turn to store events, so that no guard changes the store meanwhile."""
    with Turn(store.folder / SPOOL) as turn:
        if not turn.is_ours():
            raise StoreError(
                f"The store cannot be {what} now.",
                "A guard is running and writes it.",
                "Stop the guard, then try again.",
            )
        yield


@contextmanager
def _told_of_backup(path: Path) -> Iterator[None]:
    try:
        yield
    except NotABackupError as error:
        raise StoreError(f"{path} is no good backup.", f"{str(error).capitalize()}.", "Take another one.") from error
    except OtherStoreError as error:
        why = f"{str(error).capitalize()}."
        raise StoreError("The database is not empty.", why, "Restore into an empty database.") from error


def _copy_in(path: Path, target: Engine) -> None:
    source = open_database(sqlite_url(path))
    try:
        copy_store(source, target)
    finally:
        source.dispose()


def _health_of_file(path: Path) -> Health:
    engine = open_database(sqlite_url(path))
    try:
        with told("be read"):
            return _health(engine, 0, "")
    finally:
        engine.dispose()


def _health(engine: Engine, waiting: int, problem: str) -> Health:
    with snapshot(engine) as connection:
        *_, found = verify(connection, (), now_s=time.time(), keep_s=DAY_S)
        assert isinstance(found, Verified)  # noqa: S101 - verify ends with what it found
        return Health(row_counts(connection), waiting, found, problem)


__all__ = ["Copied", "Health", "Progress", "health", "move", "restore", "save"]
