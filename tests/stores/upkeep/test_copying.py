from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, text, update

from apiward.core.person import PageSession, Person, Role
from apiward.core.watching import WatchStep
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.rows import row_of
from apiward.stores.events.schema import EVENTS, METADATA
from apiward.stores.events.storing import SqlEvents
from apiward.stores.people.sessions import SessionStore
from apiward.stores.people.store import PeopleStore
from apiward.stores.record.schema import AUDIT, ROLLUPS
from apiward.stores.upkeep import copying
from apiward.stores.upkeep.copying import OtherStoreError, copy_store, row_counts
from apiward.stores.upkeep.erasing import erase
from tests.stores.events.made import NOW_S, event
from tests.stores.record.made import fill, looked
from tests.stores.watching.made import INCIDENT, SEEN, keep_one_of_each, watch


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Engine]:
    """Give a SQLite store with 60 refusals and 40 other requests of eight callers."""
    made = open_database(sqlite_url(tmp_path / "source.sqlite"))
    fill(made, 60)
    rows = [list(row_of(event(1_000 + at, principal=f"user:é{at % 8}", at_s=NOW_S + at * 60))) for at in range(40)]
    SqlEvents(made, lambda: NOW_S).add(rows)
    keep_one_of_each(made)
    keep_somebody(made)
    yield made
    made.dispose()


def keep_somebody(engine: Engine) -> None:
    """Keep somebody who may log in, with a code and a session."""
    person = Person("1", "anna", Role.OWNER, NOW_S)
    PeopleStore(engine).add(person)
    PeopleStore(engine).put_codes(person, ("hash",))
    session = PageSession("hash", person.id, NOW_S, NOW_S, NOW_S + 60, is_whole=True)
    SessionStore(engine).add(session, idle_s=60.0)


def content(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table)).all()), key=str)
            for table in METADATA.sorted_tables
        }


def written(source: Engine, target: Engine) -> int:
    return sum(copied.written for copied in copy_store(source, target))


def test_every_row_of_every_table_is_copied_and_the_tree_is_the_same(source: Engine, engine: Engine) -> None:
    heard: list[tuple[str, int, int]] = []
    copied = copy_store(source, engine, lambda *said: heard.append(said))
    assert content(engine) == content(source)
    assert [one.table for one in copied] == list(dict.fromkeys(name for name, _, _ in heard)) == list(content(source))
    assert all(done <= total for _, done, total in heard)
    assert looked(engine) == looked(source)
    with engine.connect() as connection:
        assert row_counts(connection) == {name: len(rows) for name, rows in content(source).items()}


def test_what_is_equal_is_left_alone(source: Engine, engine: Engine) -> None:
    assert written(source, engine) > 150
    assert written(source, engine) == 0


@pytest.mark.parametrize("after", [1, 3, 7, 12])
def test_an_interrupted_copy_goes_on_where_it_was(
    source: Engine, engine: Engine, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(copying, "GROUPS", 10)
    steps: list[str] = []

    def interrupt(table: str, *_: int) -> None:
        steps.append(table)
        if len(steps) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_store(source, engine, interrupt)
    all_rows = sum(len(rows) for rows in content(source).values())
    assert 0 < written(source, engine) < all_rows
    assert content(engine) == content(source)


def test_what_changed_in_between_is_taken_over(source: Engine, engine: Engine) -> None:
    copy_store(source, engine)
    erase(source, "user:1", by="owner:x", now_s=NOW_S, random_bytes=bytes)
    with source.begin() as connection:
        connection.execute(delete(EVENTS).where(EVENTS.c.seq <= 3))
        connection.execute(update(ROLLUPS).values(requests=ROLLUPS.c.requests + 1))
    assert written(source, engine) > 0
    assert content(engine) == content(source)
    assert looked(engine).flaws == ()


def test_a_target_with_other_rows_is_refused_and_left_alone(source: Engine, engine: Engine) -> None:
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(event(7)))])
    before = content(engine)
    with pytest.raises(OtherStoreError, match="events"):
        copy_store(source, engine)
    assert content(engine) == before


def test_a_target_that_went_on_by_itself_is_refused(source: Engine, engine: Engine) -> None:
    copy_store(source, engine)
    fill(engine, 1, first=5_000)
    with pytest.raises(OtherStoreError, match="audit"):
        copy_store(source, engine)


def test_a_guard_goes_on_storing_in_the_copy(source: Engine, engine: Engine) -> None:
    wall = fill(source, 3, first=7_000)
    copy_store(source, engine)
    fill(engine, 3, first=8_000, wall=wall)
    with engine.connect() as connection:
        assert connection.execute(select(AUDIT.c.seq).order_by(AUDIT.c.seq.desc()).limit(1)).scalar() == 66
        newest = connection.execute(text("SELECT max(seq), count(*) FROM events")).one()
    assert tuple(newest) == (106, 106)
    assert (looked(engine, wall).flaws, looked(engine, wall).held) == ((), 2)


def test_an_empty_store_is_copied(tmp_path: Path, engine: Engine) -> None:
    empty = open_database(sqlite_url(tmp_path / "empty.sqlite"))
    SqlEvents(empty, lambda: NOW_S).add([])
    copy_store(empty, engine)
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(event(1)))])
    assert len(content(engine)["events"]) == 1
    empty.dispose()


def test_a_store_that_was_moved_numbers_on(source: Engine, engine: Engine) -> None:
    copy_store(source, engine)
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(event(9_999)))])
    watch(engine).commit(WatchStep(incidents=[replace(INCIDENT, id="new")], detections=[("new", SEEN)]))
    assert [one.id for one in watch(engine).incidents_after(1).incidents] == ["new"]
