import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine

from apiward.stores.events.database import file_of, open_database, sqlite_url
from apiward.stores.events.keeping import NewerStoreError
from apiward.stores.events.rows import row_of
from apiward.stores.upkeep.backups import NotABackupError, back_up, check_backup, put_back
from tests.stores.events.made import event, make_newer, sql, stored
from tests.stores.record.made import fill, looked


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_holds_everything_in_one_file_while_the_store_is_open(engine: Engine, tmp_path: Path) -> None:
    wall = fill(engine, 12)
    folder = tmp_path / "kept"
    folder.mkdir()
    heard: list[tuple[int, int]] = []
    back_up(engine, folder / "b", lambda _, done, total: heard.append((done, total)))
    assert names(folder) == ["b"]
    assert (folder / "b").stat().st_mode & 0o077 == 0
    assert heard[-1][0] == heard[-1][1]
    assert len(stored(folder / "b")) == 12
    copy = open_database(sqlite_url(folder / "b"))
    assert looked(copy, wall) == looked(engine, wall)
    copy.dispose()


def test_what_is_written_while_the_backup_is_taken_harms_nothing(tmp_path: Path) -> None:
    keeper = sql(tmp_path / "events.sqlite")
    keeper.add([list(row_of(event(at, said="x" * 300))) for at in range(2_000)])
    written: list[int] = []

    def write(*_: object) -> None:
        written.append(len(written))
        if len(written) < 3:
            keeper.add([list(row_of(event(10_000 + len(written))))])

    back_up(keeper._engine, tmp_path / "b", write)
    check_backup(tmp_path / "b")
    assert len(stored(tmp_path / "b")) >= 2_000


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    keeper = sql(tmp_path / "events.sqlite")
    keeper.add([list(row_of(event(1)))])
    with pytest.raises(OSError, match="No such file"):
        back_up(keeper._engine, tmp_path / "nowhere" / "b")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        back_up(keeper._engine, tmp_path / "b", fail)
    assert not [name for name in names(tmp_path) if "b" in name.split(".")]


def test_what_is_no_backup_is_said(tmp_path: Path) -> None:
    path = tmp_path / "b"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(NotABackupError, match="no store"):
        check_backup(path)
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE x (y)")
    other.close()
    with pytest.raises(NotABackupError, match="no store: no such table"):
        check_backup(path)
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE events_version (version_num)")
    other.close()
    with pytest.raises(NotABackupError, match="without a version"):
        check_backup(path)


def test_a_damaged_backup_is_said(tmp_path: Path) -> None:
    keeper = sql(tmp_path / "events.sqlite")
    keeper.add([list(row_of(event(at, said="x" * 300))) for at in range(500)])
    back_up(keeper._engine, tmp_path / "b")
    with (tmp_path / "b").open("r+b") as file:
        file.seek(40_960)
        file.write(b"\xff" * 40_960)
    with pytest.raises(NotABackupError, match=r"damaged|no store"):
        check_backup(tmp_path / "b")


def test_a_backup_is_put_back_and_the_old_store_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    keeper = sql(path)
    keeper.add([list(row_of(event(1)))])
    back_up(keeper._engine, tmp_path / "b")
    keeper.add([list(row_of(event(2)))])
    kept = put_back(tmp_path / "b", keeper._engine, "before")
    assert kept == tmp_path / "events.sqlite.before"
    assert [len(stored(place)) for place in (path, kept, tmp_path / "b")] == [1, 2, 1]
    keeper.add([list(row_of(event(3)))])
    assert len(stored(path)) == 2


def test_a_backup_is_put_where_nothing_was(tmp_path: Path) -> None:
    keeper = sql(tmp_path / "a.sqlite")
    keeper.add([list(row_of(event(1)))])
    back_up(keeper._engine, tmp_path / "b")
    engine = open_database(sqlite_url(tmp_path / "new" / "events.sqlite"))
    assert put_back(tmp_path / "b", engine, "before") is None
    assert len(stored(tmp_path / "new" / "events.sqlite")) == 1
    engine.dispose()


def test_a_bad_backup_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    keeper = sql(path)
    keeper.add([list(row_of(event(1)))])
    (tmp_path / "b").write_bytes(b"no")
    with pytest.raises(NotABackupError):
        put_back(tmp_path / "b", keeper._engine, "before")
    assert len(stored(path)) == 1
    assert file_of(keeper._engine) == path


def test_a_backup_of_a_newer_version_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    keeper = sql(path)
    keeper.add([list(row_of(event(1)))])
    back_up(keeper._engine, tmp_path / "b")
    make_newer(open_database(sqlite_url(tmp_path / "b")))
    with pytest.raises(NewerStoreError):
        put_back(tmp_path / "b", keeper._engine, "before")
    keeper.add([list(row_of(event(2)))])
    assert len(stored(path)) == 2
    assert not [name for name in names(tmp_path) if "before" in name or "restoring" in name]


def test_a_server_has_no_file_to_put_back(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SQLite"):
        put_back(tmp_path / "b", open_database("postgresql+psycopg://a@/b"), "x")
