"""`apiward patch`, from a scan to rules that are proved, listed, ended and taken out."""

import json
import re
import time
from pathlib import Path

import pytest

from apiward.app.guarding.rules_in_use import tell_end, tell_rules
from apiward.app.patching.forms import objects
from apiward.cli.exits import ExitCode
from apiward.cli.guard_process import Guarded
from apiward.config.errors import AdvisedError
from apiward.config.names import RULES_NAME
from apiward.config.rules_file import load_rules_file, rules_digest
from apiward.core.decision import Mode
from tests.cli.conftest import Run

KEY = "GET /api/v2/notes/{note_id}"


@pytest.fixture
def scanned(run: Run, weak: str) -> str:
    """A scan of the weak demo is kept; returns the id of its finding about notes."""
    result = run("scan", weak, "-q", "--only", "OBJ01,CFG01", "--format", "json", "--fail-on", "never")
    found = json.loads(result.stdout)["findings"]
    return next(str(one["id"]) for one in found if one["operation"] == KEY)


def test_what_was_found_is_held_and_shown_to_be(run: Run, scanned: str) -> None:
    result = run("patch", "--all", "-q", "--owner", "Jo", "--days", "30")
    assert result.exit_code == ExitCode.HOLDS, result.stdout
    assert f"{scanned} OBJ01 {KEY}: held" in result.stdout
    assert "before: broken   after: held   by: note" in result.stdout
    assert "2 of 2 held" in result.stdout
    rules = load_rules_file(Path())
    assert [rule.id for rule in rules.object] == ["note"]
    assert {patch.owner for patch in rules.patch} == {"Jo"}
    listed = run("patch", "list")
    assert "note  " in listed.stdout
    assert "One account reads what belongs to another. Jo answers for it." in listed.stdout
    entries = json.loads(run("patch", "list", "--format", "json").stdout)["rules"]
    assert {entry["table"] for entry in entries} == {"patch", "object"}


def test_a_rule_ends_and_is_taken_out(run: Run, scanned: str) -> None:
    assert run("patch", scanned, "-q").exit_code == ExitCode.HOLDS
    assert "What it held is open again" in run("patch", "expire", "note").stderr
    assert "ended" in run("patch", "list").stdout
    assert "is taken out" in run("patch", "remove", "note").stderr
    assert run("patch", "list").stdout == ""
    missing = run("patch", "remove", "note")
    assert missing.exit_code == ExitCode.USAGE
    assert "There is no rule 'note'." in missing.stderr


@pytest.mark.long
def test_rules_that_the_api_still_needs_are_not_offered(run: Run, scanned: str) -> None:
    run("patch", scanned, "-q")
    assert "still needed" in run("patch", "list", "--check", "-q").stderr


@pytest.mark.long
def test_rules_are_offered_for_removal_once_the_api_holds(run: Run, scanned: str, weak: str, sound: str) -> None:
    run("patch", scanned, "-q")
    for kept in (Path.cwd().parent / "state" / "apiward").rglob("*.json"):
        kept.write_text(kept.read_text().replace(weak, sound))  # the same API, mended
    offer = "1 rule is not needed any more, as the API holds without: apiward patch remove note"
    assert offer in run("patch", "list", "--check", "-q").stderr
    assert offer in run("scan", sound, "-q", "--only", "OBJ01").stderr
    assert offer not in run("scan", weak, "-q", "--only", "OBJ01").stderr


def test_a_dry_run_writes_nothing(run: Run, scanned: str) -> None:
    result = run("patch", scanned, "--dry-run")
    assert result.exit_code == ExitCode.HOLDS
    assert "[[object]]" in result.stdout
    assert f'finding = "{scanned}"' in result.stdout
    assert re.search(r'expires = "\d{4}-\d\d-\d\d"', result.stdout)
    assert not Path(RULES_NAME).exists()


def test_what_does_not_hold_is_taken_back_and_the_file_is_as_before(
    run: Run, scanned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "_slot", lambda *_: ("path", "wrong"))
    Path(RULES_NAME).write_text("# mine\n")
    result = run("patch", scanned, "-q")
    assert result.exit_code in (ExitCode.BROKEN, ExitCode.USAGE)
    assert Path(RULES_NAME).read_text() == "# mine\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("patch", "--all"), "There is no finding yet."), (("patch", "abcdef1234"), "There is no finding yet.")],
)
def test_without_a_scan_there_is_nothing_to_hold(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr


def test_a_finding_that_is_none_is_told_with_those_that_are(run: Run, scanned: str) -> None:
    result = run("patch", "abcdef1234")
    assert "There is no finding 'abcdef1234'." in result.stderr
    assert scanned in result.stderr
    assert "Which finding?" in run("patch", "hold").stderr


def test_a_guard_that_does_not_follow_these_rules_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apiward.cli.guard_process.TAKE_S", 0.0)
    guarded = Guarded("http://127.0.0.1:9", tmp_path, tmp_path)
    with pytest.raises(AdvisedError, match="not known whether"):
        guarded.await_rules()
    tell_rules(tmp_path, "other", Mode.ENFORCE)
    with pytest.raises(AdvisedError, match="has not taken"):
        guarded.await_rules()
    tell_rules(tmp_path, rules_digest(tmp_path), Mode.ENFORCE)
    begun_s = time.monotonic()
    guarded.await_rules()
    assert time.monotonic() >= begun_s
    tell_end(tmp_path)
