import stat
from dataclasses import replace
from pathlib import Path

import pytest

from apiward.cli.state import MAX_OBJECTS, OBJECTS_S, Context, State, state_of
from apiward.config.errors import AdvisedError
from apiward.core.jsonvalue import Json
from apiward.core.objects import KnownObject

CONTEXT = Context("http://h", "", "", "full", 7, is_stated=False, is_insecure=False, is_allowed=False)


def _report(id_: str) -> dict[str, Json]:
    return {"schema": "apiward.scan/1", "findings": [{"id": id_, "check": "OBJ01"}]}


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    state = State(tmp_path / "deep" / "apiward")
    assert state.last() is None
    state.keep("http://a", CONTEXT, _report("aaaaaaaaaa"), is_whole=True)
    narrow = replace(CONTEXT, app="shop:app", leave_alone=("POST /payments",), also=("x.har",), rate_per_s=2.5)
    state.keep("http://b", narrow, _report("bbbbbbbbbb"), is_whole=False)
    last = state.last()
    assert last is not None
    assert (last.context, last.findings[0]["id"]) == (narrow, "bbbbbbbbbb")
    assert state.last_of("http://b") is None, "a narrow scan is nothing to compare with"
    assert state.last_of("http://a") is not None
    found = state.find("AAAAAAAA")
    assert found is not None
    assert found[1]["id"] == "aaaaaaaaaa"
    assert state.find("aaa") is None
    assert state.find("cccccccccc") is None


def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    state = State(tmp_path / "apiward")
    state.keep("http://a", CONTEXT, _report("aaaaaaaaaa"), is_whole=True)
    state.secret()
    state.note_permission("h", "stated")
    for path in [state.folder, *state.folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "apiward.state/1"}', '{"schema": "apiward.state/2"}'])
def test_a_damaged_state_is_no_state(tmp_path: Path, text: str) -> None:
    (tmp_path / "last.json").write_text(text)
    assert State(tmp_path).last() is None


def test_the_key_stays(tmp_path: Path) -> None:
    key = State(tmp_path).secret()
    assert len(key) == 64
    assert State(tmp_path).secret() == key


def test_a_state_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AdvisedError, match="cannot be written"):
        State(tmp_path / "file").secret()


def test_permissions_are_written_down(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.note_permission("a.example", "stated")
    state.note_permission("b.example", "file")
    text = (tmp_path / "permissions.json").read_text()
    assert text.index("a.example") < text.index("b.example")


def test_where_it_is_kept() -> None:
    assert state_of({"XDG_STATE_HOME": "/s", "HOME": "/h"}).folder == Path("/s/apiward")
    assert state_of({"XDG_STATE_HOME": "relative", "HOME": "/h"}).folder == Path("/h/.local/state/apiward")


def test_what_scans_left_is_read_back_for_a_while(tmp_path: Path) -> None:
    state = State(tmp_path)
    first, second = KnownObject("/notes", "5", ("anna", "17")), KnownObject("/notes/{}/lines", "5/1", ("anna",))
    state.keep_objects("http://localhost:8000/api", 100.0, [first])
    state.keep_objects("http://127.0.0.1:8000", 200.0, [second])
    assert state.objects_at("http://127.0.0.1:8000/", 300.0) == {100.0: [first], 200.0: [second]}
    assert state.objects_at("http://127.0.0.1:8000/", 150.0 + OBJECTS_S) == {200.0: [second]}
    assert state.objects_at("http://127.0.0.1:8001", 300.0) == {}


def test_what_many_scans_left_is_bounded(tmp_path: Path) -> None:
    state = State(tmp_path)
    many = [KnownObject("/notes", str(number), ("anna",)) for number in range(MAX_OBJECTS)]
    state.keep_objects("http://a", 100.0, many)
    state.keep_objects("http://a", 200.0, many[:5])
    found = state.objects_at("http://a", 300.0)
    assert (len(found[200.0]), len(found[100.0])) == (5, MAX_OBJECTS - 5)


@pytest.mark.parametrize("rows", ["5", '[5, [1.0], [1.0, 2, 3, 4], [1.0, "/n", "5", "anna"]]'])
def test_damaged_rows_are_left_out(tmp_path: Path, rows: str) -> None:
    state = State(tmp_path)
    state.keep_objects("http://a", 100.0, [])
    path = next((tmp_path / "objects").iterdir())
    path.write_text(f'{{"schema": "apiward.objects/1", "objects": {rows}}}')
    assert state.objects_at("http://a", 200.0) == {}
