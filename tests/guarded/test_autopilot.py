"""A guard that watches, with its owner's consent to switch: it enforces what is ready, and takes back what harms."""

from pathlib import Path

import pytest

from tests.guarded.guards import RunningGuard, guarding, until
from tests.guarded.notes_api import NOTES, command, describe, note
from tests.guarded.recording import Recorder

SETTINGS = """description = "openapi.json"
mode = "watch"
[guard.modes]
authenticate = "enforce"
permit = "enforce"
[guard.flood]
address_at_once = 0
[guard.autopilot]
enabled = true
requests = 12
callers = 3
days = 1
every_s = 1
back_callers = 2
"""
STRANGER = "127.0.0.99"
CALLERS = [f"127.0.0.{number}" for number in range(11, 15)]


def _usual(guard: RunningGuard) -> None:
    for source in CALLERS:
        for _ in range(4):
            assert note(guard.port, source, text="a walk in the park")[0] == 200


@pytest.mark.long
def test_what_would_be_refused_stands_in_its_way(api: Recorder, tmp_path: Path) -> None:
    describe(tmp_path)
    with guarding(tmp_path, api.address, SETTINGS) as guard:
        _usual(guard)
        assert note(guard.port, CALLERS[0], text=7)[0] == 200, "it only watches"
        guard.await_events(17)
        told = command(tmp_path, "guard", "status").stdout
        assert "shape.body at body.text: 1 request of 1 caller" in told
        assert "Autopilot: on." in told
        assert f"Next: apiward allow {guard.rows()[-1]['id']} --dry-run" in told


@pytest.mark.long
def test_it_switches_what_is_ready_and_takes_it_back_where_it_harms(api: Recorder, tmp_path: Path) -> None:
    describe(tmp_path)
    with guarding(tmp_path, api.address, SETTINGS) as guard:
        _usual(guard)
        until(lambda: any("The autopilot has switched" in words["what"] for words in guard.words()))
        until(lambda: note(guard.port, STRANGER, text=7)[0] == 422)
        told = command(tmp_path, "guard", "status").stdout
        assert "enforces: authenticate, permit, shape" in told
        assert f"shape on {NOTES}: enforce (16 requests, 4 callers, 1 day, 0 would-be refusals)" in told
        # One stranger, however often, opens nothing; two who fared well before do.
        for _ in range(10):
            assert note(guard.port, STRANGER, text=7)[0] == 422
        for source in CALLERS[:2]:
            note(guard.port, source, text=7)
        until(lambda: note(guard.port, STRANGER, text=7)[0] == 200)
        told = command(tmp_path, "guard", "status").stdout
        assert "watch (2 callers who fared well before were refused)" in told
        until(lambda: guard.rows("kind = 'guard' AND said LIKE '%only watches again%'"))
        assert guard.stray_words() == []


def test_a_guard_told_to_watch_on_the_command_line_is_left_alone(api: Recorder, tmp_path: Path) -> None:
    describe(tmp_path)
    with guarding(tmp_path, api.address, SETTINGS, "--watch") as guard:
        _usual(guard)
        guard.await_events(16)
        until(lambda: "started with --watch" in command(tmp_path, "guard", "status").stdout)
        assert not (tmp_path / "apiward.rules.toml").exists()
