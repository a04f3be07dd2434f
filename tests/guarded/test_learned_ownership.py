"""A guard that runs learns whose notes are whose; its owner enforces that by a command, and takes it back."""

import json
from pathlib import Path

from tests.guarded.conftest import SETTINGS
from tests.guarded.guards import RunningGuard, guarding, until
from tests.guarded.notes_api import command
from tests.guarded.owned_notes import SECRET, bearer, notes_served
from tests.guarded.speaking import body_of, get, post, status_of

_GUARD = f"""workers = 1
{SETTINGS}[guard.objects]
warm_up_days = 0
[[guard.issuers]]
issuer = "https://id.shop.test"
audience = ["shop"]
secret_file = "secret"
"""
_PEOPLE = ("anna", "ben", "carla", "dario", "elif")


def test_what_is_learned_is_enforced_by_a_command(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(SECRET)
    with notes_served() as upstream:
        with guarding(tmp_path, upstream, _GUARD) as running:
            made = {who: _used(running, who) for who in _PEOPLE}
            assert _read(running, "ben", made["anna"]) == 200, "nothing is refused by itself"
        shown = command(tmp_path, "objects")
        assert "/notes" in shown.stdout
        assert command(tmp_path, "objects", "enforce", "/notes").exit_code != 0, "it was not quiet for long enough"
        assert command(tmp_path, "objects", "enforce", "/notes", "--anyway").exit_code == 0
        with guarding(tmp_path, upstream, _GUARD) as running:
            assert _read(running, "anna", made["anna"]) == 200
            assert _read(running, "ben", made["ben"]) == 200
            assert _read(running, "ben", made["anna"]) == 404, "also after a restart, and he had read it before"
            assert _read(running, "dario", made["carla"]) == 404
            until(lambda: running.rules().get("objects.foreign", 0) >= 2)
            assert command(tmp_path, "objects", "undo").exit_code == 0
            until(lambda: _read(running, "dario", made["carla"]) == 200)
            assert running.stray_words() == []
            assert "guard.stage-failed" not in running.rules()


def _used(running: RunningGuard, who: str) -> int:
    """Make a note, list one's notes, and read it; return its number."""
    answer = post(running.port, "/notes", b'{"text": "some words"}', bearer(who))
    assert status_of(answer) == 201
    number = int(json.loads(body_of(answer))["id"])
    assert status_of(get(running.port, "/notes", bearer(who))) == 200
    assert _read(running, who, number) == 200
    return number


def _read(running: RunningGuard, who: str, number: int) -> int:
    return status_of(get(running.port, f"/notes/{number}", bearer(who)))
