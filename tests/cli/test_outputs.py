from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.cli.outputs import lines_to, whole_file
from apiward.config.errors import AdvisedError


def test_lines_go_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert lines_to("", (str(number) for number in range(1_201))) == 1_201
    assert capsys.readouterr().out.splitlines() == [str(number) for number in range(1_201)]
    assert lines_to(None, []) == 0
    assert capsys.readouterr().out == ""


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out"

    def lines() -> Iterator[str]:
        yield "a"
        assert not path.exists()
        yield "b"

    assert lines_to(str(path), lines()) == 2
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("a\nb\n", 0o600)
    with whole_file(path) as file:
        file.write(b"\xff")
        assert path.read_text() == "a\nb\n"
    assert path.read_bytes() == b"\xff"


def test_what_ends_half_way_leaves_nothing(tmp_path: Path) -> None:
    def lines() -> Iterator[str]:
        yield "a"
        raise OSError(28, "No space left on device")

    with pytest.raises(AdvisedError, match="No space left"):
        lines_to(str(tmp_path / "out"), lines())
    assert list(tmp_path.iterdir()) == []
