"""How rules are tried round by round: what fails is taken back, what depended on it is tried again, doubt once more."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import click
import pytest

from apiward.app.patching.cases import Plan, Rule
from apiward.app.patching.filing import standing_rules
from apiward.app.patching.judging import After, Result
from apiward.cli import patch_trying
from apiward.cli.exits import ExitCode
from apiward.cli.guard_process import Guarded
from apiward.cli.patch_trying import Outcome, Wish, hold
from apiward.cli.progress import Silent
from apiward.cli.state import State
from apiward.cli.wanted import wanted
from apiward.core.finding import Finding
from tests.app.patching.made import EXPIRES, exchange, finding
from tests.prove.sample import report

ONE, TWO, THREE = (finding("OBJ01", f"GET /{name}/{{id}}", exchange("GET", f"/{name}/1")) for name in ("a", "b", "c"))


class Ready(Guarded):
    """A guard that takes every rule at once."""

    def await_rules(self) -> None:
        """Wait for nothing."""


def rule(name: str, operation: str, *findings: Finding) -> Rule:
    ids = tuple(one.id for one in findings)
    values = {"id": name, "operation": operation, "kind": "method-off", "finding": ", ".join(ids)}
    return Rule("patch", values, ids)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[Outcome, list[set[str]]]]:
    """Try rules with results that are given for each round."""

    def run(
        rules: Sequence[Rule], *rounds: dict[str, After], unheld: dict[str, str] | None = None
    ) -> tuple[Outcome, list[set[str]]]:
        asked: list[set[str]] = []

        def trial(wish: Wish, ids: frozenset[str], *_: object) -> list[Result]:
            asked.append({one.operation for one in wish.findings if one.id in ids})
            said = rounds[len(asked) - 1]
            return [Result(one, said[one.operation], "seen") for one in wish.findings if one.id in ids]

        monkeypatch.setattr(patch_trying, "_tried", trial)
        plain = replace(wanted({}, "http://127.0.0.1:9", env={}), accounts=())
        wish = Wish((ONE, TWO, THREE), frozenset(), plain, "Jo", EXPIRES)
        guarded = Ready("http://127.0.0.1:8", tmp_path, tmp_path)
        outcome = hold(
            wish, Plan(tuple(rules), unheld or {}), tmp_path, lambda: nullcontext(guarded), State(tmp_path), Silent()
        )
        return outcome, asked

    return run


def all_of(after: After, **others: After) -> dict[str, After]:
    return {f"GET /{name}/{{id}}": others.get(name, after) for name in "abc"}


Tried = Callable[..., tuple[Outcome, list[set[str]]]]
RULES = (rule("a", ONE.operation, ONE), rule("b", TWO.operation, TWO), rule("c", THREE.operation, THREE))


def test_what_is_held_at_once_is_tried_once(tried: Tried, tmp_path: Path) -> None:
    outcome, asked = tried(RULES, all_of(After.HELD))
    assert outcome.code is ExitCode.HOLDS
    assert len(asked) == 1
    assert len(standing_rules(tmp_path)) == 3


def test_what_fails_is_taken_back_and_the_others_stay(tried: Tried, tmp_path: Path) -> None:
    outcome, asked = tried(RULES, all_of(After.HELD, b=After.BROKEN))
    assert outcome.code is ExitCode.BROKEN
    assert len(asked) == 1
    assert {one.id for one in standing_rules(tmp_path)} == {"a", "c"}


def test_what_is_in_the_way_by_itself_is_taken_back_after_one_try(tried: Tried, tmp_path: Path) -> None:
    outcome, asked = tried(RULES, all_of(After.HELD, b=After.IN_THE_WAY))
    assert outcome.code is ExitCode.BROKEN
    assert len(asked) == 1, "the same rules would give the same"
    assert {one.id for one in standing_rules(tmp_path)} == {"a", "c"}


def test_one_rule_that_is_in_the_way_of_everything_does_not_take_the_others_with_it(
    tried: Tried, tmp_path: Path
) -> None:
    rounds = [all_of(After.IN_THE_WAY), all_of(After.IN_THE_WAY), all_of(After.IN_THE_WAY), *([all_of(After.HELD)] * 3)]
    outcome, asked = tried(RULES, *rounds)
    assert [len(one) for one in asked] == [3, 2, 1, 1, 1, 2]
    assert [one.after for one in outcome.results] == [After.IN_THE_WAY, After.HELD, After.HELD]
    assert {one.id for one in standing_rules(tmp_path)} == {"b", "c"}


def test_what_was_freed_is_tried_again_together(tried: Tried, tmp_path: Path) -> None:
    apart = [all_of(After.IN_THE_WAY), all_of(After.IN_THE_WAY), all_of(After.IN_THE_WAY), *([all_of(After.HELD)] * 2)]
    outcome, _ = tried(RULES, *apart, all_of(After.HELD, c=After.BROKEN))
    assert [one.after for one in outcome.results] == [After.IN_THE_WAY, After.HELD, After.BROKEN]
    assert {one.id for one in standing_rules(tmp_path)} == {"b"}


def test_where_the_field_of_the_owner_is_in_the_way_what_the_guard_has_seen_decides(
    tried: Tried, tmp_path: Path
) -> None:
    values = {"id": "order", "operations": [ONE.operation], "owner_field": "owner", "finding": ONE.id}
    rules = (Rule("object", values, (ONE.id,)), *RULES[1:])
    outcome, asked = tried(rules, all_of(After.HELD, a=After.IN_THE_WAY), all_of(After.HELD))
    assert outcome.code is ExitCode.HOLDS
    assert asked[1:] == [{ONE.operation}]
    assert next(one for one in standing_rules(tmp_path) if one.table == "object").values == {
        "id": "order",
        "operations": [ONE.operation],
        "finding": ONE.id,
    }


def test_what_a_wide_rule_may_have_held_is_tried_again_without_it(tried: Tried) -> None:
    rules = (rule("wide", "* /**", ONE), *RULES[1:])
    outcome, asked = tried(rules, all_of(After.HELD, a=After.BROKEN), all_of(After.HELD, c=After.BROKEN))
    assert [len(one) for one in asked] == [3, 2]
    assert [one.after for one in outcome.results] == [After.BROKEN, After.HELD, After.BROKEN]


def test_doubt_gets_one_more_try_alone(tried: Tried) -> None:
    outcome, asked = tried(RULES, all_of(After.HELD, b=After.UNSURE), all_of(After.HELD))
    assert asked[1:] == [{TWO.operation}]
    assert outcome.code is ExitCode.HOLDS
    outcome, asked = tried(RULES, all_of(After.UNSURE), all_of(After.UNSURE))
    assert len(asked) == 2
    assert outcome.code is ExitCode.NOT_ENOUGH


def test_what_has_no_rule_is_told_so(tried: Tried) -> None:
    outcome, _ = tried(RULES[1:], all_of(After.HELD), unheld={ONE.id: "nothing helps"})
    assert [one.after for one in outcome.results] == [After.NO_RULE, After.HELD, After.HELD]
    assert outcome.code is ExitCode.BROKEN


def test_a_test_that_is_broken_off_leaves_nothing_behind(tried: Tried, tmp_path: Path) -> None:
    with pytest.raises(IndexError):
        tried(RULES)
    assert standing_rules(tmp_path) == ()


def test_half_a_scan_shows_nothing_and_ends_the_try(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(patch_trying, "scan_again", lambda *_: replace(report(), was_interrupted=True))
    plain = replace(wanted({}, "http://127.0.0.1:9", env={}), accounts=())
    wish = Wish((ONE,), frozenset(), plain, "Jo", EXPIRES)
    made = rule("a", ONE.operation, ONE)
    guarded = Ready("http://127.0.0.1:8", tmp_path, tmp_path)
    with pytest.raises(click.Abort):
        hold(wish, Plan((made,), {}), tmp_path, lambda: nullcontext(guarded), State(tmp_path), Silent())
    assert standing_rules(tmp_path) == ()
