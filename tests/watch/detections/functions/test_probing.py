import pytest

from apiward.core.event import Event
from apiward.watch.detections.functions.probing import FunctionProbing
from apiward.watch.settings import SeeingSettings
from tests.watch.seeing import event, told, unknown

_STAFF = ("GET /api/admin/users", "GET /api/admin/orders", "GET /api/admin/export", "GET /api/admin/logs")

TRIGGERS = {
    "two functions": [event(60.0 * n, operation, status=403) for n, operation in enumerate(_STAFF[:2])],
    "one, again and again": [event(600.0 * n, _STAFF[0], status=403) for n in range(6)],
    "a stranger": [event(60.0 * n, one, status=401, who="anonymous:") for n, one in enumerate((*_STAFF, *_STAFF))],
    "names that are not there": [unknown(0.0, "/api/admin/config"), unknown(9.0, "/api/internal/health")],
    "the guard knows the roles": [
        event(9.0 * n, f"GET /api/reports{n}", rules=("permit.role",), refused=True, status=403) for n in range(2)
    ],
}
SILENT = {
    "one by mistake": [event(0.0, _STAFF[0], status=403)],
    "staff whose session has ended": [event(60.0 * n, one, status=401) for n, one in enumerate(_STAFF)],
    "staff at work": [event(60.0 * n, one) for n, one in enumerate(_STAFF)],
    "forbidden elsewhere": [event(60.0 * n, f"GET /api/kind{n}", status=403) for n in range(9)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(FunctionProbing, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(FunctionProbing, events)


def test_the_owner_may_try() -> None:
    own = SeeingSettings(own_addresses=("198.18.0.7",))
    assert not told(FunctionProbing, TRIGGERS["two functions"], own)


def test_each_refusal_is_counted_once() -> None:
    events = [event(60.0 * n, operation, status=403) for n, operation in enumerate(_STAFF)]
    assert told(FunctionProbing, events)[0].count == len(events)
