import json
from pathlib import Path

from apiward.access.ownership.written_book import as_json, take_in
from apiward.app.guarding.building import kept_secret
from apiward.app.guarding.kinds import BookKeeper
from apiward.cli.exits import ExitCode
from tests.access.ownership.test_learned import business
from tests.cli.conftest import Run


def learned(folder: Path) -> None:
    """Leave behind what a guard has learned in some days, long ago."""
    folder.mkdir()
    keeper = BookKeeper(folder, kept_secret(folder, "pepper"))
    take_in(keeper.book, as_json(business().rights.book))
    for kind in keeper.book.kinds.values():
        kind.first_day = 20_000
    keeper.write()


def test_nothing_is_known_at_first(run: Run) -> None:
    result = run("objects")
    assert result.exit_code == ExitCode.HOLDS
    assert "Nothing has been learned yet" in result.stderr


def test_kinds_are_listed_and_set(run: Run) -> None:
    learned(Path(".apiward"))
    result = run("objects")
    assert "/notes  private  shadow" in result.stdout
    assert "Nobody reached for what belongs to somebody else." in result.stdout
    assert "apiward objects enforce /notes" in result.stderr
    assert run("objects", "enforce", "notes", "--reason", "we are sure").exit_code == ExitCode.HOLDS
    (kind,) = json.loads(run("objects", "--format", "json").stdout)["kinds"]
    assert (kind["name"], kind["mode"], kind["is_ready"]) == ("/notes", "enforce", True)
    assert "we are sure" in Path("apiward.rules.toml").read_text()
    assert run("objects", "undo").exit_code == ExitCode.HOLDS
    assert run("objects", "observe", "/notes").exit_code == ExitCode.HOLDS
    assert run("objects", "shadow", "/notes").exit_code == ExitCode.HOLDS


def test_what_is_not_quiet_for_long_enough_is_not_enforced(run: Run) -> None:
    learned(Path(".apiward"))
    Path("apiward.toml").write_text("[guard.objects]\nclean_days = 365\n")
    keeper = BookKeeper(Path(".apiward"), kept_secret(Path(".apiward"), "pepper"))
    keeper.read()
    keeper.book.kinds["/notes"].first_day = 60_000
    keeper.book.kinds["/notes"].studied += 1
    keeper.write()
    result = run("objects", "enforce", "/notes")
    assert result.exit_code == ExitCode.USAGE
    assert "are wanted" in result.stderr
    assert run("objects", "enforce", "/notes", "--anyway").exit_code == ExitCode.HOLDS


def test_colleagues_are_written_down(run: Run) -> None:
    learned(Path(".apiward"))
    assert (
        run("objects", "share", "user:anna", "user:ben", "--kind", "notes", "--object", "7").exit_code == ExitCode.HOLDS
    )
    assert 'between = ["user:anna", "user:ben"]' in Path("apiward.rules.toml").read_text()
    assert run("objects", "undo").exit_code == ExitCode.HOLDS
    assert "[[share]]" not in Path("apiward.rules.toml").read_text()
