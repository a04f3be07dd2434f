"""Rules that commands write: read, added, taken out; what a person wrote around them stays."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import (
    RulesFile,
    add_rules,
    load_rules_file,
    named,
    parse_rules,
    remove_rules,
    replace_rules,
    restore_rules,
    rules_digest,
    rules_path,
    rules_text,
    set_table,
)
from apiward.core.decision import Mode
from apiward.guard.policy import ModeException
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


ALLOW = {"id": "a", "operation": "GET /a", "rule": "shape.body", "place": "body.x", "expires": "2030-01-01"}
SWITCH = {"operation": "GET /a", "stage": "shape", "mode": "enforce", "by": "autopilot"}


def test_exclusions_and_modes_join_the_settings(tmp_path: Path) -> None:
    add_rules(tmp_path, "allow", [ALLOW])
    add_rules(tmp_path, "mode", [SWITCH])
    held = load_rules_file(tmp_path).applied(GuardConfig(mode=Mode.WATCH))
    assert [one.id for one in held.allowed] == ["a"]
    assert held.policy.modes_for("GET /a", "/a")[list(StageName).index(StageName.SHAPE)] is Mode.ENFORCE


def test_what_the_owner_says_in_the_settings_wins_over_what_was_switched(tmp_path: Path) -> None:
    add_rules(tmp_path, "mode", [SWITCH])
    by_stage = load_rules_file(tmp_path).applied(GuardConfig(mode=Mode.WATCH, modes={"shape": "watch"}))
    exception = ModeException(operation="GET /a", mode="watch")
    by_operation = load_rules_file(tmp_path).applied(GuardConfig(mode=Mode.WATCH, exceptions=(exception,)))
    for held in (by_stage, by_operation):
        assert set(held.policy.modes_for("GET /a", "/a")) == {Mode.WATCH}


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="two with the id 'a'"):
        add_rules(tmp_path, "allow", [ALLOW, ALLOW])


def test_consent_wins_over_the_settings(tmp_path: Path) -> None:
    assert load_rules_file(tmp_path).applied(GuardConfig()).autopilot.enabled is False
    set_table(tmp_path, "autopilot", {"state": "on", "since": "2026-11-30T10:00:00Z", "by": "anna"})
    held = load_rules_file(tmp_path).applied(GuardConfig())
    assert held.autopilot.enabled is True
    set_table(tmp_path, "autopilot", {"state": "off"})
    assert load_rules_file(tmp_path).applied(held).autopilot.enabled is False
    with pytest.raises(ConfigError, match="must be on or off"):
        set_table(tmp_path, "autopilot", {"state": "maybe"})


def test_rules_are_exchanged_in_one_write(tmp_path: Path) -> None:
    add_rules(tmp_path, "mode", [SWITCH, {**SWITCH, "stage": "inspect"}])
    replace_rules(tmp_path, "mode", lambda rule: rule["stage"] == "shape", [{**SWITCH, "mode": "watch"}])
    assert [(rule.stage, rule.mode) for rule in load_rules_file(tmp_path).mode] == [
        ("inspect", "enforce"),
        ("shape", "watch"),
    ]
    replace_rules(tmp_path, "mode", lambda _: True, [])
    assert load_rules_file(tmp_path).mode == ()


def test_two_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    def write(number: int) -> None:
        add_rules(tmp_path, "allow", [{**ALLOW, "id": f"a{number}"}])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    assert len(load_rules_file(tmp_path).allow) == 24


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        add_rules(tmp_path / "nowhere", "patch", [OFF])


def test_tables_are_named_by_their_ids_whatever_else_stands_there() -> None:
    is_named = named({"a", "b"})
    assert [is_named({"id": id_}) for id_ in ("a", "b", "c", ["a"], None)] == [True, True, False, False, False]
    assert not is_named({})
