import json
import re
from pathlib import Path

import pytest

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run


def test_a_finding_is_tried_again(run: Run, weak: str) -> None:
    run("scan", weak, "--only", "OBJ01", "--quiet")
    first = run("scan", weak, "--only", "OBJ01", "--quiet", "--format", "json")
    finding = json.loads(first.stdout)["findings"][0]
    assert finding["operation"] == "GET /api/v2/notes/{note_id}"
    result = run("replay", finding["id"], "--quiet")
    assert (result.exit_code, result.stderr) == (ExitCode.BROKEN, "")
    assert "still broken" in result.stdout
    assert "apiward replay" in run("explain", finding["id"][:8]).stdout


def test_a_finding_that_is_gone_holds(run: Run, weak: str, sound: str, tmp_path: Path) -> None:
    run("scan", weak, "--only", "OBJ01", "--quiet")
    last = tmp_path / "state" / "apiward" / "last.json"
    last.write_text(last.read_text().replace(weak, sound))
    id_ = re.search(r'"id": "(\w+)"', last.read_text())
    assert id_ is not None
    result = run("replay", id_[1], "--quiet")
    assert (result.exit_code, result.stderr) == (ExitCode.HOLDS, "")
    assert "holds now" in result.stdout


def test_an_unreachable_api_gives_no_answer(run: Run, weak: str, tmp_path: Path) -> None:
    run("scan", weak, "--only", "OBJ01", "--quiet")
    last = tmp_path / "state" / "apiward" / "last.json"
    last.write_text(last.read_text().replace(weak, "http://127.0.0.1:1"))
    id_ = re.search(r'"id": "(\w+)"', last.read_text())
    assert id_ is not None
    assert run("replay", id_[1]).exit_code == ExitCode.NOT_ENOUGH


@pytest.mark.long
def test_accounts_of_the_scan_are_used_again_or_asked_for(run: Run, weak: str) -> None:
    staff = "username=nobody@example.com,password-env=STAFF"
    known = run("scan", weak, "--only", "OBJ01", "--quiet", "--format", "json", "--account", staff, STAFF="x")
    command = json.loads(known.stdout)["next_command"]
    id_ = command.split()[2]
    assert command == f"apiward replay {id_}"
    assert "environment variable" in run("replay", id_, "--quiet", STAFF=None).stderr
    assert run("replay", id_, "--quiet", STAFF="x").exit_code == ExitCode.BROKEN
    typed = staff.replace("-env=STAFF", "=hunter2")
    run("scan", weak, "--only", "OBJ01", "--quiet", "--account", typed, "--header", "X-Key: hunter2")
    alone = run("replay", id_, "--quiet")
    assert alone.exit_code == ExitCode.USAGE
    assert "--account 'username=nobody@example.com,password=…' --header 'X-Key: …'" in alone.stderr
    told = run("replay", id_, "--quiet", "--account", typed, "--header", "X-Key: hunter2")
    assert told.exit_code == ExitCode.BROKEN
    assert "hunter2" not in alone.output + told.output


def test_an_unknown_finding_is_told(run: Run) -> None:
    result = run("replay", "0123456789")
    assert result.exit_code == ExitCode.USAGE
    assert "No scan with a finding is kept here" in result.stderr
