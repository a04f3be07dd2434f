"""`apiward allow`: from an incident number to a rule that ends, on stored events."""

import json
import time
from pathlib import Path

import pytest

from apiward.cli.exits import ExitCode
from apiward.config.rules_file import load_rules_file
from apiward.core.decision import Decision, Ruling
from apiward.core.event import Event
from apiward.stores.events.rows import row_of
from tests.cli.conftest import Run
from tests.stores.events.made import event, sql

SQL = Decision("inspect.sql", place="body.note", saw="a command")
INCIDENT = "19f0aa0123456789abcde"


def _event(id_: str, *said: Decision, principal: str = "user:1", **changes: object) -> Event:
    rulings = tuple(Ruling(one, is_applied=True) for one in said or (SQL,))
    made = event(0, at_s=time.time() - 3_600, operation="POST /notes", method="POST", status=400, outcome="refused")
    return made._replace(id=id_, principal=principal, rulings=rulings, **changes)  # type: ignore[arg-type]


def _store(*events: Event) -> None:
    Path(".apiward").mkdir(exist_ok=True)
    sql(Path(".apiward/events.sqlite")).add([list(row_of(one)) for one in events])


def test_an_incident_is_let_through_until_a_day(run: Run) -> None:
    _store(_event(INCIDENT), _event("b", principal="user:2"), _event("c", principal="user:2"))
    result = run("allow", INCIDENT, "--reason", "A course.", "--owner", "anna", "--days", "5", "--yes")
    assert result.exit_code == ExitCode.HOLDS
    assert result.stdout == (
        f"{INCIDENT}: POST /notes was refused.\n  by inspect.sql at body.note\n"
        "  Somebody sent a piece of a database command where a plain text belongs.\n"
        "Let through would be: this rule at body.note of POST /notes, for 5 days.\n"
        "All else is judged as before. In the last 7 days it would also have let through "
        "2 requests of 1 caller: 0 attacks.\n"
    )
    [rule] = load_rules_file(Path()).allow
    assert (rule.id, rule.owner, rule.reason, rule.incident) == ("allow-9abcde", "anna", "A course.", INCIDENT)
    assert f"To take it back: apiward allow remove {rule.id}" in result.stderr
    again = run("allow", INCIDENT, "--yes")
    assert again.exit_code == ExitCode.HOLDS
    assert "let through already, as allow-9abcde" in again.stderr
    assert len(load_rules_file(Path()).allow) == 1


def test_a_dry_run_changes_nothing(run: Run) -> None:
    _store(_event(INCIDENT))
    result = run("allow", INCIDENT, "--dry-run")
    assert result.exit_code == ExitCode.HOLDS
    assert "nothing else: 0 attacks." in result.stdout
    assert not Path("apiward.rules.toml").exists()


def test_attacks_that_would_have_passed_stop_it(run: Run) -> None:
    _store(
        _event(INCIDENT),
        _event("b", principal="user:66"),
        _event("c", Decision("inspect.shell", place="query q"), principal="user:66"),
    )
    result = run("allow", INCIDENT, "--yes")
    assert result.exit_code == ExitCode.BROKEN
    assert "1 request of 1 caller: 1 attack. They came from user:66." in result.stdout
    assert not Path("apiward.rules.toml").exists()
    assert run("allow", INCIDENT, "--yes", "--anyway").exit_code == ExitCode.HOLDS
    assert len(load_rules_file(Path()).allow) == 1


def test_the_newest_is_shown_but_not_let_through_unseen(run: Run) -> None:
    _store(_event(INCIDENT))
    result = run("allow", "last", "--dry-run")
    assert result.exit_code == ExitCode.HOLDS
    assert f"apiward allow {INCIDENT}" in result.stderr
    assert run("allow", "last", "--yes").exit_code == ExitCode.USAGE
    assert not Path("apiward.rules.toml").exists()


def test_nothing_is_written_unasked(run: Run) -> None:
    _store(_event(INCIDENT))
    result = run("allow", INCIDENT)
    assert result.exit_code == ExitCode.USAGE
    assert f"apiward allow {INCIDENT} --yes" in result.stderr
    assert not Path("apiward.rules.toml").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("1a2b",), "There is no incident '1a2b'."),
        (("lst",), "Did you mean list?"),
        (("--yes", "list"), '"list" must come first.'),
        (("remove", "allow-1"), "There is no exclusion 'allow-1'."),
        ((INCIDENT, "--days", "0"), "0 is not in the range"),
        ((), "Missing argument"),
    ],
)
def test_slips_are_told(run: Run, words: tuple[str, ...], told: str) -> None:
    _store(_event("x"))
    result = run("allow", *words)
    assert result.exit_code == ExitCode.USAGE
    assert told in result.stderr


def test_without_events_it_says_where_it_looked(run: Run) -> None:
    result = run("allow", INCIDENT)
    assert result.exit_code == ExitCode.USAGE
    assert "There are no events in" in result.stderr


def test_a_store_that_is_away_ends_with_its_own_code(run: Run) -> None:
    Path(".apiward").mkdir()
    Path(".apiward/events.sqlite").write_text("no database " * 1_000)
    result = run("allow", INCIDENT)
    assert result.exit_code == ExitCode.NOT_ENOUGH
    assert "The events cannot be read now." in result.stderr


def test_what_is_let_through_is_listed_and_taken_back(run: Run) -> None:
    assert "Nothing is let through" in run("allow", "list").stderr
    _store(_event(INCIDENT))
    run("allow", INCIDENT, "--yes", "--owner", "anna")
    with Path("apiward.rules.toml").open("a") as file:
        file.write('[[allow]]\nid = "old"\noperation = "GET /a"\nrule = "route.undescribed"\nexpires = "2020-01-01"\n')
    shown = run("allow", "list").stdout
    assert "allow-9abcde  until " in shown
    assert "  inspect.sql at body.note of POST /notes\n  It was refused wrongly, by anna." in shown
    assert "old  ended on 2020-01-01\n  route.undescribed at GET /a\n  Nobody said why." in shown
    document = json.loads(run("allow", "list", "--format", "json").stdout)
    assert document["schema"] == "apiward.allowed/1"
    assert [(one["id"], one["has_ended"]) for one in document["allowed"]] == [("allow-9abcde", False), ("old", True)]
    removed = run("allow", "remove", "allow-9abcde")
    assert removed.exit_code == ExitCode.HOLDS
    assert "inspect.sql refuses again at body.note of POST /notes." in removed.stderr
    assert [one.id for one in load_rules_file(Path()).allow] == ["old"]
