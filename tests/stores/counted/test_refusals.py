from pathlib import Path

from apiward.stores.counted.refusals import RefusalReader
from apiward.stores.events.database import open_database, sqlite_url
from tests.stores.counted.test_tallying import keep, made
from tests.web.made import NOW_S


def test_refusals_come_newest_first_and_page_by_page(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "events.sqlite"))
    days = (3, 0, 1, 1)
    keep(engine, *(made(number, "refused", ago) for number, ago in enumerate(days)), made(9, "passed", 0))
    reader = RefusalReader(engine)
    first = reader.newest(0.0, limit=2)
    assert [one.id for one in first.events] == ["00000001", "00000003"]
    second = reader.newest(0.0, limit=2, before=first.before)
    assert [one.id for one in second.events] == ["00000002", "00000000"]
    assert second.before == ""
    assert [one.id for one in reader.newest(NOW_S - 10).events] == ["00000001"]
    assert reader.newest(0.0, operation="GET /other").events == ()
    for place in ("no place", f"1_{'9' * 30}", "1_-1", "nan_1", "inf_1", "1_"):
        assert len(reader.newest(0.0, before=place).events) == 4, place
    engine.dispose()


def test_what_would_be_refused_is_a_list_of_its_own(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "events.sqlite"))
    keep(engine, made(1, "refused", 0), made(2, "would_be", 0), made(3, "log", 0))
    reader = RefusalReader(engine)
    assert [one.id for one in reader.newest(0.0).events] == ["00000001"]
    assert [one.id for one in reader.newest(0.0, is_applied=False).events] == ["00000002"]
    engine.dispose()
