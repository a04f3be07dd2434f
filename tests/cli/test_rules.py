"""`apiward rules`, from the files of rules to what they would have told."""

import json
from pathlib import Path

import pytest

from apiward.app.rules import files, trying
from apiward.cli.exits import ExitCode
from tests.app.recording.made import guard
from tests.cli.conftest import Run

REFUSED = """
title: Refused for their role
id: refused
level: high
logsource: {product: apiward}
detection:
  sel: {rules|contains: permit.role}
  condition: sel
"""
OFTEN = "title: Often\ncorrelation: {type: event_count, rules: quiet, timespan: 1m, condition: {gte: 2}}"
QUIET = (
    REFUSED.replace("refused\n", "quiet\n").replace("permit.role", "inspect.sql").replace("Refused for", "Nothing of")
)


@pytest.fixture
def rules() -> Path:
    folder = Path("rules")
    folder.mkdir()
    (folder / "a.yml").write_text(REFUSED)
    (folder / "b.yaml").write_text(f"{QUIET}---\n{OFTEN}")
    return folder


@pytest.mark.parametrize("name", ["rules", "rules/*.y*ml", "{here}/rules/*"])
def test_files_folders_and_patterns_are_read(run: Run, rules: Path, name: str) -> None:
    result = run("rules", "test", name.format(here=Path.cwd()))
    assert result.exit_code == ExitCode.HOLDS
    assert result.stdout == "The rules can be used: 2 about single events, 1 about several.\n"
    listed = run("rules", "list", name.format(here=Path.cwd()))
    assert listed.stdout.startswith("high      Refused for their role  (refused; ")
    assert "Rules that only others ask for: 1." in listed.stderr


def test_stored_and_exported_events_say_the_same(run: Run, rules: Path) -> None:
    guard(5)
    stored = run("rules", "test", "rules", "--store")
    assert "high      Refused for their role: 3 times" in stored.stdout
    assert "user:0: 2 events, GET /products/{id}" in stored.stdout
    assert "medium    Often: nothing" in stored.stdout
    assert "Events that were looked at: 5." in stored.stdout
    run("events", "export", "-o", "events.jsonl")
    given = run("rules", "test", "rules", "--events", "events.jsonl", "--format", "json")
    document = json.loads(given.stdout)
    assert (document["schema"], document["events"]) == ("apiward.rules-test/1", 5)
    assert sorted(told["count"] for told in document["rules"][0]["told"]) == [1, 2, 2]
    assert document["rules"][1]["told"] == []
    assert run("rules", "test", "rules", "--store", "--until", "1h").stdout.endswith("looked at: 0.\n")


def test_the_settings_name_rules_beside_them(run: Run, rules: Path) -> None:
    Path("apiward.toml").write_text('[watch]\nrules = ["rules/*.yml"]\n')
    assert "1 about single events, 0 about several" in run("rules", "test").stdout
    assert json.loads(run("rules", "test", "--format", "json").stdout)["rules"][0]["told"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "No rules are named."),
        (["nowhere.yml"], "cannot be read"),
        (["nowhere/*.yml"], "No file fits"),
        (["bad.yml"], "bad.yml, line 1"),
        (["bytes.yml"], "is no text"),
        (["rules", "--events", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
        (["rules", "--events", "bad.yml"], "bad.yml, line 1: this is no event"),
    ],
)
def test_what_cannot_be_used_is_told(run: Run, rules: Path, words: list[str], said: str) -> None:
    Path("bad.yml").write_text("title: x\n")
    Path("bytes.yml").write_bytes(b"title: \xff\n")
    result = run("rules", "test", *words)
    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr


def test_there_are_bounds(run: Run, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guard(5)
    monkeypatch.setattr(trying, "MAX_TOLD", 0)
    assert "5 more detections are not shown" in run("rules", "test", "rules", "--store").stderr
    monkeypatch.setattr(files, "MAX_FILES", 1)
    assert "more than 1 files" in run("rules", "test", "rules").stderr


def test_many_attacks_are_shown_in_part(run: Run, rules: Path) -> None:
    lines = []
    for number in range(8):
        event = {"id": f"e{number}", "at_s": 1e9 + number, "method": "GET", "operation": "", "path": "/", "status": 403}
        event |= {"outcome": "refused", "client": f"192.0.2.{number}", "principal": "", "own_s": 0, "elapsed_s": 0}
        event |= {"request_size": 0, "answer_size": 0, "kind": "request", "said": ""}
        lines.append(json.dumps(event | {"rulings": [{"rule": "permit.role", "effect": "deny", "applied": True}]}))
    Path("events.jsonl").write_text("\n\n".join(lines))
    result = run("rules", "test", "rules", "--events", "events.jsonl")
    assert "Refused for their role: 8 times" in result.stdout
    assert "and 3 more" in result.stdout


def test_the_fields_are_listed_with_those_that_are_not_kept(run: Run) -> None:
    said = run("rules", "fields").stdout
    assert "status        the status of the answer, a number (also sc-status)" in said
    assert "cs-uri-query  not there: apiward keeps no query" in said
