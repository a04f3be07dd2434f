import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from apiward.stores.events.keeping import StoreAwayError
from apiward.stores.events.reading import EventReader
from apiward.stores.events.rows import row_of
from apiward.stores.events.storing import SqlEvents
from tests.stores.events.made import NOW_S, REFUSAL, event, make_newer, rows, sql, stored


def _ids(engine: Engine) -> list[str]:
    return [item.event.id for item in EventReader(engine).events(limit=1_000)]


def test_rows_are_stored_once_in_order(engine: Engine) -> None:
    keeper = SqlEvents(engine, lambda: NOW_S)
    numbers = range(205)
    assert keeper.add(rows(*numbers)) == ()
    assert keeper.add(rows(*numbers, 999)) == ()
    assert keeper.add([]) == ()
    assert _ids(engine) == [f"{number:08d}" for number in (*numbers, 999)]


def test_an_event_comes_back_whole(engine: Engine) -> None:
    kept = event(1, rulings=(REFUSAL,), outcome="refused", said="é\n'\";--")
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(kept))])
    assert EventReader(engine).events()[0].event == kept


def test_a_text_with_nul_is_stored_on_every_kind(engine: Engine) -> None:
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(event(1, said="a\0b")))])
    assert EventReader(engine).events()[0].event.said in {"a\0b", "a␀b"}


def test_a_row_that_the_database_refuses_takes_no_other_with_it(engine: Engine) -> None:
    bad, short = rows(2, 3)
    bad[2] = None
    notes = SqlEvents(engine, lambda: NOW_S).add([*rows(1), bad, short[:5], *rows(4)])
    assert notes == ("2 events could not be stored: the database refused them.",)
    assert _ids(engine) == ["00000001", "00000004"]


def test_a_store_of_a_newer_version_is_away(tmp_path: Path) -> None:
    keeper = sql(tmp_path / "events.sqlite")
    keeper.add(rows(1))
    make_newer(keeper._engine)
    with pytest.raises(StoreAwayError, match=r"newer version \(later_0099\)"):
        sql(tmp_path / "events.sqlite").add(rows(2))


def test_a_locked_database_is_away_and_nothing_is_stored_by_half(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    keeper = sql(path)
    keeper.add(rows(1))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreAwayError, match="locked"):
        keeper.add(rows(2, 3))
    other.execute("ROLLBACK")
    other.close()
    assert stored(path) == [event(1)]
    keeper.add(rows(2, 3))
    assert stored(path) == [event(1), event(2), event(3)]


def test_a_server_that_is_not_there_is_away() -> None:
    engine = create_engine("postgresql+psycopg://apiward@/postgres?host=/nowhere")
    with pytest.raises(StoreAwayError):
        SqlEvents(engine, lambda: NOW_S).add(rows(1))


def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    path.write_bytes(b"not a database at all" * 500)
    (note,) = sql(path).add(rows(1))
    assert f"events.sqlite.damaged-{NOW_S:.0f}" in note
    assert (tmp_path / f"events.sqlite.damaged-{NOW_S:.0f}").read_bytes().startswith(b"not a database")
    assert stored(path) == [event(1)]


def test_a_database_that_breaks_while_it_is_written_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    keeper = sql(path)
    keeper.add(rows(*range(500)))
    keeper._engine.dispose()  # writes all into the one file
    with path.open("r+b") as file:  # all but the first page
        file.seek(4_096)
        file.write(b"\xff" * (path.stat().st_size - 4_096))
    (note,) = keeper.add(rows(1_001, 1_002))
    assert "damaged" in note
    assert stored(path) == [event(1_001), event(1_002)]
    assert keeper.add(rows(1_003)) == ()


def test_a_file_that_was_removed_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    keeper = sql(path)
    keeper.add(rows(1))
    for part in tmp_path.iterdir():
        part.unlink()
    keeper.add(rows(2))
    assert stored(path) == [event(2)]


def test_what_is_said_of_a_failure_holds_no_values(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    keeper = sql(path)
    keeper.add(rows(1))
    path.chmod(0o400)
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE events")
    other.close()
    with pytest.raises(StoreAwayError) as failure:
        keeper.add([list(row_of(event(2, said="hunter2")))])
    assert "no such table" in str(failure.value)
    assert "hunter2" not in str(failure.value)
