import os

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from apiward.core.lanes import AuditKind
from apiward.stores.events.database import bring_up_to_date, lock
from apiward.stores.record.appending import Audited, append, packed_hashes, tree_row, unpacked_hashes
from tests.stores.record.made import looked, refused


def put(engine: Engine, *numbers: int) -> list[int]:
    with engine.begin() as connection:
        lock(connection)
        told = [Audited(refused(number), AuditKind.ACCESS) for number in numbers]
        return [entry.seq for entry in append(connection, told, os.urandom, 7.0)]


def test_entries_are_numbered_on_and_each_event_is_taken_once(engine: Engine) -> None:
    bring_up_to_date(engine)
    assert put(engine) == []
    assert put(engine, 1, 2) == [0, 1]
    assert put(engine, 2, 1) == []
    assert put(engine, 2, 3, 3) == [2]
    with engine.connect() as connection:
        assert tree_row(connection).size == 3
    assert looked(engine).flaws == ()


def test_many_at_once(engine: Engine) -> None:
    bring_up_to_date(engine)
    assert put(engine, *range(1_201)) == list(range(1_201))
    assert put(engine, *range(1_300)) == list(range(1_201, 1_300))


def test_what_is_undone_leaves_nothing(engine: Engine) -> None:
    bring_up_to_date(engine)
    put(engine, 1)
    with engine.connect() as connection:
        lock(connection)
        append(connection, [Audited(refused(2), AuditKind.ACCESS)], os.urandom, 7.0)
        connection.rollback()
    assert put(engine, 3) == [1]
    assert looked(engine).flaws == ()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=20))
def test_hashes_come_back_from_their_text(hashes: list[bytes]) -> None:
    assert unpacked_hashes(packed_hashes(hashes)) == hashes
