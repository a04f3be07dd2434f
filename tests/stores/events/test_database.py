import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from apiward.stores.events.database import bring_up_to_date, file_of, open_database, sqlite_url
from apiward.stores.events.schema import HEAD, METADATA, VERSIONS
from tests.stores.events.made import rows, sql


def test_the_schema_is_made_once(bare_engine: Engine) -> None:
    bring_up_to_date(bare_engine)
    bring_up_to_date(bare_engine)
    assert sorted(inspect(bare_engine).get_table_names()) == sorted([*METADATA.tables, VERSIONS])
    with bare_engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM events_version")).scalar() == HEAD


def test_many_may_make_the_schema_at_once(bare_engine: Engine) -> None:
    failures: list[DBAPIError] = []

    def make() -> None:
        try:
            bring_up_to_date(bare_engine)
        except DBAPIError as error:
            failures.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert inspect(bare_engine).has_table("events")


def test_a_sqlite_file_belongs_to_its_owner_and_is_written_ahead(tmp_path: Path) -> None:
    path = tmp_path / "new" / "events%20.sqlite"
    engine = open_database(sqlite_url(path))
    bring_up_to_date(engine)
    assert file_of(engine) == path
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    engine.dispose()


def test_a_server_has_no_file() -> None:
    assert file_of(open_database("postgresql+psycopg://a@/b")) is None


def test_to_open_it_once_more_here_does_not_let_another_program_take_its_log_away(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    sql(path).add(rows(1))
    keeper = sql(path)
    keeper.add(rows(2))
    bring_up_to_date(open_database(sqlite_url(path)))  # a reader in the process that writes
    script = f"import sqlite3; sqlite3.connect({str(path)!r}).execute('SELECT count(*) FROM events').fetchall()"
    subprocess.run([sys.executable, "-c", script], check=True)
    keeper.add(rows(3))
    count = (
        f"import sqlite3; print(sqlite3.connect({str(path)!r}).execute('SELECT count(*) FROM events').fetchone()[0])"
    )
    done = subprocess.run([sys.executable, "-c", count], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "3"


def test_several_stores_are_made_at_once_in_one_process(tmp_path: Path) -> None:
    engines = [open_database(sqlite_url(tmp_path / f"{number}.sqlite")) for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(bring_up_to_date, engines))
    for engine in engines:
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT version_num FROM events_version")) == HEAD
        engine.dispose()
