import pytest

from apiward.core.event import Event
from apiward.watch.detections.money.scalping import Scalping
from tests.watch.seeing import event, told

_ORDER = "POST /api/orders"
TRIGGERS = {
    "in one hour": [event(20.0 * n, _ORDER) for n in range(15)],
    "seats": [event(20.0 * n, "POST /api/bookings") for n in range(15)],
}
SILENT = {
    "a few": [event(20.0 * n, _ORDER) for n in range(8)],
    "one an hour": [event(3_600.0 * n, _ORDER) for n in range(80)],
    "changes of one": [
        event(20.0 * n, "PUT /api/orders/{id}/address", path="/api/orders/7/address") for n in range(60)
    ],
    "not taken": [event(20.0 * n, _ORDER, status=422) for n in range(60)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Scalping, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Scalping, events)


def test_all_of_them_count() -> None:
    assert told(Scalping, TRIGGERS["in one hour"])[0].count == 15


def test_what_programs_order_makes_it_usual_for_programs_alone() -> None:
    programs = [
        event(3_600.0 * hour + 20.0 * n, _ORDER, who=f"key:{who}")
        for hour in range(4)
        for who in range(9)
        for n in range(9)
    ]
    orders = [event(20_000.0 + 20.0 * n, _ORDER) for n in range(25)]
    assert [one.who for one in told(Scalping, [*programs, *orders])] == ["user:7"]
    assert not told(Scalping, [*programs, *(one._replace(principal="key:x") for one in orders)])
