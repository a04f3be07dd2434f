import os
from pathlib import Path

from apiward.app.page.works import MOST, MOST_TEXT, Work, WorkKind, Works

WORK = Work(WorkKind.HOLD, "f1", "person:ada", 10.0, process=7)


def test_the_last_work_on_a_finding_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    works = Works(tmp_path)
    assert (works.of("f1"), works.under_way()) == (None, None)
    works.keep(WORK)
    assert Works(tmp_path).of("f1") == WORK == works.under_way()
    ended = Work(
        WorkKind.HOLD, "f1", "person:ada", 10.0, 20.0, 0, told="x" * (MOST_TEXT + 1), talk="y" * MOST_TEXT + "z"
    )
    works.keep(ended)
    kept = works.of("f1")
    assert kept is not None
    assert (len(kept.told), kept.talk[-1], works.under_way()) == (MOST_TEXT, "z", None)
    assert {path.stat().st_mode & 0o77 for path in works.folder.iterdir()} == {0}
    assert works.folder.stat().st_mode & 0o77 == 0


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    works = Works(tmp_path)
    for number in range(MOST + 1):
        works.keep(Work(WorkKind.PLAN, f"f{number}", "", 1.0, 2.0, 0))
        os.utime(works._path(f"f{number}"), (number, number))  # files may be written within one tick of the clock
    works.keep(Work(WorkKind.PLAN, "last", "", 1.0, 2.0, 0))
    assert len(list(works.folder.glob("*.json"))) == MOST
    assert works.of("f0") is None
    assert works.of("last") is not None


def test_what_is_no_work_of_ours_is_none(tmp_path: Path) -> None:
    works = Works(tmp_path)
    works.keep(WORK)
    for text in ("", "[]", "{}", '{"kind": "else"}', '{"kind": "hold", "odd": 1}'):
        works._path("f1").write_text(text)
        assert works.of("f1") is None
    works._path("f1").write_bytes(b"\xff")
    assert works.of("f1") is None


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    works = Works(tmp_path)
    works.keep(WORK)
    other = tmp_path / "other"
    other.write_text("mine")
    (works.folder / "out").symlink_to(other)
    try:
        with works.opened("out"):
            raise AssertionError
    except OSError:
        assert other.read_text() == "mine"
