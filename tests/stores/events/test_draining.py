from pathlib import Path

import pytest

from apiward.stores.events.draining import BATCH, Drain, Turn
from apiward.stores.events.keeping import StoreAwayError
from apiward.stores.events.rows import Cell
from apiward.stores.events.segments import header
from apiward.stores.events.spool import Spool
from tests.stores.events.made import Shelf, event, records, sql, stored


def _spooled(folder: Path, *numbers: int) -> None:
    spool = Spool(folder)
    for record in records(*numbers):
        spool.append(record)
    spool.close()


def test_what_is_stored_leaves_the_spool(tmp_path: Path) -> None:
    _spooled(tmp_path, 1, 2)
    _spooled(tmp_path, 3)
    shelf = Shelf()
    drain = Drain(tmp_path, shelf)
    drain.run()
    assert shelf.ids == ["00000001", "00000002", "00000003"]
    assert drain.stored == 3
    assert drain.notes() == []
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_a_living_worker_stays(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append(records(1)[0])
    shelf = Shelf()
    drain = Drain(tmp_path, shelf)
    drain.run()
    drain.run()
    assert shelf.ids == ["00000001"]
    assert len(list(tmp_path.iterdir())) == 1
    spool.close()


def test_while_the_store_is_away_everything_waits_in_order(tmp_path: Path) -> None:
    shelf = Shelf(is_away=True)
    drain = Drain(tmp_path, shelf)
    _spooled(tmp_path, *range(BATCH + 10))
    with pytest.raises(StoreAwayError):
        drain.run()
    _spooled(tmp_path, BATCH + 10)
    shelf.is_away = False
    drain.run()
    assert shelf.ids == [f"{number:08d}" for number in range(BATCH + 11)]


def test_what_a_crash_offers_twice_is_stored_once(tmp_path: Path) -> None:
    _spooled(tmp_path / "spool", 1, 2)
    (file,) = (tmp_path / "spool").iterdir()
    content = file.read_bytes()
    keeper = sql(tmp_path / "events.sqlite")
    Drain(tmp_path / "spool", keeper).run()
    file.write_bytes(content)  # as if the commit had been the last thing done
    Drain(tmp_path / "spool", keeper).run()
    assert stored(tmp_path / "events.sqlite") == [event(1), event(2)]


def test_damage_is_said_and_the_rest_is_stored(tmp_path: Path) -> None:
    one, two = records(1, 2)
    (tmp_path / "1.spool").write_bytes(header() + one + two[:50])
    (tmp_path / "2.spool").write_bytes(b"no segment")
    (tmp_path / "3.spool").write_bytes(header() + two)
    shelf = Shelf()
    drain = Drain(tmp_path, shelf)
    drain.run()
    assert shelf.ids == ["00000001", "00000002"]
    first, second = drain.notes()
    assert "1 damaged" in first
    assert "2.spool" in second
    assert [path.name for path in tmp_path.iterdir()] == ["2.unreadable"]
    assert drain.notes() == []


def test_lines_that_cannot_be_written_hold_nothing_up_and_are_said(tmp_path: Path) -> None:
    _spooled(tmp_path, 1, 2)
    shelf, lines = Shelf(), Shelf(is_away=True)
    drain = Drain(tmp_path, shelf, lines)
    drain.run()
    assert len(shelf.ids) == 2
    assert "2 events" in drain.notes()[0]
    lines.is_away = False
    _spooled(tmp_path, 3)
    drain.run()
    assert lines.ids == ["00000003"]
    assert drain.notes() == []


def test_one_at_a_time_has_the_turn(tmp_path: Path) -> None:
    first = Turn(tmp_path)
    with Turn(tmp_path) as second:
        assert first.is_ours()
        assert first.is_ours()
        assert not second.is_ours()
        first.close()
        assert second.is_ours()


class _Busy(Shelf):
    """While it keeps events, a worker spools further ones."""

    def __init__(self, spool: Spool) -> None:
        super().__init__()
        self._spool = spool

    def add(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        self._spool.append(records(len(self.rows) + 1)[0])
        return super().add(rows)


def test_a_run_ends_though_events_keep_coming(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append(records(0)[0])
    shelf = _Busy(spool)
    drain = Drain(tmp_path, shelf)
    drain.run()
    assert shelf.ids == ["00000000"]
    drain.run()
    assert shelf.ids == ["00000000", "00000001"]
    spool.close()
