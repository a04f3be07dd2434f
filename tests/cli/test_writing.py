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


def test_several_formats_need_a_folder_or_a_name_that_a_report_may_have(tmp_path: Path) -> None:
    for name in ("out.shop", "missing/v1.2"):
        with pytest.raises(AdvisedError, match="For a new folder write") as told:
            destinations(("text", "json"), f"{tmp_path}/{name}")
        assert told.value.exit_code == 2
    assert not list(tmp_path.iterdir())
    (folder,) = (path for _, path in destinations(("text", "json"), f"{tmp_path}/out.shop/").places if path)
    assert folder == tmp_path / "out.shop" / "apiward-report.json"
    again = destinations(("text", "json"), f"{tmp_path}/out.shop")
    assert again.places == (("text", None), ("json", folder))


def test_a_missing_folder_is_made_before_the_scan(tmp_path: Path) -> None:
    destinations(("json", "html"), f"{tmp_path}/new/reports")
    assert (tmp_path / "new" / "reports").is_dir()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that takes no new folders")
def test_a_folder_that_cannot_be_made_is_told_before_the_scan() -> None:
    with pytest.raises(AdvisedError, match="cannot be written"):
        destinations(("json", "html"), "/proc/self/missing/reports")


def test_a_report_that_cannot_be_written_does_not_cost_the_others(tmp_path: Path) -> None:
    where = destinations(("json", "html"), str(tmp_path))
    (tmp_path / "apiward-report.json").mkdir()
    with pytest.raises(AdvisedError, match=r"apiward-report\.json"):
        write_all(where, lambda name, *, is_stdout: f"{name} {is_stdout}")
    assert (tmp_path / "apiward-report.html").read_text() == "html False"
