import shutil
import sqlite3
from pathlib import Path

import pytest

from apiward.cli.exits import ExitCode
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.draining import Turn
from tests.app.recording.made import guard
from tests.cli.conftest import Run
from tests.stores.watching.made import contents, keep_one_of_each

DATABASE = Path(".apiward/events.sqlite")
NINE = "9 events, 3 counts, 9 entries of the audit record"


def test_a_backup_is_written_once_and_put_back(run: Run) -> None:
    guard(9)
    result = run("store", "backup", "b")
    assert (result.exit_code, f"b holds {NINE}." in result.stderr) == (ExitCode.HOLDS, True)
    assert "pages: " in result.stderr
    assert "b is there already." in run("store", "backup", "b").stderr
    guard(5, first=9)
    result = run("store", "restore", "b", "--yes")
    assert f"The store holds {NINE} again." in result.stderr
    kept = min(Path(".apiward").glob("events.sqlite.before-restore-*"), key=lambda path: len(path.name))
    assert str(kept) in result.stderr
    assert "A backup was restored: 9 events" in run("audit-log", "show").stdout
    verified = run("audit-log", "verify")
    assert verified.exit_code == ExitCode.BROKEN, "the checkpoint of the entries that are gone says so"


def test_findings_and_incidents_are_in_a_backup_and_come_back(run: Run) -> None:
    guard(1)
    engine = open_database(sqlite_url(DATABASE))
    keep_one_of_each(engine)
    wanted = contents(engine)
    engine.dispose()
    assert "1 findings, 1 incidents, 1 detections, 1 evidence" in run("store", "backup", "b").stderr
    shutil.rmtree(".apiward")
    assert run("store", "restore", "b", "--yes").exit_code == ExitCode.HOLDS
    engine = open_database(sqlite_url(DATABASE))
    assert contents(engine) == wanted
    engine.dispose()


def test_a_backup_is_put_back_where_nothing_is(run: Run) -> None:
    guard(9)
    run("store", "backup", "b")
    Path(".apiward").rename("lost")
    assert run("store", "restore", "b", "--yes").exit_code == ExitCode.HOLDS
    assert "9 events" not in run("store", "verify").stdout, "the restoring is an event of its own"


def test_a_store_that_is_damaged_is_named_and_put_right_by_a_backup(run: Run) -> None:
    guard(300)
    run("store", "backup", "b")
    with DATABASE.open("r+b") as file:
        file.seek(40_960)
        file.write(b"\xff" * 40_960)
    result = run("store", "verify")
    assert result.exit_code != ExitCode.HOLDS
    assert "apiward store restore FILE" in result.output
    assert run("store", "restore", "b", "--yes").exit_code == ExitCode.HOLDS
    assert run("store", "verify").exit_code == ExitCode.HOLDS


def test_what_cannot_be_put_back_is_said_and_changes_nothing(run: Run) -> None:
    guard(9)
    assert "nothing does not exist." in run("store", "restore", "nothing", "--yes").stderr
    Path("b").write_text("no")
    assert "b is no good backup." in run("store", "restore", "b", "--yes").stderr
    Path("b").unlink()
    run("store", "backup", "b")
    assert run("store", "restore", "b").exit_code == ExitCode.INTERRUPTED
    with sqlite3.connect("b") as database:
        database.execute("DELETE FROM audit WHERE seq = 3")
    database.close()
    assert "Its audit record was changed" in run("store", "restore", "b", "--yes").stderr
    assert NINE in run("store", "verify").stdout


@pytest.mark.parametrize("command", [("restore", "b", "--yes"), ("move", "--to", "sqlite:///other")])
def test_while_a_guard_runs_nothing_is_moved(run: Run, command: tuple[str, ...]) -> None:
    guard(1)
    run("store", "backup", "b")
    with Turn(Path(".apiward/spool")) as turn:
        assert turn.is_ours()
        result = run("store", *command)
    assert result.exit_code == ExitCode.USAGE
    assert "A guard is running" in result.stderr


def test_a_whole_store_says_how_much_is_in_it_and_what_waits(run: Run) -> None:
    guard(9)
    result = run("store", "verify")
    assert (result.exit_code, result.stdout.endswith(f"is whole. It holds {NINE}.\n")) == (ExitCode.HOLDS, True)
    with Turn(Path(".apiward/spool")) as turn:
        assert turn.is_ours()
        run("keys", "new", "shop")
        assert "More events may wait in the spool" in run("store", "verify").stdout
    assert "10 events" in run("store", "verify").stdout
    with sqlite3.connect(DATABASE) as database:
        database.execute("DELETE FROM audit WHERE seq = 3")
    database.close()
    result = run("store", "verify")
    assert (result.exit_code, "its audit record was changed" in result.stdout) == (ExitCode.BROKEN, True)


@pytest.mark.long
def test_a_store_is_moved_and_the_guard_goes_on_there(run: Run, empty_postgresql: str) -> None:
    guard(9)
    result = run("store", "move", "--to", empty_postgresql)
    assert result.exit_code == ExitCode.HOLDS, result.output
    assert f"Everything is there: {NINE}." in result.stderr
    assert "0 rows were written now" in run("store", "move", "--to", empty_postgresql).stderr
    Path("apiward.toml").write_text(f'[guard.events]\ndatabase = "{empty_postgresql}"\n')
    assert NINE in run("store", "verify").stdout
    assert run("audit-log", "verify").exit_code == ExitCode.HOLDS
    assert run("store", "backup", "b").exit_code == ExitCode.HOLDS
    assert "The database is not empty" not in run("store", "restore", "b", "--yes").stderr
    Path("apiward.toml").unlink()
    guard(1, first=50)
    assert "Everything is there: 11 events" in run("store", "move", "--to", empty_postgresql).stderr


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("nonsense", "no sqlite:/// and no postgresql"),
        ("oracle://x/y", "is not installed"),
        ("postgresql+psycopg://apiward@/x?host=/nowhere", "cannot be moved"),
    ],
)
def test_where_it_cannot_go_is_said(run: Run, url: str, word: str) -> None:
    guard(1)
    result = run("store", "move", "--to", url)
    assert result.exit_code == ExitCode.USAGE
    assert word in result.stderr


def test_a_target_with_something_else_is_refused(run: Run) -> None:
    guard(1)
    guard(1, first=7, folder="other")
    result = run("store", "move", "--to", f"sqlite:///{Path('other/events.sqlite').absolute()}")
    assert "The target is not empty." in result.stderr
