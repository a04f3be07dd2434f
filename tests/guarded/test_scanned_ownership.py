"""A scan of the demo business makes notes for its accounts; a guard that starts afterwards knows whose they are."""

import json
import time
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from apiward.cli.demo_process import running_demo
from apiward.cli.main import cli
from apiward.cli.state import State
from apiward.demo.people import CLIENT, OTHER_CLIENT, Seeded
from tests.guarded.guards import RunningGuard, guarding, until
from tests.guarded.speaking import body_of, get, status_of

_SETTINGS: Final = "workers = 1\n"
_RULE: Final = '[[object]]\nid = "note"\noperations = ["* /api/v2/notes/{note_id}"]\nmode = "enforce"\n'
_NOTES: Final = "/api/v2/notes"


@pytest.mark.long
def test_a_guard_that_starts_after_a_scan_knows_whose_the_objects_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = tmp_path / "guard", tmp_path / "other"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for folder in (home, other):
        folder.mkdir()
        (folder / "apiward.rules.toml").write_text(_RULE)
    monkeypatch.chdir(home)
    with running_demo(weak="object-read-note", port=0) as demo:
        _scan(demo.address, monkeypatch)
        note = _note_of(CLIENT, demo.address, State(tmp_path / "state" / "apiward"))
        assert not (home / ".apiward").exists(), "a scan alone makes no guard"
        with guarding(home, demo.address, _SETTINGS) as running:
            assert any("whose the objects are" in str(line.get("what")) for line in running.words())
            ben, ada = _token(running, OTHER_CLIENT), _token(running, CLIENT)
            assert _read(running, note, ben) == 404, "he is the first to reach it, and still no owner"
            assert _read(running, note, ada) == 200
            until(lambda: running.rules().get("objects.foreign", 0) == 1)
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "nothing"))
        with guarding(other, demo.address, _SETTINGS) as running:
            assert _read(running, note, _token(running, OTHER_CLIENT)) == 200, "nobody has told this guard"


def _scan(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = []
    for name, who in (("ada", CLIENT), ("ben", OTHER_CLIENT)):
        monkeypatch.setenv(f"{name}_password", who.password)
        accounts.append(f"--account=name={name},username={who.email},password-env={name}_password")
    words = ("scan", address, "--level", "write", "--only", "OBJ01", "--quiet", *accounts)
    assert CliRunner().invoke(cli, words, catch_exceptions=False).exit_code == 1


def _note_of(who: Seeded, address: str, state: State) -> str:
    """Return the number of a note that the scan has made as somebody."""
    rows = [one for scan in state.objects_at(address, time.time()).values() for one in scan]
    return next(one.id for one in rows if one.collection == _NOTES and who.email in one.owners)


def _token(running: RunningGuard, who: Seeded) -> str:
    sent = f"username={who.email}&password={who.password}&grant_type=password".encode()
    kind = "Content-Type: application/x-www-form-urlencoded"
    answer = get(running.port, "/api/v2/token", kind, method="POST", body=sent)
    assert status_of(answer) == 200, answer
    return str(json.loads(body_of(answer))["access_token"])


def _read(running: RunningGuard, note: str, token: str) -> int:
    return status_of(get(running.port, f"{_NOTES}/{note}", f"Authorization: Bearer {token}"))
