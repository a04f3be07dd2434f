from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.stores.record.checkpoints import BadCheckpoint, Checkpoint, CheckpointFile, read_checkpoints
from apiward.stores.record.signing import Signer

SIGNER = Signer(bytes(range(32)))
KEY = SIGNER.public


def checkpoint(size: int = 7) -> Checkpoint:
    return Checkpoint(KEY.name, size, bytes([size % 256]) * 32, 1_800_000_000 + size)


def note(size: int = 7) -> str:
    return SIGNER.signed(checkpoint(size).text)


def test_a_checkpoint_has_the_lines_of_c2sp() -> None:
    assert checkpoint(0).text.split("\n") == [KEY.name, "0", "A" * 43 + "=", "time 1800000000", ""]


@given(st.integers(0, 10**18 - 1), st.binary(min_size=32, max_size=32), st.integers(0, 10**12 - 1))
def test_a_checkpoint_comes_back_from_its_text(size: int, root: bytes, at_s: int) -> None:
    made = Checkpoint(KEY.name, size, root, at_s)
    assert Checkpoint.parse(made.text) == made


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(ValueError, match=r"no checkpoint|broken"):
        Checkpoint.parse(text)
    assert not any(isinstance(found, Checkpoint) for found in read_checkpoints(text, KEY))


@pytest.mark.parametrize(
    "text",
    ["x\n07\nAAAA\ntime 1\n", "x\n7\nAAAA\ntime 1\n", "x\n7\n!\ntime 1\n", "x\n7\nAAAA\n", checkpoint().text[:-1], ""],
)
def test_what_is_written_another_way_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"it is no checkpoint|its hash is broken"):
        Checkpoint.parse(text)


@given(st.lists(st.integers(0, 1_000), max_size=6), st.sampled_from(["", "\n", "\n\n\n"]))
def test_many_in_one_text_are_all_read(sizes: list[int], gap: str) -> None:
    text = gap.join(note(size) for size in sizes)
    assert list(read_checkpoints(gap + text + gap, KEY)) == [checkpoint(size) for size in sizes]


def test_a_bad_one_is_named_by_its_line_and_hides_no_other() -> None:
    forged = Signer(bytes(32)).signed(checkpoint(8).text)
    signed = SIGNER.signed("not a checkpoint\n")
    other = SIGNER.signed(Checkpoint("another", 1, bytes(32), 1).text)
    parts = [note(7), forged, signed, other, "torn\n7\n", "— alone\n", note(9)]
    found = list(read_checkpoints("\n".join(parts), KEY))
    assert found == [
        checkpoint(7),
        BadCheckpoint(8, f"it is not signed by {KEY.name}"),
        BadCheckpoint(15, "it is signed, but it is no checkpoint"),
        BadCheckpoint(19, "it is of another record: another"),
        BadCheckpoint(26, f"it is not signed by {KEY.name}"),
        checkpoint(9),
    ]


def test_a_file_is_appended_to_and_belongs_to_its_owner(tmp_path: Path) -> None:
    file = CheckpointFile(tmp_path / "far" / "checkpoints")
    for size in (1, 2):
        file.put(note(size))
    path = Path(file.name)
    assert list(read_checkpoints(path.read_text("utf-8"), KEY)) == [checkpoint(1), checkpoint(2)]
    assert path.stat().st_mode & 0o077 == 0


def test_one_that_a_crash_has_torn_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints"
    CheckpointFile(path).put(note(1)[:-30])
    CheckpointFile(path).put(note(2))
    torn, whole = read_checkpoints(path.read_text("utf-8"), KEY)
    assert isinstance(torn, BadCheckpoint)
    assert whole == checkpoint(2)


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        CheckpointFile(tmp_path / "file" / "checkpoints").put(note())
