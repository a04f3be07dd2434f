import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run

PROGRAM = """
import json, os, signal

STOP_AT, SIGNALS, COUNT = 0, 0, 0
PATHS = {"/hours": {"get": {"responses": {"200": {"description": "when"}}}}}
DOCUMENT = {"openapi": "3.0.3", "info": {"title": "Hours", "version": "1"}, "paths": PATHS}

async def app(scope, receive, send):
    global COUNT
    if scope["type"] != "http":
        raise NotImplementedError
    COUNT += 1
    if COUNT == STOP_AT:
        for _ in range(SIGNALS):
            os.kill(os.getpid(), signal.SIGINT)
    shown = [value.decode() for name, value in scope["headers"] if name == b"authorization"]
    body = {"/openapi.json": DOCUMENT, "/hours": {"from": 8, "you": shown}}.get(scope["path"])
    await send({"type": "http.response.start", "status": 200 if body else 404, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
"""
SCAN = ("scan", "--app", "recorded_program:app", "--only", "configuration", "--fail-on", "never", "--har", "sent.har")


@pytest.fixture(autouse=True)
def program(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "path", list(sys.path))
    Path("recorded_program.py").write_text(PROGRAM)
    yield
    sys.modules.pop("recorded_program", None)


def _entries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path("sent.har").read_text())["log"]["entries"]
    return found


def test_all_that_was_sent_is_in_the_file_without_its_secrets(run: Run) -> None:
    result = run(*SCAN, "--account", "name=anna,header=Authorization: Bearer hunter2-hunter2")
    entries = _entries()
    assert len(entries) == sys.modules["recorded_program"].COUNT
    assert f"What was sent is in sent.har: {len(entries)} requests, secrets masked." in result.stderr
    assert {"/openapi.json", "/hours"} <= {
        entry["request"]["url"].removeprefix("http://localhost") for entry in entries
    }
    assert "hunter2" not in Path("sent.har").read_text()
    assert any(header["name"] == "Authorization" for entry in entries for header in entry["request"]["headers"])
    assert Path("sent.har").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("signals", [1, 2])
def test_it_is_written_when_the_scan_is_stopped(run: Run, signals: int) -> None:
    Path("recorded_program.py").write_text(
        PROGRAM.replace("STOP_AT, SIGNALS, COUNT = 0, 0", f"STOP_AT, SIGNALS, COUNT = 8, {signals}")
    )
    result = run(*SCAN, "--quiet")
    assert result.exit_code == ExitCode.INTERRUPTED
    assert ("The scan was stopped before its end." in result.stdout) == (signals == 1)
    under_way = sys.modules["recorded_program"].COUNT - len(_entries())
    assert 0 <= under_way <= (0 if signals == 1 else 10)
    assert len(_entries()) >= 7


def test_a_place_that_cannot_be_written_is_told_before_anything_is_sent(run: Run) -> None:
    for place in ("none/sent.har", "."):
        result = run(*SCAN[:-1], place)
        assert (result.exit_code, result.stdout) == (ExitCode.USAGE, "")
        assert f"{place} cannot be written." in result.stderr
        assert "--har" in result.stderr
    assert "recorded_program" not in sys.modules
