import json
import stat
from pathlib import Path

from apiward.cli.exits import ExitCode
from apiward.stores.watching.scans import ScanStore
from tests.app.standing.made import finding, scan, store_in
from tests.cli.conftest import Run
from tests.prove.sample import TARGET


def kept(*checks: str, target: str = TARGET) -> None:
    with store_in(Path(), scan(*(finding(one) for one in checks), target=target)):
        pass


def test_how_things_stand_is_shown_or_written(run: Run) -> None:
    kept("OBJ01")
    shown = run("report")
    assert shown.stdout.splitlines()[1].startswith("Grade D.")
    assert shown.exit_code == ExitCode.HOLDS
    assert json.loads(run("report", "--json", "--kind", "full").stdout)["grade"]["letter"] == "D"
    written = run("report", "-o", "page.html", "--kind", "proof")
    assert "The report (proof) is in page.html" in written.stderr
    assert Path("page.html").read_text().startswith("<!doctype html>")
    assert stat.S_IMODE(Path("page.html").stat().st_mode) == 0o600


def test_another_store_and_another_api_may_be_named(run: Run) -> None:
    kept(target="http://a.test")
    kept("OBJ01", target="http://b.test")
    Path(".apiward").rename("elsewhere")
    assert "Grade D." in run("report", "--store", "elsewhere").stdout
    assert "Grade B." in run("report", "--store", "elsewhere", "--target", "http://a.test").stdout
    assert "No scan of 'http://c.test'" in run("report", "--store", "elsewhere", "--target", "http://c.test").stderr


def test_too_little_for_a_grade_is_a_code_of_its_own(run: Run) -> None:
    with store_in(Path()) as (store, _):
        ScanStore(store.engine).note(scan(), is_narrow=True)
    result = run("report")
    assert (result.exit_code, "No grade yet." in result.stdout) == (ExitCode.NOT_ENOUGH, True)


def test_what_cannot_be_written_is_told(run: Run) -> None:
    assert "There is no store yet" in run("report").stderr
    kept()
    for arguments, word in (
        (("-o", "page.doc"), "End it with .html, .pdf, .json, .txt."),
        (("-o", "page.html", "--json"), "--json does not fit page.html."),
        (("-o", "nowhere/page.html"), "cannot be written"),
    ):
        result = run("report", *arguments)
        assert (result.exit_code, word in result.stderr) == (ExitCode.USAGE, True)
