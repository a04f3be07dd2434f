import pytest
from sqlalchemy import Engine

from apiward.core.event import Event
from apiward.stores.events.reading import EventReader
from apiward.stores.events.rows import row_of
from apiward.stores.events.storing import SqlEvents
from tests.stores.events.made import NOW_S, REFUSAL, SEEN, event

_EVENTS = [
    event(1, at_s=100.0),
    event(2, at_s=200.0, outcome="refused", principal="user:7", rulings=(REFUSAL, SEEN)),
    event(3, at_s=150.0, operation="", path="/old", rulings=(SEEN,)),
    event(4, at_s=300.0, outcome="refused", rulings=(REFUSAL,)),
    event(5, at_s=250.0, kind="guard", said="2 events were lost", outcome="failed", rulings=(REFUSAL,)),
]


@pytest.fixture
def reader(engine: Engine) -> EventReader:
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(item)) for item in _EVENTS])
    return EventReader(engine)


def _found(reader: EventReader, **wanted: object) -> list[Event]:
    return [item.event for item in reader.events(**wanted)]  # type: ignore[arg-type] # whichever the case names


def test_events_come_in_the_order_of_storing(reader: EventReader) -> None:
    assert _found(reader) == _EVENTS


def test_events_are_chosen(reader: EventReader) -> None:
    one, two, three, four, five = _EVENTS
    assert _found(reader, since=150.0, until=300.0) == [two, three, five]
    assert _found(reader, operation="") == [three]
    assert _found(reader, principal="user:7") == [two]
    assert _found(reader, outcome="refused") == [two, four]
    assert _found(reader, outcome="passed", since=120.0) == [three]
    assert _found(reader, principal="' OR 1=1 --") == []
    assert one not in _found(reader, since=101.0)


def test_pages_follow_one_another(reader: EventReader) -> None:
    first = reader.events(limit=2)
    second = reader.events(limit=2, after=first[-1].seq)
    assert [item.event for item in (*first, *second)] == _EVENTS[:4]
    assert reader.events(limit=0) == []
    assert reader.events(limit=-1) == []


def test_requests_are_counted_by_outcome(reader: EventReader) -> None:
    assert reader.outcomes() == {"passed": 2, "refused": 2}
    assert reader.outcomes(since=250.0) == {"refused": 1}
    assert reader.outcomes(until=1.0) == {}


def test_an_empty_database_reads_as_empty(engine: Engine) -> None:
    assert EventReader(engine).events() == []
    assert EventReader(engine).outcomes() == {}
