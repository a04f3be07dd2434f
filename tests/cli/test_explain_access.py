import json
from pathlib import Path

import pytest

from apiward.cli.exits import ExitCode
from apiward.cli.explain_access_asked import caller_of
from apiward.core.principal import ANONYMOUS
from tests.cli.conftest import Run

TOML = """
[guard]
description = "spec.json"
[[guard.permit.roles]]
name = "staff"
grants = ["GET /orders/*"]
[[guard.permit.rules]]
name = "robots stay out"
effect = "forbid"
kinds = ["key"]
"""
SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/orders/{id}": {"get": {"responses": {"200": {"description": "ok"}}}}},
}


@pytest.fixture(autouse=True)
def _files(run: Run) -> None:
    Path("apiward.toml").write_text(TOML)
    Path("spec.json").write_text(json.dumps(SPEC))


def test_who_may(run: Run) -> None:
    result = run("explain-access", "--as", "anna,role=staff", "get", "/orders/1?x=y")
    assert result.exit_code == ExitCode.HOLDS
    assert result.stdout.splitlines() == [
        "anna may GET /orders/1.",
        "  A rule allows it.",
        "  operation: GET /orders/{id}",
        "  rule: role staff",
    ]
    assert result.stderr == ""


def test_who_may_not(run: Run) -> None:
    result = run("explain-access", "GET", "/orders/1")
    assert result.exit_code == ExitCode.BROKEN
    assert result.stdout.splitlines() == [
        "A caller who is not logged in may not GET /orders/1.",
        "  The caller is not logged in, and this needs a log-in.",
        "  operation: GET /orders/{id}",
        "  what would allow it:",
        "    role staff: the role staff",
    ]
    result = run("explain-access", "--as", "key:partner,role=staff", "GET", "/orders/1")
    assert result.exit_code == ExitCode.BROKEN
    assert "rule: robots stay out" in result.stdout


def test_hints(run: Run) -> None:
    result = run("explain-access", "--as", "anna,role=stff", "GET", "/order")
    assert "The description has no such operation." in result.stderr
    assert "No rule speaks of the role 'stff'. Did you mean \"staff\"?" in result.stderr
    Path("apiward.toml").write_text('[guard]\nmode = "watch"\n')
    result = run("explain-access", "GET", "/orders/1")
    assert "There is no description" in result.stderr
    assert "The stage permit is in mode watch there" in result.stderr
    result = run("explain-access", "GET", "/orders/1", "--spec", "spec.json")
    assert "There is no description" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as", "anna,rol=x", "GET", "/"], 'Did you mean "role"?'),
        (["--as", "anna,role=", "GET", "/"], "role needs a value"),
        (["--as", ",role=x", "GET", "/"], "A name is missing"),
        (["G ET", "/"], "is no method"),
        (["GET", "/a/../b"], "refused, whoever asks"),
        (["GET", "/", "--spec", "none.json"], "none.json"),
    ],
)
def test_what_cannot_be_asked(run: Run, arguments: list[str], said: str) -> None:
    result = run("explain-access", *arguments)
    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr


def test_callers() -> None:
    assert caller_of("") == caller_of("anonymous") == ANONYMOUS
    key = caller_of("key:partner, scope=orders:read,scope=b")
    assert (key.key, key.scopes) == ("key:partner", frozenset({"orders:read", "b"}))
    assert caller_of("https://id.test/anna").key == "user:https://id.test/anna"
