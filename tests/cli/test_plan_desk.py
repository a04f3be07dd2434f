import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run

PROGRAM = """
import json

ASKED = []
FORM = {"schema": {"type": "object", "properties": {"item": {"type": "string"}}}}
PATHS = {
    "/hours": {"get": {"responses": {"200": {"description": "when"}}}},
    "/orders": {"post": {"requestBody": {"content": {"application/json": FORM}}, "responses": {}}},
}
DOCUMENT = {"openapi": "3.0.3", "info": {"title": "Hours", "version": "1"}, "paths": PATHS}

async def app(scope, receive, send):
    ASKED.append((scope["type"], scope.get("path")))
    if scope["type"] != "http":
        raise NotImplementedError
    body = {"/openapi.json": DOCUMENT, "/hours": {"from": 8}}.get(scope["path"])
    await send({"type": "http.response.start", "status": 200 if body else 404, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})

async def silent(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})
"""
PLAN = ("scan", "--app", "hours_program:app", "--dry-run")


@pytest.fixture(autouse=True)
def program(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "path", list(sys.path))
    Path("hours_program.py").write_text(PROGRAM)
    yield
    sys.modules.pop("hours_program", None)


def test_the_plan_is_told_and_no_operation_is_called(run: Run) -> None:
    result = run(*PLAN, "--account", "name=anna,header=Authorization: Bearer hunter2")
    asked = [path for kind, path in sys.modules["hours_program"].ASKED if kind == "http"]
    assert (result.exit_code, result.stderr) == (ExitCode.HOLDS, "")
    assert "/openapi.json" in asked
    assert {"/hours", "/orders"} & set(asked) == set()
    assert f"{len(asked)} requests to find and read that; nothing else was sent" in result.stdout
    assert "  anna: customer, given\n" in result.stdout
    assert "Two accounts of customers are needed" in result.stdout
    assert "hunter2" not in result.stdout
    assert "on GET /hours" in result.stdout
    assert "and never more than 5,400." in result.stdout
    assert result.stdout.endswith(
        "Next: apiward scan --app hours_program:app --account 'name=anna,header=Authorization: …'\n"
    )


def test_a_lower_level_says_what_it_leaves_out(run: Run) -> None:
    assert "not at this level" not in run(*PLAN).stdout
    assert "but with --level write: " in run(*PLAN, "--level", "read").stdout


def test_the_last_scan_of_the_same_is_what_is_known_best(run: Run) -> None:
    assert "The last whole scan" not in run(*PLAN, "--level", "read").stdout
    run("scan", "--app", "hours_program:app", "--level", "read", "--quiet")
    assert "The last whole scan of this API at level read needed " in run(*PLAN, "--level", "read").stdout
    assert "The last whole scan" not in run(*PLAN, "--level", "full").stdout
    assert "The last whole scan" not in run(*PLAN, "--level", "read", "--only", "CFG01").stdout


def test_without_a_description_nothing_is_looked_for(run: Run) -> None:
    result = run("scan", "--app", "hours_program:silent", "--dry-run")
    assert (result.exit_code, result.stdout) == (ExitCode.NOT_ENOUGH, "")
    assert "takes some hundred requests" in result.stderr


@pytest.mark.parametrize("option", [("--format", "json"), ("--output", "x"), ("--har", "x")])
def test_a_plan_is_no_report(run: Run, option: tuple[str, str]) -> None:
    result = run(*PLAN, *option)
    assert result.exit_code == ExitCode.USAGE
    assert "--dry-run makes no report" in result.stderr
