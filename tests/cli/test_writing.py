from pathlib import Path

import pytest

from apiward.cli.writing import destinations, write_all
from apiward.config.errors import AdvisedError


def test_where_formats_go(tmp_path: Path) -> None:
    assert destinations((), None).places == (("text", None),)
    assert destinations(("json",), None).places == (("json", None),)
    assert destinations(("json",), "-").places == (("json", None),)
    assert destinations(("json",), str(tmp_path)).places == (("json", tmp_path / "apiward-report.json"),)
    assert destinations(("json",), f"{tmp_path}/new/").places == (("json", tmp_path / "new" / "apiward-report.json"),)
    assert destinations(("html",), f"{tmp_path}/x").places == (("html", tmp_path / "x"),)
    several = destinations(("text", "junit", "text"), f"{tmp_path}/x.json")
    assert several.places == (("text", None), ("junit", tmp_path / "x.xml"))
    assert several.is_text_on_stdout


def test_a_place_that_cannot_be_written_is_told_before_the_scan(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AdvisedError, match="is no folder"):
        destinations(("json",), str(tmp_path / "file" / "x.json"))
    (tmp_path / "apiward-report.json").mkdir()
    with pytest.raises(AdvisedError, match="It is a folder"):
        destinations(("json",), str(tmp_path))


def test_everything_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = destinations(("text", "md"), str(tmp_path / "new"))
    write_all(where, lambda name, *, is_stdout: f"{name} {is_stdout}")
    said = capsys.readouterr()
    assert said.out == "text True"
    assert (tmp_path / "new" / "apiward-report.md").read_text() == "md False"
    assert "The report (md) is in" in said.err
