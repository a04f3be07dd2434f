import json
import sqlite3
from pathlib import Path

import pytest

from apiward.cli.exits import ExitCode
from apiward.config.guarding import GuardConfig, RecordConfig
from tests.app.recording.made import guard
from tests.cli.conftest import Run

DATABASE = ".apiward/events.sqlite"


def change(statement: str) -> None:
    with sqlite3.connect(DATABASE) as database:
        database.execute(statement)
    database.close()


def test_a_record_that_nobody_changed_holds(run: Run) -> None:
    guard(5)
    guard(4, first=5)
    result = run("audit-log", "verify")
    assert result.exit_code == ExitCode.HOLDS
    assert result.stdout == (
        "The audit record holds: 9 entries, and nobody changed them.\n"
        "Checkpoints that agree with it: 2. They cover the first 9 entries.\n"
    )


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE audit SET leaf = replace(leaf, '403', '200') WHERE seq = 3", "Entry 3: changed."),
        ("DELETE FROM audit WHERE seq BETWEEN 2 AND 3", "Entries 2 to 3: taken out."),
        ("UPDATE audit SET seq = 100 - seq WHERE seq = 8", "Entries 8 to 91: taken out."),
        ("DELETE FROM audit WHERE seq > 5", "Entries 6 to 8: cut off."),
    ],
)
def test_a_record_that_was_changed_says_where_and_what_to_do(run: Run, statement: str, word: str) -> None:
    guard(9)
    change(statement)
    result = run("audit-log", "verify")
    assert result.exit_code == ExitCode.BROKEN
    assert result.stdout.startswith(word)
    assert "What to do: " in result.stdout


def test_without_a_checkpoint_it_says_that_this_is_not_enough(run: Run) -> None:
    guard(3)
    Path(".apiward/audit.checkpoints").unlink()
    result = run("audit-log", "verify")
    assert result.exit_code == ExitCode.NOT_ENOUGH
    assert "audit.checkpoints cannot be read: No such file" in result.stderr
    assert "No checkpoint could be compared." in result.stderr


def test_a_record_that_was_written_anew_is_found_with_checkpoints_and_key_from_elsewhere(run: Run) -> None:
    config = GuardConfig(record=RecordConfig(checkpoints=("far/checkpoints",)))
    guard(5, config=config)
    key = run("audit-log", "key").stdout.strip()
    Path(".apiward").rename("stolen")
    guard(5, first=100, config=GuardConfig(record=RecordConfig(checkpoints=("near",))))
    options = ("--checkpoints", "far/checkpoints", "--key", key)
    result = run("audit-log", "verify", *options)
    assert result.exit_code == ExitCode.BROKEN
    assert result.stdout.startswith("Entries 0 to 4: written anew.")
    assert run("audit-log", "verify", *options, "--data", "stolen").exit_code == ExitCode.HOLDS


def test_the_check_as_a_document(run: Run) -> None:
    guard(3)
    Path("more").write_text("not a checkpoint\n")
    own = ("--checkpoints", ".apiward/audit.checkpoints", "--checkpoints", "more")
    document = json.loads(run("audit-log", "verify", "--format", "json", *own).stdout)
    assert (document["schema"], document["holds"], document["size"]) == ("apiward.audit-check/1", True, 3)
    assert document["checkpoints"] == {"read": 1, "held": 1, "too_old": 0}
    assert document["covered"] == 3
    (unused,) = document["unused"]
    assert unused.startswith("more, line 1, counts for nothing: it has no signature")
    change("DELETE FROM audit WHERE seq = 1")
    document = json.loads(run("audit-log", "verify", "--format", "json").stdout)
    assert document["flaws"] == [{"kind": "deleted", "first": 1, "last": 1, "why": "the numbers leave them out"}]


def test_what_cannot_be_checked_with_is_said(run: Run) -> None:
    assert "There is no store yet" in run("audit-log", "verify").stderr
    guard(1)
    assert "The key cannot be used." in run("audit-log", "verify", "--key", "x").stderr
    assert "nowhere cannot be read" in run("audit-log", "verify", "--checkpoints", "nowhere").stderr
    Path(".apiward/audit.key").write_bytes(b"short")
    assert "audit.key cannot be used." in run("audit-log", "verify").stderr
    Path(".apiward/audit.key").unlink()
    assert run("audit-log", "verify").exit_code == ExitCode.NOT_ENOUGH
    assert "No guard has signed the record yet." in run("audit-log", "verify").stderr
    result = run("audit-log", "key")
    assert result.exit_code == ExitCode.USAGE
    assert "There is no key to check with" in result.stderr


def test_entries_are_shown_the_newest_last(run: Run) -> None:
    guard(9)
    lines = run("audit-log", "show", "--last", "2").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["7", "8"]
    assert lines[1].split(maxsplit=3)[3] == "access  user:2  GET /products/{id}  403  permit.role"
    assert len(run("audit-log", "show", "--principal", "user:1").stdout.splitlines()) == 3
    assert "No entry fits." in run("audit-log", "show", "--kind", "block").stderr
    assert run("audit-log", "show", "--since", "2099-01-01").stdout == ""
    assert len(run("audit-log", "show", "--since", "1h", "--until", "2099-01-01").stdout.splitlines()) == 9
    assert run("audit-log", "show", "--until", "1d").stdout == ""
    assert run("audit-log", "show", "--since", "soon").exit_code == ExitCode.USAGE


def test_what_was_made_and_taken_back_at_this_machine_is_in_the_record(run: Run) -> None:
    id_ = run("keys", "new", "shop").stdout.split("_")[2]
    run("keys", "rotate", id_)
    run("keys", "revoke", id_)
    shown = run("audit-log", "show", "--kind", "administration").stdout.splitlines()
    assert [line.split(id_)[1] for line in shown] == [
        " for shop was made.",
        " for shop got a new secret.",
        " for shop was taken back.",
    ]
    assert all("owner:" in line for line in shown)


def test_entries_are_written_with_all_that_is_hashed(run: Run) -> None:
    guard(3)
    result = run("audit-log", "export", "-o", "out")
    assert (result.stdout, Path("out").stat().st_mode & 0o077) == ("", 0)
    lines = [json.loads(line) for line in Path("out").read_text().splitlines()]
    assert [line["seq"] for line in lines] == [0, 1, 2]
    assert json.loads(lines[1]["leaf"])["last"] == lines[0]["hash"]
    assert len(run("audit-log", "export", "--kind", "access").stdout.splitlines()) == 3
    assert run("audit-log", "export", "-o", "nowhere/out").exit_code == ExitCode.USAGE


def test_a_person_is_erased_and_the_record_holds(run: Run) -> None:
    guard(9)
    result = run("audit-log", "erase", "user:1", "--yes")
    assert "Erased from 3 entries of the audit record, 3 events, 1 counts." in result.stderr
    assert "user:1" not in run("audit-log", "export").stdout
    assert "(erased)" in run("audit-log", "show").stdout
    verified = run("audit-log", "verify")
    assert verified.exit_code == ExitCode.HOLDS
    assert "In 3 of them, who it was has been erased." in verified.stdout
    assert "Addresses" not in run("audit-log", "erase", "address:192.0.2.1", "--yes").stderr


def test_nobody_is_erased_by_mistake(run: Run) -> None:
    guard(3)
    assert run("audit-log", "erase", "user:1").exit_code == ExitCode.INTERRUPTED
    assert "'anna' is no caller." in run("audit-log", "erase", "anna", "--yes").stderr
    assert "user:1" in run("audit-log", "show").stdout


def test_a_damaged_entry_is_shown_as_far_as_it_goes(run: Run) -> None:
    guard(2)
    change("UPDATE audit SET leaf = 'x', personal = '[]' WHERE seq = 1")
    assert len(run("audit-log", "show").stdout.splitlines()) == 2


def proved(run: Run, *more: str) -> tuple[int, str]:
    key = run("audit-log", "key").stdout.strip()
    places = ("--checkpoints", ".apiward/audit.checkpoints", *more)
    result = run("audit-log", "verify", "--proof", "proof", "--key", key, *places)
    return result.exit_code, result.output


def test_who_has_two_checkpoints_and_a_proof_needs_no_store(run: Run) -> None:
    guard(5)
    guard(4, first=5)
    Path("proof").write_text(run("audit-log", "prove", "--from", "5").stdout)
    code, output = proved(run)
    assert (code, output) == (0, "The record of 9 entries goes on from that of 5: nothing before was changed.\n")
    Path(DATABASE).unlink()
    assert proved(run)[0] == ExitCode.HOLDS


def test_two_checkpoints_of_two_records_are_a_fork_whatever_the_proof(run: Run) -> None:
    guard(5)
    Path(".apiward/audit.checkpoints").rename("honest")
    Path(DATABASE).unlink()
    guard(9, first=100)
    Path("proof").write_text(run("audit-log", "prove", "--from", "5", "--to", "9").stdout)
    code, output = proved(run, "--checkpoints", "honest")
    assert (code, output.startswith("The record of 9 entries does not go on")) == (ExitCode.BROKEN, True)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"schema": "apiward.audit-proof/1", "from": 1, "to": 2, "proof": ["ab"]}']
)
def test_what_is_no_proof_is_said(run: Run, text: str) -> None:
    guard(2)
    Path("proof").write_text(text)
    assert "proof is no proof." in proved(run)[1]


def test_proofs_that_cannot_be_are_said(run: Run) -> None:
    guard(2)
    assert "These sizes make no proof." in run("audit-log", "prove", "--from", "3").stderr
    assert "proof cannot be read" in proved(run)[1]
    Path("proof").write_text(run("audit-log", "prove", "--from", "1").stdout)
    assert "There is no checkpoint of 1 entries." in proved(run)[1]
    change("UPDATE audit_tree SET first = 1")
    assert "cannot be made any more" in run("audit-log", "prove", "--from", "1").stderr
