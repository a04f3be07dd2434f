"""A refusal is excluded while the guard runs: it takes it, and still refuses every other attack."""

from collections.abc import Iterator

import pytest

from tests.guarded.conftest import SETTINGS
from tests.guarded.guards import RunningGuard, guarding, until
from tests.guarded.notes_api import command, describe, note
from tests.guarded.recording import Recorder

SQL = "x' OR 1=1 --"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def notes(api: Recorder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGuard]:
    home = tmp_path_factory.mktemp("notes")
    describe(home)
    with guarding(home, api.address, f'description = "openapi.json"\n{SETTINGS}') as running:
        yield running


def test_what_was_refused_wrongly_passes_and_another_attack_does_not(notes: RunningGuard) -> None:
    status, incident = note(notes.port, text=SQL)
    assert status == 400
    until(lambda: notes.rows(f"id = '{incident}'"))
    said = command(notes.home, "allow", incident, "--reason", "A course about databases.", "--yes")
    assert said.exit_code == 0, said.output
    assert "0 attacks" in said.stdout
    until(lambda: note(notes.port, text=SQL)[0] == 200)
    assert note(notes.port, text="fine", title=SQL)[0] == 400, "another place"
    assert note(notes.port, text=SCRIPT)[0] == 400, "another rule"
    assert note(notes.port, text=f"{SQL} {SCRIPT}")[0] == 400, "another rule in the same text"
    assert note(notes.port, text=SQL, tags=["a", SQL])[0] == 400, "another place in the same request"
    assert note(notes.port, target="/notes?q=1%27%20OR%201%3D1%20--", text=SQL)[0] == 400, "the query of it"
    until(lambda: notes.rows("outcome = 'passed' AND rulings LIKE '%allowed as allow-%'"))  # it is noted
    removed = command(notes.home, "allow", "remove", f"allow-{incident[-6:]}")
    assert removed.exit_code == 0
    until(lambda: note(notes.port, text=SQL)[0] == 400)


def test_a_field_too_many_is_allowed_and_the_rest_is_judged(notes: RunningGuard) -> None:
    status, incident = note(notes.port, text="a", colour="red")
    assert status == 422
    until(lambda: notes.rows(f"id = '{incident}'"))
    assert command(notes.home, "allow", incident, "--yes").exit_code == 0
    until(lambda: note(notes.port, text="a", colour="red")[0] == 200)
    assert note(notes.port, text="a", colour="red", role="admin")[0] == 422
    assert note(notes.port, text=7, colour="red")[0] == 422
    assert note(notes.port, text=SQL, colour="red")[0] == 400


def test_a_path_that_nothing_describes_is_allowed_alone(notes: RunningGuard) -> None:
    status, incident = note(notes.port, target="/hook", text="a")
    assert status == 404
    until(lambda: notes.rows(f"id = '{incident}'"))
    assert command(notes.home, "allow", incident, "--yes").exit_code == 0
    until(lambda: note(notes.port, target="/hook", text="a")[0] == 200)
    assert note(notes.port, target="/hooks", text="a")[0] == 404
    assert note(notes.port, target="/hook", text=SQL)[0] == 400
