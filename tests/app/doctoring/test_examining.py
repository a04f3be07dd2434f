from pathlib import Path

from apiward.app.doctoring.examining import Examined, examine
from apiward.app.doctoring.model import Sight, State
from tests.app.standing.made import NOW_S, scan, store_in


def parts(found: Examined) -> dict[str, State]:
    return {one.part: one.state for one in found.sights}


def test_a_store_with_a_scan_is_looked_at(tmp_path: Path) -> None:
    with store_in(tmp_path, scan()):
        pass
    file = tmp_path / "apiward.toml"
    file.write_text("")
    found = examine(file, NOW_S, environment={})
    assert parts(found)["store"] is parts(found)["scan"] is State.GOOD
    assert found.worst is State.MISSING
    assert found.next_command == "apiward guard http://localhost:8000 --watch"
    elsewhere = examine(file, NOW_S, data=str(tmp_path / "elsewhere"), environment={})
    assert parts(elsewhere)["store"] is State.MISSING


def test_what_is_broken_comes_first_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / ".apiward").mkdir()
    (tmp_path / ".apiward" / "events.sqlite").write_bytes(b"no database" * 100)
    file = tmp_path / "apiward.toml"
    file.write_text("[guard]\nmode = 3\n[notify]\ndigest = 3\n")
    found = examine(file, NOW_S, environment={})
    assert (parts(found)["settings"], parts(found)["store"]) == (State.BROKEN, State.BROKEN)
    assert found.next_command == f"apiward config check {file}"
    assert {"guard", "scan", "channels", "exercise", "parts"} <= set(parts(found))


def test_commands_can_be_typed_as_they_stand_whatever_the_folder_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "my shop"
    folder.mkdir()
    file = folder / "apiward.toml"
    file.write_text("[guard]\nmode = 3\n")
    sights = {one.part: one for one in examine(file, NOW_S, environment={}).sights}
    assert sights["settings"].command == f"apiward config check '{file}'"
    assert sights["store"].command == f"apiward scan http://localhost:8000 --store '{folder / '.apiward'}'"


def test_what_is_accepted_may_be_broken_while_the_store_is_right(tmp_path: Path) -> None:
    with store_in(tmp_path, scan()):
        pass
    file = tmp_path / "apiward.toml"
    file.write_text("")
    assert "accepted" not in parts(examine(file, NOW_S, environment={}))
    (tmp_path / "apiward.accepted.json").write_text("{")
    found = examine(file, NOW_S, environment={})
    seen = parts(found)
    assert (seen["accepted"], seen["store"], seen["scan"]) == (State.BROKEN, State.GOOD, State.GOOD)
    (said,) = (one.said for one in found.sights if one.part == "accepted")
    assert said.startswith(f"{tmp_path / 'apiward.accepted.json'} cannot be read: ")


def test_settings_are_looked_at_as_deep_as_config_check_does(tmp_path: Path) -> None:
    (tmp_path / "my.yml").write_text("title: x\n")
    file = tmp_path / "apiward.toml"
    file.write_text('[guard]\ndescription = "none.json"\n[watch]\nrules = ["my.yml"]\n')
    sights = examine(file, NOW_S, environment={}, scan_problems=lambda _: ["No such check."]).sights
    assert sights[0].state is State.BROKEN
    assert all(word in sights[0].said for word in ("guard.description", "my.yml", "No such check."))


def test_tables_that_are_right_count_beside_one_that_is_not(tmp_path: Path) -> None:
    file = tmp_path / "apiward.toml"
    file.write_text('[guard]\nupstream = "http://127.0.0.1:7"\n[notify]\ndigest = 3\n')
    sights = {one.part: one for one in examine(file, NOW_S, environment={}).sights}
    assert "http://127.0.0.1:7" in sights["guard"].command


def test_where_nothing_is_to_do_there_is_no_next_command() -> None:
    assert Examined(()).worst is State.GOOD
    assert Examined((Sight("store", State.GOOD, "It is.", "apiward"),)).next_command == ""
    assert Sight("store", State.GOOD, "").name == "Store"
