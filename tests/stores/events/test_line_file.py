import fcntl
import json
import os
from pathlib import Path

import pytest

from apiward.stores.events.keeping import StoreAwayError
from apiward.stores.events.line_file import LineFile
from tests.stores.events.made import rows


def _ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines() if line]


def test_lines_are_appended_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    for numbers in ((1, 2), (3,)):
        lines = LineFile(path)
        assert lines.add(rows(*numbers)) == ()
        lines.close()
    assert _ids(path) == ["00000001", "00000002", "00000003"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    lines = LineFile(path)
    lines.add(rows(1))
    path.rename(tmp_path / "old")
    lines.add(rows(2))
    lines.close()
    assert _ids(path) == ["00000002"]
    assert _ids(tmp_path / "old") == ["00000001"]


def test_standard_output_gets_lines(capfd: pytest.CaptureFixture[str]) -> None:
    lines = LineFile()
    lines.add(rows(1))
    lines.close()
    assert json.loads(capfd.readouterr().out)["id"] == "00000001"


def test_a_full_disk_is_a_store_that_is_away() -> None:
    lines = LineFile(Path("/dev/full"))
    with pytest.raises(StoreAwayError, match="No space"):
        lines.add(rows(1))
    lines.close()


def test_a_folder_that_is_missing_is_a_store_that_is_away(tmp_path: Path) -> None:
    with pytest.raises(StoreAwayError):
        LineFile(tmp_path / "no" / "events.jsonl").add(rows(1))


def test_after_a_torn_line_the_next_one_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4_096)  # less than a few lines take
    lines = LineFile(path)
    lines._open()
    os.dup2(writing, lines._descriptor)
    lines._path = None
    with pytest.raises(StoreAwayError):  # the pipe takes a part of it
        lines.add(rows(*range(50)))
    os.read(reading, 1 << 20)
    lines.add(rows(7))
    assert os.read(reading, 1 << 20).startswith(b'\n{"time"')
    for descriptor in (reading, writing, lines._descriptor):
        os.close(descriptor)
