from pathlib import Path

import pytest

from apiward.stores.learned import folder as folder_module
from apiward.stores.learned.folder import LearnedFolder


def join(states: list[bytes]) -> bytes:
    return b"+".join(sorted(states))


def unexpected(name: str) -> None:
    raise AssertionError(f"{name} was left out")


def test_what_a_process_left_is_joined_at_the_next_start_and_counted_once(tmp_path: Path) -> None:
    one = LearnedFolder(tmp_path / "learned", unexpected)
    assert one.open(join) == b""
    one.save(b"old")
    one.save(b"a")
    one.close()
    two = LearnedFolder(tmp_path / "learned", unexpected)
    assert two.open(join) == b"a"
    two.save(b"b")
    two.close()
    three = LearnedFolder(tmp_path / "learned", unexpected)
    assert three.open(join) == b"a+b"
    assert three.others() == []
    three.close()


def test_what_a_living_process_writes_is_left_alone(tmp_path: Path) -> None:
    one, two = LearnedFolder(tmp_path, unexpected), LearnedFolder(tmp_path, unexpected)
    one.open(join)
    one.save(b"a")
    assert two.open(join) == b""
    assert two.others() == [b"a"]
    assert two.all() == [b"a"]
    one.close()
    two.close()


def test_a_process_that_ended_before_it_saved_leaves_nothing(tmp_path: Path) -> None:
    one = LearnedFolder(tmp_path, unexpected)
    one.open(join)
    one.close()
    two = LearnedFolder(tmp_path, unexpected)
    assert two.open(join) == b""
    two.close()
    assert len(list(tmp_path.glob("worker-*.lock"))) == 1


def test_files_are_for_their_owner_alone_and_exchanged_whole(tmp_path: Path) -> None:
    one = LearnedFolder(tmp_path / "learned", unexpected)
    one.open(join)
    one.save(b"a")
    (file,) = (tmp_path / "learned").glob("worker-*.json")
    assert file.stat().st_mode & 0o777 == 0o600
    assert not list((tmp_path / "learned").glob(".*"))
    one.close()


def test_a_file_that_is_too_large_is_left_out_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    one, two = LearnedFolder(tmp_path, told.append), LearnedFolder(tmp_path, told.append)
    one.open(join)
    one.save(b"aaaa")
    two.open(join)
    assert two.others() == [b"aaaa"]
    assert told == []
    monkeypatch.setattr(folder_module, "MAX_FILE", 3)
    assert two.others() == []
    (file,) = tmp_path.glob("worker-*.json")
    assert told == [file.name]
    one.close()
    two.close()


def test_a_state_that_is_too_large_is_refused_and_the_last_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_module, "MAX_FILE", 3)
    one = LearnedFolder(tmp_path, unexpected)
    one.open(join)
    one.save(b"aaa")
    with pytest.raises(OSError, match="larger than"):
        one.save(b"aaaa")
    assert LearnedFolder(tmp_path, unexpected).all() == [b"aaa"]
    one.close()


def test_what_is_too_large_together_is_told_and_the_past_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "MAX_FILE", 4)
    told: list[str] = []
    for state in (b"aaa", b"bbb"):
        one = LearnedFolder(tmp_path, told.append)
        one.open(join)
        one.save(state)
        one.close()
    last = LearnedFolder(tmp_path, told.append)
    assert last.open(join) == b"aaa"
    assert told == ["whole.json"]
    last.close()


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "learned").write_text("")
    with pytest.raises(OSError, match="learned"):
        LearnedFolder(tmp_path / "learned", unexpected).open(join)
