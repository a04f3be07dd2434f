"""Rules that commands write: read, added, taken out; what a person wrote around them stays."""

from pathlib import Path

import pytest

from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import (
    RulesFile,
    add_rules,
    load_rules_file,
    parse_rules,
    remove_rules,
    restore_rules,
    rules_digest,
    rules_path,
    rules_text,
)
from apiward.core.decision import Mode
from apiward.guard.stage import StageName

OFF = {"id": "one", "operation": "GET /debug", "kind": "method-off", "reason": "It shows everything."}
ANOTHER = {"id": "two", "operation": "GET /users/{id}", "kind": "require-principal"}


def test_no_file_is_no_rules(tmp_path: Path) -> None:
    assert load_rules_file(tmp_path) == RulesFile()


def test_rules_are_added_read_and_taken_out(tmp_path: Path) -> None:
    add_rules(tmp_path, "patch", [OFF])
    add_rules(tmp_path, "patch", [ANOTHER])
    assert [patch.id for patch in load_rules_file(tmp_path).patch] == ["one", "two"]
    assert remove_rules(tmp_path, "patch", lambda rule: rule["id"] == "one") == 1
    assert [patch.id for patch in load_rules_file(tmp_path).patch] == ["two"]
    assert remove_rules(tmp_path, "patch", lambda _: True) == 1
    assert load_rules_file(tmp_path) == RulesFile()


def test_what_a_person_wrote_stays(tmp_path: Path) -> None:
    path = rules_path(tmp_path)
    path.write_text('# mine\n[[patch]]\nid = "one" # keep\noperation = "GET /a"\nkind = "method-off"\n')
    add_rules(tmp_path, "patch", [ANOTHER])
    text = path.read_text()
    assert text.startswith("# mine\n")
    assert "# keep" in text


def test_what_would_be_no_good_is_not_written(tmp_path: Path) -> None:
    add_rules(tmp_path, "patch", [OFF])
    before = rules_path(tmp_path).read_text()
    with pytest.raises(ConfigError, match="Nothing was written"):
        add_rules(tmp_path, "patch", [{"id": "bad", "operation": "nowhere", "kind": "method-off"}])
    assert rules_path(tmp_path).read_text() == before
    assert [file.name for file in tmp_path.iterdir()] == [rules_path(tmp_path).name]


@pytest.mark.parametrize(
    ("text", "word"),
    [("[[patch", "no TOML"), ("a = 1", "unknown key"), ("patch = 1", "must be"), ("x=" + "[" * 5000, "nested")],
)
def test_slips_are_told(text: str, word: str, tmp_path: Path) -> None:
    rules, problems = parse_rules(text)
    assert rules == RulesFile()
    assert word in " ".join(problems)
    rules_path(tmp_path).write_text(text)
    with pytest.raises(ConfigError, match="cannot be used"):
        load_rules_file(tmp_path)


def test_they_join_the_rules_of_the_settings() -> None:
    rules, _ = parse_rules('[[patch]]\nid = "one"\noperation = "GET /a"\nkind = "method-off"\n')
    joined = rules.applied(rules.applied(GuardConfig()))
    assert [patch.id for patch in joined.patches.patch] == ["one", "one"]


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    rules_path(tmp_path).mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load_rules_file(tmp_path)


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    rules_path(tmp_path).write_text("#" * 1_100_000)
    with pytest.raises(ConfigError, match="larger"):
        load_rules_file(tmp_path)


def test_what_a_rule_holds_it_holds_in_a_guard_that_only_watches() -> None:
    rules, problems = parse_rules(
        '[[patch]]\nid = "a"\noperation = "* /**"\nkind = "stages-on"\nstages = ["harden"]\n'
        '[[object]]\nid = "note"\noperations = ["GET /notes/{id}"]\nmode = "enforce"\n'
    )
    assert problems == ()
    policy = rules.applied(GuardConfig(mode=Mode.WATCH)).policy
    modes = dict(zip(StageName, policy.modes_for("GET /a", "/a"), strict=True))
    enforced = {name for name, mode in modes.items() if mode is Mode.ENFORCE}
    assert enforced == {StageName.PATCHES, StageName.OBJECTS, StageName.HARDEN}


def test_the_owners_own_mode_of_a_stage_wins_and_rules_end() -> None:
    rules, _ = parse_rules(
        '[[patch]]\nid = "a"\noperation = "* /**"\nkind = "stages-on"\nstages = ["harden"]\nexpires = "2027-01-31"\n'
    )
    config = rules.applied(GuardConfig(mode=Mode.WATCH, modes={"patches": "off"}), 4e9)
    assert set(config.policy.modes_for("GET /a", "/a")) == {Mode.WATCH, Mode.OFF}


def test_the_file_is_named_by_what_it_says_and_put_back(tmp_path: Path) -> None:
    assert rules_text(tmp_path) == b""
    empty = rules_digest(tmp_path)
    add_rules(tmp_path, "patch", [OFF])
    text, digest = rules_text(tmp_path), rules_digest(tmp_path)
    assert digest != empty
    add_rules(tmp_path, "patch", [ANOTHER])
    restore_rules(tmp_path, text)
    assert rules_digest(tmp_path) == digest
    restore_rules(tmp_path, b"")
    assert not rules_path(tmp_path).exists()
