from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from apiward.core.event import Event
from apiward.stores.events.reading import EventReader
from apiward.stores.events.rows import row_of
from apiward.stores.events.schema import EVENTS
from apiward.stores.events.storing import SqlEvents
from apiward.stores.record.schema import AUDIT, ROLLUPS
from apiward.stores.upkeep.retention import EACH_S, Keep, Retention
from tests.stores.events.made import NOW_S, event
from tests.stores.record.made import Wall, fill, looked, refused

DAY_S = 86_400.0
KEEP = Keep(
    events_s=30 * DAY_S, counts_s=396 * DAY_S, audit_s=396 * DAY_S, incidents_s=396 * DAY_S, findings_s=396 * DAY_S
)


@dataclass
class Time:
    """A clock and a timer that go together."""

    now_s: float = NOW_S
    passed_s: float = 0.0

    def pass_by(self, seconds: float) -> None:
        self.now_s += seconds
        self.passed_s += seconds


def retention(engine: Engine, time: Time, *, batch: int = 2_000) -> Retention:
    return Retention(engine, KEEP, bytes, lambda: time.passed_s, batch=batch)


def store(engine: Engine, *given: Event, now_s: float = NOW_S) -> None:
    SqlEvents(engine, lambda: now_s).add([list(row_of(one)) for one in given])


def ids(engine: Engine) -> list[str]:
    return [item.event.id for item in EventReader(engine).events(limit=9_999)]


def number(engine: Engine, table: str) -> int:
    tables = {"audit": AUDIT, "rollups": ROLLUPS, "events": EVENTS}
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(tables[table])).scalar_one()


def test_what_is_too_old_goes_and_the_rest_stays(engine: Engine) -> None:
    store(engine, event(1, at_s=NOW_S - 31 * DAY_S), event(2, at_s=NOW_S - 29 * DAY_S), event(3))
    assert retention(engine, Time()).run(NOW_S) == ()
    assert ids(engine) == ["00000002", "00000003"]
    assert number(engine, "rollups") == 3, "counts are kept for longer"


def test_counts_go_after_their_own_time(engine: Engine) -> None:
    store(engine, event(1, at_s=NOW_S - 397 * DAY_S), event(2, at_s=NOW_S - 395 * DAY_S), event(3))
    retention(engine, Time()).run(NOW_S)
    assert number(engine, "rollups") == 2


def test_the_newest_event_stays_so_that_numbers_go_on(engine: Engine) -> None:
    store(engine, event(1), event(2))
    retention(engine, Time()).run(NOW_S + 99 * DAY_S)
    (left,) = EventReader(engine).events()
    store(engine, event(3))
    assert [item.event.id for item in EventReader(engine).events(after=left.seq)] == ["00000003"]


def test_it_goes_on_in_small_steps_until_all_is_gone_then_waits(engine: Engine) -> None:
    store(engine, *(event(at, at_s=NOW_S - 40 * DAY_S) for at in range(25)), event(99))
    time = Time()
    upkeep = retention(engine, time, batch=10)
    left = []
    for _ in range(4):
        upkeep.run(NOW_S)
        left.append(number(engine, "events"))
    assert left == [16, 6, 1, 1]
    store(engine, event(100, at_s=NOW_S - 40 * DAY_S), event(101))
    time.pass_by(EACH_S - 1)
    upkeep.run(time.now_s)
    assert number(engine, "events") == 3
    time.pass_by(2)
    upkeep.run(time.now_s)
    assert number(engine, "events") == 2


def test_the_audit_record_is_shortened_at_its_beginning_and_still_verifies(engine: Engine) -> None:
    wall = fill(engine, 23)
    later_s = NOW_S + 300 * DAY_S
    store(engine, *(refused(at) for at in range(100, 105)), now_s=later_s)
    now_s = NOW_S + 398 * DAY_S
    retention(engine, Time()).run(now_s)
    assert number(engine, "audit") == 6, "five that are younger, and the removal itself"
    found = looked(engine, wall, now_s=now_s, keep_s=KEEP.audit_s)
    assert (found.flaws, found.first, found.size, found.before, found.held) == ((), 23, 29, 4, 1)


def test_the_audit_record_is_shortened_in_steps(engine: Engine) -> None:
    wall = fill(engine, 23)
    upkeep = retention(engine, Time(), batch=10)
    now_s = NOW_S + 398 * DAY_S
    for _ in range(5):
        upkeep.run(now_s)
        assert looked(engine, wall, now_s=now_s, keep_s=KEEP.audit_s).flaws == ()
    assert (looked(engine).first, looked(engine).size) == (23, 26)


def test_it_is_not_shortened_more_than_once_a_day(engine: Engine) -> None:
    fill(engine, 3)
    retention(engine, Time()).run(NOW_S + 396.5 * DAY_S)
    assert (looked(engine).first, looked(engine).size) == (0, 3)


def test_whoever_shortens_it_too_early_is_found_by_a_checkpoint(engine: Engine) -> None:
    wall = fill(engine, 23)
    now_s = NOW_S + 100 * DAY_S
    hasty = Retention(engine, Keep(DAY_S, DAY_S, DAY_S, DAY_S, DAY_S), bytes, lambda: 0.0)
    hasty.run(now_s)
    found = looked(engine, wall, now_s=now_s, keep_s=KEEP.audit_s)
    assert [(flaw.kind.value, flaw.first, flaw.last) for flaw in found.flaws] == [("early", 5, 22)]
    assert looked(engine, wall, now_s=NOW_S + 398 * DAY_S, keep_s=KEEP.audit_s).flaws == ()


def test_a_clock_that_leaps_ahead_removes_nothing_and_is_told_of_once(engine: Engine) -> None:
    store(engine, event(1), event(2))
    time = Time()
    upkeep = retention(engine, time)
    upkeep.run(NOW_S)
    time.pass_by(EACH_S)
    (note,) = upkeep.run(NOW_S + 3_650 * DAY_S)
    assert "leapt ahead" in note
    time.pass_by(EACH_S)
    assert upkeep.run(NOW_S + 3_650 * DAY_S) == ()
    assert number(engine, "events") == 2
    time.pass_by(EACH_S)
    upkeep.run(time.now_s)
    assert number(engine, "events") == 2


def test_at_the_end_of_a_guard_nothing_is_removed(engine: Engine) -> None:
    store(engine, event(1, at_s=NOW_S - 31 * DAY_S), event(2))
    retention(engine, Time()).run(NOW_S, is_last=True)
    assert number(engine, "events") == 2
    assert Wall().notes == []
