from itertools import count, pairwise
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from apiward.stores.events.reading import EventReader
from apiward.stores.events.rows import row_of
from apiward.stores.events.storing import SqlEvents
from apiward.stores.record.schema import AUDIT, ROLLUPS
from apiward.stores.upkeep import erasing
from apiward.stores.upkeep.erasing import Erased, _runs, erase
from tests.stores.events.made import NOW_S, sql
from tests.stores.record.made import fill, flaws, looked, refused

NUMBERS = count(1)


def gone(engine: Engine, subject: str) -> Erased:
    word = next(NUMBERS).to_bytes(8)
    return erase(engine, subject, by="owner:root", now_s=NOW_S, random_bytes=lambda size: word * (size // 8))


def test_an_erased_person_is_gone_everywhere_and_the_record_holds(engine: Engine) -> None:
    wall = fill(engine, 12)
    assert gone(engine, "user:1") == Erased(entries=4, events=4, counts=1)
    found = looked(engine, wall)
    assert (found.flaws, found.erased, found.size) == ((), 4, 13)
    with engine.connect() as connection:
        for table in (AUDIT, ROLLUPS):
            assert "user:1'" not in str(connection.execute(select(table)).all()).replace('"', "'")
    alias, *others = sorted({item.event.principal for item in EventReader(engine).events()})
    assert (alias[:7], others) == ("erased:", ["user:0", "user:2"])
    assert [item.event.client for item in EventReader(engine).events(principal=alias)] == [""] * 4
    assert [item.event.status for item in EventReader(engine).events(principal=alias)] == [403] * 4


def test_what_events_say_beside_their_columns_goes_too(engine: Engine) -> None:
    marked = [refused(number)._replace(marks=(("session", "5f3a"),)) for number in (1, 2)]
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(event)) for event in marked])
    gone(engine, marked[0].principal)
    assert [item.event.marks for item in EventReader(engine).events()] == [(), (("session", "5f3a"),)]


def test_the_erasure_is_an_entry_that_does_not_name_the_person(engine: Engine) -> None:
    fill(engine, 6)
    gone(engine, "user:1")
    with engine.connect() as connection:
        last = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(1)).one()
    assert orjson.loads(last.leaf)["data"] == {"erased": [[1, 1], [4, 4]]}
    assert (last.who, "user:1" in f"{last.leaf}{last.personal}") == ("owner:root", False)


def test_an_address_is_erased_whoever_came_from_there(engine: Engine) -> None:
    keeper = SqlEvents(engine, lambda: NOW_S)
    given = [refused(1), refused(2)._replace(client="2001:db8::1"), refused(3)]
    keeper.add([list(row_of(event)) for event in given])
    assert gone(engine, "address:2001:db8::1") == Erased(1, 1, 0)
    assert [item.event.client for item in EventReader(engine).events()] == ["192.0.2.1", "", "192.0.2.1"]
    assert EventReader(engine).events()[1].event.principal == "user:2"
    assert looked(engine).flaws == ()


def test_who_is_not_there_is_no_entry(engine: Engine) -> None:
    fill(engine, 3)
    assert gone(engine, "user:77") == gone(engine, "address:198.51.100.9") == Erased(0, 0, 0)
    assert looked(engine).size == 3


def test_it_may_be_done_again(engine: Engine) -> None:
    wall = fill(engine, 6)
    gone(engine, "user:1")
    assert gone(engine, "user:1") == Erased(0, 0, 0)
    gone(engine, "user:2")
    assert (looked(engine, wall).flaws, looked(engine).erased) == ((), 4)


def test_many_scattered_entries_are_named_in_several_entries(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "MOST_RUNS", 3)
    monkeypatch.setattr(erasing, "BATCH", 7)
    wall = fill(engine, 30)
    assert gone(engine, "user:1") == Erased(10, 10, 1)
    assert looked(engine).size == 34
    assert flaws(engine, wall) == []


def test_nothing_of_it_is_left_in_the_files(tmp_path: Path) -> None:
    keeper = sql(tmp_path / "events.sqlite")
    name = "user:anna-of-the-green-gables"
    keeper.add([list(row_of(refused(number, who=name if number % 2 else "user:b"))) for number in range(300)])
    before = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert name.encode() in before
    gone(keeper._engine, name)
    keeper._engine.dispose()
    after = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert name.encode() not in after
    assert b"user:b" in after


@given(st.sets(st.integers(0, 60)))
def test_runs_are_the_numbers(numbers: set[int]) -> None:
    runs = list(_runs(sorted(numbers)))
    assert [number for first, last in runs for number in range(first, last + 1)] == sorted(numbers)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(runs))
