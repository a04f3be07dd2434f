import json
from pathlib import Path

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run
from tests.cli.incident_store import kept


def test_what_is_open_is_listed_and_shown(run: Run) -> None:
    (one,) = kept("address:192.0.2.7")
    listed = run("incidents")
    assert listed.stdout == (
        f"High, open: Many log-ins with wrong passwords (the address 192.0.2.7, 57 requests, {one.id})\n"
    )
    assert f"apiward incidents show {one.id}" in listed.stderr
    shown = run("incidents", "show", one.id[:5]).stdout.splitlines()
    assert shown[0].startswith(f"{one.id}  High, open: ")
    assert shown[1].startswith("  What to do: ")
    assert any("Somebody looked at it. (owner:" in line for line in shown)
    document = json.loads(run("incidents", "show", one.id, "--json").stdout)
    entry = document["incidents"][0]
    assert (document["schema"], entry["state"], entry["count"]) == ("apiward.incidents/1", "open", 57)
    assert [moment["kind"] for moment in entry["timeline"]] == ["seen", "step"]


def test_holding_off_says_whether_the_guard_does_it(run: Run) -> None:
    (one,) = kept("user:42")
    held = run("incidents", "contain", one.id, "--for", "2h", "--reason", "stolen passwords")
    assert held.exit_code == ExitCode.NOT_ENOUGH
    assert "This is not so yet: The account 42 is held off until" in held.stderr
    assert "No guard runs here now." in held.stderr
    assert f"apiward incidents undo {one.id}" in held.stderr
    assert f"for {one.id}" in run("block", "list").stdout
    undone = run("incidents", "undo", one.id)
    assert "This is not so yet: The account 42 is let in again." in undone.stderr
    assert "Nobody is shut out." in run("block", "list").stderr


def test_notes_and_ends(run: Run) -> None:
    (one,) = kept("user:42")
    assert run("incidents", "note", one.id, "Called them.").exit_code == ExitCode.HOLDS
    assert run("incidents", "note", one.id, " ").exit_code == ExitCode.USAGE
    assert "is closed" in run("incidents", "close", one.id, "--reason", "It was a test.").stderr
    assert "Nothing is open." in run("incidents").stderr
    assert one.id in run("incidents", "--all").stdout
    assert "Note: Called them." in run("incidents", "show", one.id).stdout
    assert len(json.loads(run("incidents", "--all", "--json").stdout)["incidents"]) == 1
    assert json.loads(run("incidents", "--json").stdout)["incidents"] == []


def test_who_closes_is_told_what_is_still_held_off(run: Run) -> None:
    (one,) = kept("user:42")
    run("incidents", "contain", one.id, "--for", "2h")
    closed = run("incidents", "close", one.id).stderr
    assert "Still held off for it, until " in closed
    assert f"the account 42.\nTo let in again: apiward incidents undo {one.id}" in closed
    (other,) = kept("user:43")
    assert "held off" not in run("incidents", "close", other.id).stderr


def test_a_crowd_needs_a_word_more(run: Run) -> None:
    (one,) = kept("everybody:")
    said = run("incidents", "contain", one.id)
    assert (said.exit_code, "--operations" in said.stderr) == (ExitCode.USAGE, True)
    assert run("incidents", "contain", one.id, "--operations").exit_code == ExitCode.NOT_ENOUGH


def test_without_a_store_that_is_told(run: Run) -> None:
    assert "There is no store yet" in run("incidents").stderr
    kept("user:42", folder="other")
    assert "There is no store yet" in run("incidents").stderr
    assert run("incidents", "--data", "other").exit_code == ExitCode.HOLDS
    assert "There is no incident" in run("incidents", "show", "zz", "--data", "other").stderr
    Path("apiward.toml").write_text('[guard]\ndata = "other"\n')
    assert "Look at the first one" in run("incidents").stderr
