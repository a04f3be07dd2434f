from pathlib import Path

from apiward.app.patching.cases import Rule
from apiward.app.patching.filing import file_rules, standing_rules, take_back
from apiward.config.rules_file import load_rules_file, rules_path, rules_text, set_table


def rule(name: str, *findings: str, table: str = "patch") -> Rule:
    values: dict[str, object] = {"id": name, "finding": ", ".join(findings), "reason": "r"}
    more = {"operation": "GET /a", "kind": "method-off"} if table == "patch" else {"operations": ["GET /a"]}
    return Rule(table, {**values, **more}, findings)


def names(base: Path) -> dict[str, tuple[str, ...]]:
    return {one.id: one.findings for one in standing_rules(base)}


def test_rules_are_written_once_and_gather_their_findings(tmp_path: Path) -> None:
    file_rules(tmp_path, [rule("a", "f1"), rule("note", "f1", table="object")])
    file_rules(tmp_path, [rule("a", "f2")])
    assert names(tmp_path) == {"a": ("f1", "f2"), "note": ("f1",)}


def test_what_does_not_hold_is_taken_back_and_the_rest_stays(tmp_path: Path) -> None:
    path = rules_path(tmp_path)
    path.write_text('# mine\n[[patch]]\nid = "old"\noperation = "GET /b"\nkind = "method-off"\nfinding = "f0"\n')
    before = rules_text(tmp_path)
    rules = [rule("a", "f1", "f2"), rule("b", "f2")]
    file_rules(tmp_path, rules)
    kept = take_back(tmp_path, before, rules, frozenset({"f1"}))
    assert [one.findings for one in kept] == [("f1",)]
    assert names(tmp_path) == {"old": ("f0",), "a": ("f1",)}
    assert path.read_text().startswith("# mine\n")
    take_back(tmp_path, before, rules, frozenset())
    assert rules_text(tmp_path) == before


def test_what_others_wrote_meanwhile_stays_when_rules_are_taken_back(tmp_path: Path) -> None:
    file_rules(tmp_path, [rule("a", "f0")])
    before = rules_text(tmp_path)
    rules = [rule("a", "f1"), rule("b", "f1")]
    file_rules(tmp_path, rules)
    file_rules(tmp_path, [rule("c", "f2")])  # somebody at the page
    set_table(tmp_path, "autopilot", {"state": "off"})
    assert [one.id for one in take_back(tmp_path, before, rules, frozenset({"f1"}))] == ["a", "b"]
    assert names(tmp_path) == {"c": ("f2",), "a": ("f0", "f1"), "b": ("f1",)}
    take_back(tmp_path, before, rules, frozenset())
    assert names(tmp_path) == {"c": ("f2",), "a": ("f0",)}
    assert load_rules_file(tmp_path).autopilot.state == "off"


def test_a_file_that_is_no_good_holds_nothing(tmp_path: Path) -> None:
    assert standing_rules(tmp_path) == ()
    rules_path(tmp_path).write_text("patch = 7\nobject = [7]\n")
    assert standing_rules(tmp_path) == ()
    rules_path(tmp_path).write_text("[[")
    assert standing_rules(tmp_path) == ()
