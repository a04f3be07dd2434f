import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from apiward.cli.exits import ExitCode
from apiward.cli.pipeline import for_pipeline, tell_pipeline, unproved
from apiward.core.verdict import Confidence
from apiward.prove.model import build_model
from tests.cli.conftest import Run
from tests.prove.sample import CATALOGUE, finding, report

PROGRAM = """
import json

PATHS = {"/hours": {"get": {"responses": {"200": {"description": "when"}}}}}
DOCUMENT = {"openapi": "3.0.3", "info": {"title": "Hours", "version": "1"}, "paths": PATHS}

async def app(scope, receive, send):
    if scope["type"] != "http":
        raise NotImplementedError
    body = {"/openapi.json": DOCUMENT, "/hours": {"from": 8}}.get(scope["path"])
    headers = [(b"server", b"Werkzeug/3.0.1 Python/3.11.2")]
    await send({"type": "http.response.start", "status": 200 if body else 404, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
"""
SCAN = ("scan", "--app", "pipeline_program:app", "--only", "CFG01", "--fail-on", "note", "--ci")
REPORTS = ["apiward-report.html", "apiward-report.md", "apiward-report.sarif", "apiward-report.xml"]


@pytest.fixture(autouse=True)
def program(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "path", list(sys.path))
    Path("pipeline_program.py").write_text(PROGRAM)
    yield
    sys.modules.pop("pipeline_program", None)


def test_reports_are_in_the_folder_and_the_log_holds_the_problems(run: Run) -> None:
    result = run(*SCAN, GITHUB_ACTIONS=None)
    assert result.exit_code == ExitCode.BROKEN
    assert sorted(path.name for path in Path("apiward-reports").iterdir()) == REPORTS
    assert "CFG01 note" in result.stdout
    assert "::" not in result.stdout
    assert "requests sent to your API" not in result.stderr


def test_on_github_the_problem_stands_beside_the_change_and_in_the_summary(run: Run) -> None:
    Path("summary.md").write_text("before\n")
    result = run(*SCAN, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY="summary.md")
    assert result.stdout.splitlines()[-1].startswith("::error title=CFG01 note%2C proved::")
    assert Path("summary.md").read_text().startswith("before\n# API check of Hours\n")
    lost = run(*SCAN, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY="none/summary.md")
    assert lost.exit_code == ExitCode.BROKEN
    assert "The summary of the job could not be written" in lost.stderr


def test_formats_that_are_named_win_and_stay_whole(run: Run) -> None:
    result = run(*SCAN, "--format", "json", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=None)
    assert json.loads(result.stdout)["schema"] == "apiward.scan/1"
    assert "::error title=CFG01" in result.stderr
    assert not Path("apiward-reports").exists()


def test_accepted_problems_do_not_fail_it(run: Run) -> None:
    accepting = ("--write-baseline", "known.json", "--reason", "behind a proxy", "--expires", "2999-01-01")
    run(*SCAN, *accepting)
    result = run(*SCAN, "--baseline", "known.json", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=None)
    assert result.exit_code == ExitCode.HOLDS
    assert "::error" not in result.stdout


def test_a_plan_may_be_asked_for_with_it(run: Run) -> None:
    assert run(*SCAN, "--dry-run").exit_code == ExitCode.HOLDS


def test_only_what_is_proved_fails() -> None:
    likely = replace(finding(), confidence=Confidence.LIKELY)
    assert unproved(report([likely, finding("CFG03")])) == {likely.id}
    told: list[str] = []
    model = build_model(report([likely]), CATALOGUE)
    tell_pipeline(model, (), {"GITHUB_ACTIONS": "true"}, tell=told.append)
    assert [line.split(" ")[0] for line in told] == ["::warning"]
    assert for_pipeline({"output": "x"}) == {"output": "x", "quiet": True}
