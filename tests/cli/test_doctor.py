import json
from pathlib import Path

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run


def test_an_empty_folder_gets_its_next_command(run: Run) -> None:
    result = run("doctor")
    lines = result.stdout.splitlines()
    assert result.exit_code == ExitCode.NOT_ENOUGH
    assert lines[0].split() == [
        "later",
        "Settings",
        *"There is no apiward.toml here. Everything has its default.".split(),
    ]
    assert lines[-1] == f"Next: apiward scan http://localhost:8000 --store {Path('.apiward')}".replace(
        "--store ", f"--store {Path.cwd()}/"
    )
    assert list(Path().iterdir()) == []


def test_as_json_with_what_is_broken_first(run: Run) -> None:
    Path("apiward.toml").write_text("[guard]\nmod = 3\n")
    result = run("doctor", "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["worst"]) == (ExitCode.BROKEN, "broken")
    assert document["next_command"] == "apiward config check apiward.toml"
    assert {one["part"] for one in document["sights"]} >= {"settings", "store", "guard", "scan", "channels"}


def test_settings_that_are_not_there_are_told(run: Run) -> None:
    assert "nowhere.toml is not there." in run("doctor", "--config", "nowhere.toml").stderr
