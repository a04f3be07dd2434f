"""Opens the database of events and brings its schema up to date."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry

from apiward.stores.events.schema import HEAD, VERSIONS

BUSY_MS: Final = 2_000
"""How long a SQLite transaction waits for another one's lock."""
_CACHE_KIB: Final = 8_192
"""So much of a SQLite file is held: a batch of events with its indexes, which else is written and read back midway."""
_ADVISORY_LOCK: Final = 0x61706977  # any number that no other program takes


def sqlite_url(path: Path) -> str:
    """Return the address of a SQLite file for `open_database`."""
    return URL.create("sqlite", database=str(path.absolute())).render_as_string()


def open_database(url: str, *, busy_ms: int = BUSY_MS) -> Engine:
    """Return an engine: "sqlite:////folder/file" or "postgresql+psycopg://user@host/name". It connects later."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_prepare_sqlite, busy_ms=busy_ms))
    return engine


def file_of(engine: Engine) -> Path | None:
    """Return the file of a SQLite database, else None."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name else None


def bring_up_to_date(engine: Engine) -> None:
    """Make or migrate the schema. Several may do so at once: one does, the others wait.

    Raises NewerStoreError.
    """
    path = file_of(engine)
    if path:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_private(path)
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with engine.connect() as connection:
        lock(connection)
        version = _version(connection)
        if version != HEAD:
            # Late: it takes a quarter of a second, and most starts have nothing to migrate.
            from apiward.stores.events.migrations.running import migrate  # noqa: PLC0415

            migrate(connection, version)
        connection.commit()


class KeptSchema:
    """Keeps the schema of a store up to date while a program runs: its file may be replaced by another one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file: tuple[int, int] | None = None
        self._is_ready = False

    def ensure(self) -> None:
        """Bring the schema up to date at first, and again when the file is another one or is gone."""
        path = file_of(self._engine)
        if self._is_ready and (path is None or _identity(path) == self._file):
            return
        self._engine.dispose()
        bring_up_to_date(self._engine)
        self._file = _identity(path) if path else None
        self._is_ready = True

    def forget(self) -> None:
        """Look anew the next time."""
        self._engine.dispose()
        self._is_ready = False


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _make_private(path: Path) -> None:
    """Make the file where there is none, for its owner alone.

    One that is there is not even opened: closing it would give up the locks that SQLite holds on it for this process
    (POSIX forgets them all at the first close), and another program would then throw away what was written last.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees the store as it is now, whatever is written meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
        connection.rollback()


def _version(connection: Connection) -> str:
    try:
        with connection.begin_nested() if connection.in_transaction() else connection.begin():
            return str(connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar() or "")  # noqa: S608 - ours
    except (OperationalError, ProgrammingError):  # no such table yet
        return ""


def lock(connection: Connection) -> None:
    """Let nobody else write the store until this transaction ends. It must be the first thing in it."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry, *, busy_ms: int) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {busy_ms}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # One sync for each batch, in a thread: what has been stored outlives a power cut too.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    cursor.close()
