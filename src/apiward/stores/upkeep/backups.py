"""Backups: one SQLite file that holds the whole store, taken while a guard writes it."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from apiward.stores.events.database import bring_up_to_date, file_of, open_database, sqlite_url
from apiward.stores.events.schema import VERSIONS
from apiward.stores.upkeep.copying import Progress, copy_store

_PAGES: Final = 2_000
_ENDINGS: Final = ("", "-wal", "-shm")
Parts = Callable[[int, int], None]
"""Hears how many parts are done, and how many there are."""


class NotABackupError(Exception):
    """The file is no backup, or a damaged one. Its words say which."""


def back_up(engine: Engine, path: Path, progress: Progress = lambda *_: None) -> None:
    """Write the store into the new file `path`. It gets its name when it is whole and on the disk. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    _remove(part)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        source = file_of(engine)
        if source is None:
            _copy_rows(engine, part, progress)
        else:
            _copy_pages(source, part, lambda done, total: progress("pages", done, total))
        check_backup(part)
        _sync(part)
        part.replace(path)
        _sync(path.parent)
    finally:
        _remove(part)


def check_backup(path: Path) -> None:
    """Raise NotABackupError unless the file is whole, and a store of ours."""
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        try:
            (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            found = database.execute(f"SELECT version_num FROM {VERSIONS}").fetchone()  # noqa: S608 - ours
        except sqlite3.DatabaseError as error:
            raise NotABackupError(f"it is no store: {error}") from error
    if said != "ok":
        raise NotABackupError(f"it is damaged: {said[:200]}")
    if found is None:
        raise NotABackupError("it is an empty store without a version")


def put_back(backup: Path, engine: Engine, aside: str) -> Path | None:
    """Put a backup in the place of a SQLite store that nobody writes; return where the old one is kept.

    `aside` is added to the old one's name. Raises OSError; NotABackupError and NewerStoreError come before anything is
    changed.
    """
    path = file_of(engine)
    if path is None:
        raise ValueError("only the file of a SQLite store can be put back")
    check_backup(backup)
    fresh = path.with_name(f".{path.name}.restoring")
    _remove(fresh)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    try:
        _copy_pages(backup, fresh, lambda *_: None)
        with _opened(fresh) as made:
            bring_up_to_date(made)
    except BaseException:
        _remove(fresh)
        raise
    _sync(fresh)
    engine.dispose()
    kept = path.with_name(f"{path.name}.{aside}") if path.exists() else None
    if kept is not None:
        if os.geteuid() == 0:  # the guard may run as somebody else
            owner = path.stat()
            os.chown(fresh, owner.st_uid, owner.st_gid, follow_symlinks=False)
        for ending in _ENDINGS:
            with contextlib.suppress(FileNotFoundError):
                Path(f"{path}{ending}").rename(f"{kept}{ending}")
    fresh.replace(path)
    _sync(path.parent)
    return kept


def _copy_pages(source: Path, target: Path, progress: Parts) -> None:
    with (
        contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as given,
        contextlib.closing(sqlite3.connect(target)) as taken,
    ):
        given.backup(taken, pages=_PAGES, progress=lambda _, left, total: progress(total - left, total))
        taken.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it


def _copy_rows(engine: Engine, target: Path, progress: Progress) -> None:
    with _opened(target) as copy:
        copy_store(engine, copy, progress)
    with contextlib.closing(sqlite3.connect(target)) as taken:
        taken.execute("PRAGMA journal_mode = DELETE")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Engine]:
    engine = open_database(sqlite_url(path))
    try:
        yield engine
    finally:
        engine.dispose()


def _remove(path: Path) -> None:
    for ending in (*_ENDINGS, "-journal"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
