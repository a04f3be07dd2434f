from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.stores.events.rows import COLUMNS, Cell
from apiward.stores.events.segments import NotASegmentError, SegmentReader, header
from apiward.stores.events.spool import Spool
from tests.stores.events.made import records, rows


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "1.spool"
    path.write_bytes(content)
    return path


def _read(path: Path) -> tuple[list[str], int]:
    with SegmentReader(path) as reader:
        rows: list[list[Cell]] = []
        while more := reader.read(100):
            rows += more
        return [str(row[0]) for row in rows], reader.damaged


def test_a_living_writer_is_seen_and_read_as_far_as_it_wrote(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append(records(1)[0])
    (path,) = tmp_path.glob("*.spool")
    with SegmentReader(path) as reader:
        assert reader.is_live
        assert [row[0] for row in reader.read(10)] == ["00000001"]
        assert reader.read(10) == []
        spool.append(records(2)[0])
        assert [row[0] for row in reader.read(10)] == ["00000002"]
    spool.close()
    with SegmentReader(path) as reader:
        assert not reader.is_live


def test_the_place_is_kept_in_the_file(tmp_path: Path) -> None:
    path = _file(tmp_path, header() + b"".join(records(1, 2)))
    with SegmentReader(path) as reader:
        reader.read(10)
        reader.keep_place()
    assert _read(path) == ([], 0)


def test_of_a_living_writer_nothing_after_a_hole_is_read(tmp_path: Path) -> None:
    one, two = records(1, 2)
    path = _file(tmp_path, header() + one + bytes(5) + two)
    with SegmentReader(path) as reader:
        reader.is_live = True
        assert [row[0] for row in reader.read(10)] == ["00000001"]
        assert reader.read(10) == []
        assert reader.damaged == 0


@pytest.mark.parametrize("left", [1, 20, 100])
def test_a_torn_record_at_the_end_is_left_out(tmp_path: Path, left: int) -> None:
    one, two = records(1, 2)
    assert _read(_file(tmp_path, header() + one + two[:left] + bytes(500_000))) == (["00000001"], 1)


def test_a_hole_in_the_middle_costs_only_its_own_records(tmp_path: Path) -> None:
    one, two, three = records(1, 2, 3)
    torn = two[:30] + bytes(len(two) - 31) + b"\n"
    assert _read(_file(tmp_path, header() + one + torn + three)) == (["00000001", "00000003"], 1)


@given(st.binary(max_size=400))
def test_whatever_stands_in_between_sound_records_are_read(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes
) -> None:
    one, two = records(1, 2)
    noise = noise.replace(b"\n", b"")
    path = _file(tmp_path_factory.mktemp("noise"), header() + one + noise + b"\n" + two)
    found, _ = _read(path)
    assert found[0] == "00000001"
    assert found[-1] == "00000002"


@pytest.mark.parametrize(
    "content", [b"", b"\n", bytes(9_000), b"[]\n", b'["other","000000000000",[]]\n', b"{}\n", b"["]
)
def test_another_file_is_no_segment(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NotASegmentError):
        SegmentReader(_file(tmp_path, content))


def test_a_segment_of_the_version_without_marks_is_read(tmp_path: Path) -> None:
    first, place, columns = orjson.loads(header())
    shorter = orjson.dumps([first, place, columns[:-1]])
    start = f"{len(shorter) + 1:0{len(place)}}"
    (row,) = rows(7)
    content = orjson.dumps([first, start, columns[:-1]]) + b"\n" + orjson.dumps(row[:-1]) + b"\n"
    with SegmentReader(_file(tmp_path, content)) as reader:
        assert reader.read(10) == [row]


def test_a_segment_of_another_version_is_read_by_its_names(tmp_path: Path) -> None:
    first, place, _ = orjson.loads(header())
    columns = ["said", "id", "unknown"]
    shorter = orjson.dumps([first, place, columns])
    start = f"{len(shorter) + 1:0{len(place)}}"
    content = orjson.dumps([first, start, columns]) + b'\n["hello","7",1]\n'
    with SegmentReader(_file(tmp_path, content)) as reader:
        (row,) = reader.read(10)
    cells = dict(zip(COLUMNS, row, strict=True))
    assert (cells["id"], cells["said"], cells["rulings"], cells["kind"]) == ("7", "hello", "[]", "request")
    assert (cells["path"], cells["status"]) == ("", 0)
