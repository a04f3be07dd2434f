import subprocess
import sys
from pathlib import Path

from apiward.app.guarding.rules_in_use import FOLDER, modes_in_use, rules_in_use, tell_end, tell_rules
from apiward.core.decision import Mode


def test_a_worker_tells_what_it_has_taken_until_it_ends(tmp_path: Path) -> None:
    assert rules_in_use(tmp_path) == ()
    tell_rules(tmp_path, "abc", Mode.WATCH)
    assert rules_in_use(tmp_path) == ("abc",)
    tell_rules(tmp_path, "def", Mode.ENFORCE)
    assert rules_in_use(tmp_path) == ("def",)
    assert modes_in_use(tmp_path) == (Mode.ENFORCE,)
    tell_end(tmp_path)
    assert rules_in_use(tmp_path) == ()


def test_who_has_died_is_not_heard(tmp_path: Path) -> None:
    tell_rules(tmp_path, "abc", Mode.WATCH)
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    (tmp_path / FOLDER / str(gone.pid)).write_text("old")
    assert rules_in_use(tmp_path) == ("abc",)


def test_who_said_no_mode_counts_as_watching(tmp_path: Path) -> None:
    tell_rules(tmp_path, "abc", Mode.OFF)
    (file,) = [one for one in (tmp_path / FOLDER).iterdir() if one.name.isdigit()]
    for said in ("abc", "abc\nelse"):
        file.write_text(said)
        assert (rules_in_use(tmp_path), modes_in_use(tmp_path)) == (("abc",), (Mode.WATCH,))
    file.write_bytes(b"\xff")
    assert modes_in_use(tmp_path) == ()


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    tell_rules(tmp_path / "nowhere", "abc", Mode.WATCH)
    tell_end(tmp_path / "nowhere")
    assert rules_in_use(tmp_path / "nowhere") == ()
