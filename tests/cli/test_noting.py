from pathlib import Path

from apiward.cli.exits import ExitCode
from apiward.core.kept_finding import FindingTurn, KeptFinding
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.watching.scans import ScanStore
from tests.app.recording.made import guard
from tests.cli.conftest import Run

QUICK = ("--level", "read", "--only", "CFG01")
HERE = Path(".apiward/events.sqlite")


def kept(path: Path = HERE) -> list[KeptFinding]:
    engine = open_database(sqlite_url(path))
    found = ScanStore(engine).findings()
    engine.dispose()
    return found


def test_a_scan_beside_a_guard_keeps_its_findings_with_their_history(run: Run, weak: str) -> None:
    guard(1)
    assert f"Kept in {HERE}: 1 new." in run("scan", weak, *QUICK).stderr.replace(f"{Path.cwd()}/", "")
    assert "1 still there" in run("scan", weak, *QUICK).stderr
    (finding,) = kept()
    assert (finding.target, finding.check) == (weak, "CFG01")
    assert [moment.kind for moment in finding.history] == [FindingTurn.NEW, FindingTurn.STILL_THERE]


def test_a_scan_where_no_guard_is_leaves_nothing_behind(run: Run, weak: str) -> None:
    assert "Kept" not in run("scan", weak, *QUICK).stderr
    assert not Path(".apiward").exists()


def test_a_store_is_made_where_it_is_named(run: Run, sound: str) -> None:
    assert "nothing is new" in run("scan", sound, *QUICK, "--store", "elsewhere").stderr
    assert kept(Path("elsewhere/events.sqlite")) == []
    path = Path("by-address.sqlite").absolute()
    assert run("scan", sound, *QUICK, "--quiet", "--store", f"sqlite:///{path}").stderr == ""
    assert path.exists()


def test_a_store_that_fails_spoils_a_scan_only_where_it_was_named(run: Run, sound: str) -> None:
    guard(1)
    HERE.write_bytes(b"no database" * 100)
    for name in ("events.sqlite-wal", "events.sqlite-shm"):
        HERE.with_name(name).unlink(missing_ok=True)
    result = run("scan", sound, *QUICK)
    assert result.exit_code == ExitCode.HOLDS
    assert "The findings are not kept with their history." in result.stderr
    assert run("scan", sound, *QUICK, "--store", ".apiward").exit_code == ExitCode.USAGE
