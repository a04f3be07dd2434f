from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from apiward.core.event import Event
from apiward.core.marks import ROLE, SOURCE
from apiward.stores.counted.refusals import RefusalReader
from apiward.stores.counted.tallying import DAY_S, MOST_CALLERS, EventTally, RoleSeen, Tallied
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.rows import row_of
from apiward.stores.events.schema import EVENTS
from apiward.stores.events.storing import SqlEvents
from tests.stores.events.made import event
from tests.web.made import DENIED, NOW_S, SEEN

KINDS = ("passed", "refused", "would_be", "failed", "log")


def made(number: int, kind: str, days_ago: int, operation: str = "GET /a") -> Event:
    """Return a request that counts as that kind."""
    one = event(number, at_s=NOW_S - days_ago * DAY_S, operation=operation)
    changes: dict[str, dict[str, Any]] = {
        "passed": {},
        "refused": {"outcome": "refused", "rulings": (DENIED,)},
        "would_be": {"rulings": (SEEN,)},
        "failed": {"outcome": "gone"},
        "log": {"marks": ((SOURCE, "nginx"),)},
    }
    return one._replace(**changes[kind])


def keep(engine: Engine, *events: Event) -> None:
    """Store events."""
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(one)) for one in events])


def looked(tally: EventTally, now_s: float = NOW_S) -> Tallied:
    """Look until all is counted."""
    found = tally.look(now_s, chunks=1_000)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give one store for all examples: to make each a new one would take most of the time."""
    engine = open_database(sqlite_url(tmp_path_factory.mktemp("store") / "events.sqlite"))
    yield engine
    engine.dispose()


@given(rows=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 9), st.sampled_from(("GET /a", "POST /b", "")))))
def test_a_number_is_that_of_the_list_behind_it(emptied: Engine, rows: list[tuple[str, int, str]]) -> None:
    engine = emptied
    looked(EventTally(engine))
    with engine.begin() as connection:
        connection.execute(delete(EVENTS))
    tally = EventTally(engine)
    half = len(rows) // 2
    events = [made(number, *row) for number, row in enumerate(rows)]
    if half:
        keep(engine, *events[:half])
        looked(tally)
    keep(engine, *events[half:])
    found = looked(tally)
    wanted = Counter(kind for kind, days_ago, _ in rows if days_ago < tally.days)
    assert {kind: getattr(found.whole, kind) for kind in KINDS} == {kind: wanted[kind] for kind in KINDS}
    assert sum(count.requests for _, count in found.days) == sum(one.count.requests for one in found.operations)
    reader, since_s = RefusalReader(engine), tally.since_s(NOW_S)
    for is_applied, number in ((True, found.whole.refused), (False, found.whole.would_be)):
        listed, before = [], ""
        while True:
            page = reader.newest(since_s, is_applied=is_applied, before=before, limit=3)
            listed += [one.id for one in page.events]
            before = page.before
            if not before:
                break
        assert len(listed) == len(set(listed)) == number


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(sqlite_url(tmp_path / "events.sqlite"))


def test_what_is_left_to_count_is_not_told_as_a_number(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apiward.stores.counted.tallying._CHUNK", 2)
    keep(engine, *(made(number, "passed", 0) for number in range(5)))
    tally = EventTally(engine)
    assert tally.look(NOW_S) is None
    assert tally.look(NOW_S) is None
    found = tally.look(NOW_S)
    assert found is not None
    assert found.whole.requests == 5


def test_a_day_that_is_over_falls_out(engine: Engine) -> None:
    keep(engine, made(1, "passed", 6), made(2, "refused", 0, "POST /b"))
    tally = EventTally(engine)
    assert [one.operation for one in looked(tally).operations] == ["GET /a", "POST /b"]
    later = looked(tally, NOW_S + DAY_S)
    assert [one.operation for one in later.operations] == ["POST /b"]
    assert [count.requests for _, count in later.days] == [0, 0, 0, 0, 0, 1, 0]


def test_another_store_in_its_place_is_counted_anew(engine: Engine) -> None:
    keep(engine, *(made(number, "passed", 0) for number in range(3)))
    tally = EventTally(engine)
    assert looked(tally).whole.requests == 3
    with engine.begin() as connection:
        connection.execute(delete(EVENTS).where(EVENTS.c.seq > 1))
    assert looked(tally).whole.requests == 1


def test_callers_and_operations_are_bounded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apiward.stores.counted.tallying.MOST_OPERATIONS", 2)
    many = [made(number, "passed", 0)._replace(principal=f"user:{number}") for number in range(MOST_CALLERS + 20)]
    rest = [made(900 + number, "passed", 0, f"GET /b{number}") for number in range(4)]
    keep(engine, *many, *rest)
    found = looked(EventTally(engine)).operations
    assert {one.operation for one in found} == {"GET /a", "GET /b0", ""}
    assert found[0].callers == MOST_CALLERS
    assert found[0].last_s == NOW_S


def test_a_store_on_postgresql_counts_the_same(empty_postgresql: str) -> None:
    engine = open_database(empty_postgresql)
    keep(engine, *(made(number, kind, number) for number, kind in enumerate(KINDS)))
    found = looked(EventTally(engine))
    assert [getattr(found.whole, kind) for kind in KINDS] == [1, 1, 1, 1, 1]
    assert [count.requests for _, count in found.days] == [0, 0, 1, 1, 1, 1, 1]
    page = RefusalReader(engine).newest(0.0)
    assert [one.id for one in page.events] == ["00000001"]
    engine.dispose()


def test_roles_are_told_by_what_the_guard_knew_and_for_whom_it_went_well(emptied: Engine) -> None:
    with emptied.begin() as connection:
        connection.execute(delete(EVENTS))
    at = {"operation": "GET /a", "at_s": NOW_S}
    keep(
        emptied,
        event(1, **at, principal="user:1", marks=((ROLE, "admin,clerk"),)),
        event(2, **at, principal="user:2", marks=((ROLE, "clerk"),), status=403),
        event(3, **at, principal="user:3", marks=((ROLE, "guest"),), outcome="refused", rulings=(DENIED,)),
        event(4, **at, principal="user:4"),
        event(5, **at, principal="key:5", status=500),
        event(6, **at, principal="anonymous:"),
        event(7, **at, principal=""),
        event(8, **at | {"at_s": NOW_S - 30 * DAY_S}, principal="token:8"),
    )
    tally = EventTally(emptied)
    (found,) = looked(tally).operations
    assert set(found.roles) == {
        RoleSeen("role:admin", went_well=True),
        RoleSeen("role:clerk", went_well=True),
        RoleSeen("role:guest", went_well=False),
        RoleSeen("user", went_well=True),
        RoleSeen("key", went_well=False),
        RoleSeen("anonymous", went_well=True),
    }
    keep(emptied, event(9, **at | {"at_s": NOW_S + 6 * DAY_S}, principal="key:5"))
    (later,) = looked(tally, NOW_S + 6 * DAY_S).operations
    assert RoleSeen("key", went_well=True) in later.roles
    (last,) = looked(tally, NOW_S + 8 * DAY_S).operations
    assert last.roles == (RoleSeen("key", went_well=True),)
