"""`apiward guard status` and `apiward guard autopilot`, on stored events."""

import json
import time
from pathlib import Path

import pytest

from apiward.app.guarding.evidence import Notes, write_notes
from apiward.app.guarding.standing import GuardStanding
from apiward.cli.exits import ExitCode
from apiward.cli.status_desk import _operations
from apiward.config.rules_file import load_rules_file
from apiward.core.decision import Decision, Mode, Ruling
from apiward.core.evidence import Traffic
from apiward.guard.readiness import Standing, State
from apiward.guard.stage import StageName
from apiward.stores.events.rows import row_of
from tests.cli.conftest import Run
from tests.stores.events.made import event, sql

DAY_S = 86_400
TOML = '[guard]\nmode = "watch"\nmodes = {protocol = "enforce", quota = "off"}\n'
WOULD_BE = Ruling(Decision("inspect.sql", place="body.note"), is_applied=False)


def _store(operations: int = 1) -> None:
    Path("apiward.toml").write_text(TOML)
    Path(".apiward").mkdir(exist_ok=True)
    now_s = time.time()
    events = [
        event(
            number,
            at_s=now_s - (number % 8) * DAY_S,
            operation=f"POST /notes{number % operations or ''}",
            principal=f"user:{number % 6}",
            rulings=(WOULD_BE,) if number == operations else (),
        )
        for number in range(320 * operations)
    ]
    events.append(event(9_999_999, at_s=now_s, operation="", path="/wp-admin", method="GET"))
    sql(Path(".apiward/events.sqlite")).add([list(row_of(one)) for one in events])


def test_it_says_what_runs_what_is_ready_and_what_is_not(run: Run) -> None:
    _store()
    result = run("guard", "status")
    assert result.exit_code == ExitCode.HOLDS
    lines = result.stdout.splitlines()
    assert lines[0] == "Enforce: protocol"
    assert lines[1].startswith("Only watch: origin, flood, authenticate, route, permit, shape")
    assert lines[2] == "Off: quota"
    assert lines[3] == "POST /notes: 320 requests, 6 callers, 8 days"
    assert lines[4] == "  ready:    authenticate, permit, shape, conduct"
    assert lines[5] == "  not yet:  inspect. It would refuse:"
    assert lines[6].startswith("    inspect.sql at body.note: 1 request of 1 caller, last on 20")
    assert lines[7] == "Requests that nothing describes: 1 request, 1 caller, 1 day"
    assert lines[-3] == "Autopilot: off."
    assert lines[-2] == "  4 stages could enforce now. It needs your consent."
    assert lines[-1] == "Next: apiward guard autopilot on"


def test_it_says_the_same_as_json(run: Run) -> None:
    _store()
    document = json.loads(run("guard", "status", "--format", "json").stdout)
    assert document["schema"] == "apiward.guard-status/1"
    assert document["modes"]["quota"] == "off"
    assert document["autopilot"]["enabled"] is False
    assert document["autopilot"]["thresholds"]["requests"] == 300
    states = {(one["operation"], one["stage"]): one["state"] for one in document["standings"]}
    assert states["POST /notes", "shape"] == "ready"
    assert states["POST /notes", "inspect"] == "not-yet"
    assert states["", "shape"] == "not-yet"
    inspect = next(one for one in document["standings"] if one["stage"] == "inspect" and one["operation"])
    assert (inspect["requests"], inspect["callers"], inspect["days"], inspect["would_be_refusals"]) == (320, 6, 8, 1)
    assert inspect["would_be"][0]["place"] == "body.note"
    assert document["next"] == "apiward guard autopilot on"


def test_many_operations_are_shown_on_request(run: Run) -> None:
    _store(operations=25)
    assert "and 6 more operations: --all" in run("guard", "status").stdout
    assert "more operations" not in run("guard", "status", "--all").stdout


def test_operations_that_nobody_has_called_are_only_counted() -> None:
    quiet = [
        Standing(f"GET /quiet/{number}", StageName.SHAPE, Mode.WATCH, State.NOT_YET, "Too little.") for number in (1, 2)
    ]
    ruled = Standing("GET /ruled", StageName.SHAPE, Mode.ENFORCE, State.ENFORCES, "")
    called = Standing("GET /called", StageName.SHAPE, Mode.WATCH, State.NOT_YET, "Too little.", Traffic(1, 1, 1))
    found = GuardStanding((), (*quiet, ruled, called), Notes(), is_autopilot_on=False)
    shown = "\n".join(_operations(found, is_all=False))
    assert "GET /called: 1 request" in shown
    assert "GET /ruled" in shown
    assert "/quiet/" not in shown
    assert shown.endswith("2 operations of which nothing was seen yet: --all")
    assert "GET /quiet/2: 0 requests" in "\n".join(_operations(found, is_all=True))


def test_consent_is_given_with_a_name_and_a_time_and_taken_back(run: Run) -> None:
    _store()
    result = run("guard", "autopilot", "on")
    assert result.exit_code == ExitCode.HOLDS
    assert "after 300 requests that went well, of 5 callers on 7 days" in result.stderr
    said = load_rules_file(Path()).autopilot
    assert (said.state, said.said(default=False)) == ("on", True)
    assert said.since.endswith("Z")
    text = run("guard", "status").stdout
    assert "Autopilot: on." in text
    assert "It needs your consent." not in text
    assert text.splitlines()[-1].startswith("Next: apiward allow ")
    with Path("apiward.rules.toml").open("a") as file:
        file.write(
            '[[mode]]\noperation = "POST /notes"\nstage = "shape"\nmode = "enforce"\nby = "autopilot"\n'
            'since = "2026-11-30T10:00:00Z"\nreason = "320 requests"\n'
        )
    text = run("guard", "status").stdout
    assert "  enforces: shape" in text
    assert "  2026-11-30T10:00:00Z shape on POST /notes: enforce (320 requests)" in text
    off = run("guard", "autopilot", "off")
    assert "What it switched stays (1)" in off.stderr
    assert load_rules_file(Path()).autopilot.said(default=True) is False
    assert len(load_rules_file(Path()).mode) == 1
    back = run("guard", "autopilot", "off", "--back")
    assert "only watches again (1)" in back.stderr
    assert load_rules_file(Path()).mode == ()


def test_a_guard_that_enforces_leaves_it_little_to_do(run: Run) -> None:
    assert "There is little for it to do" in run("guard", "autopilot", "on").stderr


def test_what_was_learned_only_watches_and_is_never_said_to_enforce(run: Run) -> None:
    _store()
    Path("apiward.toml").write_text("[guard]\n")
    assert "  enforces: authenticate, permit, shape, inspect, conduct" in run("guard", "status").stdout
    write_notes(Path(".apiward"), Notes(looked_s=1.0, learned=frozenset({"POST /notes"})))
    text = run("guard", "status").stdout
    assert "Learned from traffic: 1 operation. There, route and shape only watch until" in text
    assert "  enforces: authenticate, permit, inspect, conduct\n  ready:    shape" in text
    assert "All else enforces already." in run("guard", "autopilot", "on").stderr


def test_what_was_asked_for_is_not_named_as_the_next_thing(run: Run) -> None:
    _store()
    Path("apiward.toml").write_text("[guard]\n")
    assert run("guard", "status").stdout.endswith("Next: apiward guard status --all\n")
    assert "Next:" not in run("guard", "status", "--all").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("guard", "statsu"), "Did you mean status?"),
        (("guard", "--config", "apiward.toml", "status"), '"status" must come first.'),
        (("guard", "autopilot", "up"), "'up' is not one of 'on', 'off'"),
        (("guard", "autopilot", "on", "--back"), "--back belongs to off."),
        (("guard", "status", "--confg", "x"), "Did you mean '--config'?"),
    ],
)
def test_slips_are_told(run: Run, words: tuple[str, ...], told: str) -> None:
    Path("apiward.toml").write_text(TOML)
    result = run(*words)
    assert result.exit_code == ExitCode.USAGE
    assert told in result.stderr


def test_an_address_is_an_address_still(run: Run) -> None:
    result = run("guard", "localhost:8000", "--format", "json")
    assert "--format belongs to --replay and --test." in result.stderr


@pytest.mark.parametrize(
    "words", [("guard",), ("guard", "status"), ("guard", "autopilot"), ("allow",), ("allow", "list")]
)
def test_help_names_what_there_is(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == ExitCode.HOLDS
    assert f"Usage: apiward {' '.join(words)}" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    if words == ("guard",):
        assert "guard status" in result.stdout


def test_before_the_first_event_it_says_how_to_begin(run: Run) -> None:
    result = run("guard", "status")
    assert result.exit_code == ExitCode.HOLDS
    assert "There is no evidence." in result.stdout
    assert result.stdout.endswith("Next: apiward guard http://localhost:8000 --watch\n")


def test_a_store_that_is_away_ends_with_its_own_code(run: Run) -> None:
    Path(".apiward").mkdir()
    Path(".apiward/events.sqlite").write_text("no database " * 1_000)
    result = run("guard", "status")
    assert result.exit_code == ExitCode.NOT_ENOUGH
    assert "The events cannot be read now" in result.stderr
