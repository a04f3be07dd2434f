from pathlib import Path

import pytest

from apiward.stores.events.draining import Drain
from apiward.stores.events.spool import MIN_SEGMENT, Spool, SpoolFullError, remove_half_made, spooled_bytes
from tests.stores.events.made import Shelf, records


def _ids(folder: Path) -> list[str]:
    shelf = Shelf()
    Drain(folder, shelf).run()
    return shelf.ids


def _fill(spool: Spool) -> int:
    for taken, record in enumerate(records(*range(5_000))):
        try:
            spool.append(record)
        except SpoolFullError:
            return taken
    return 5_000


def test_what_was_appended_stands_in_the_file_at_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for record in records(1, 2):
        spool.append(record)
    (file,) = tmp_path.glob("*.spool")
    assert b"".join(records(1, 2)) in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    spool.close()


def test_more_than_one_segment_is_written_in_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_size=MIN_SEGMENT)
    for record in records(*range(3_000)):
        spool.append(record)
    assert len(list(tmp_path.glob("*.spool"))) > 1
    assert not spool.is_drained()
    spool.close()
    assert _ids(tmp_path) == [f"{number:08d}" for number in range(3_000)]
    assert spool.is_drained()


def test_a_full_folder_takes_no_more_until_it_is_drained(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_size=MIN_SEGMENT, most_bytes=2 * MIN_SEGMENT)
    taken = _fill(spool)
    assert 1_000 < taken < 5_000
    assert len(_ids(tmp_path)) == taken
    spool.append(records(9)[0])
    spool.close()
    assert spooled_bytes(tmp_path) < MIN_SEGMENT


def test_a_folder_that_cannot_be_made_is_a_full_spool(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolFullError):
        Spool(tmp_path / "file" / "folder").append(b"[]\n")


def test_no_half_made_segment_stays_behind(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_size=1 << 60, most_bytes=1 << 62)
    with pytest.raises(SpoolFullError, match="no room"):
        spool.append(b"[]\n")
    assert list(tmp_path.iterdir()) == []


def test_sizes_that_cannot_work_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="segment"):
        Spool(tmp_path, segment_size=1)
    with pytest.raises(ValueError, match="segment"):
        Spool(tmp_path, most_bytes=1)


def test_what_was_left_half_made_is_removed_and_what_is_just_made_is_not(tmp_path: Path) -> None:
    half = tmp_path / "1.new"
    half.write_text("")
    made_s = half.stat().st_mtime
    remove_half_made(tmp_path, made_s + 1.0)
    assert half.exists()
    remove_half_made(tmp_path, made_s + 100.0)
    assert not half.exists()
