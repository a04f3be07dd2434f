import pytest

from apiward.core.event import Event
from apiward.watch.detections.functions.opened import Opened
from tests.watch.seeing import event, told

_USERS = "GET /api/admin/users"
_REFUSED = event(0.0, _USERS, status=403)
_IN = event(3_600.0, _USERS)

TRIGGERS = {"an hour later": [_REFUSED, _REFUSED, _IN]}
SILENT = {
    "never refused": [_IN, _IN],
    "refused elsewhere": [_REFUSED, event(3_600.0, "GET /api/admin/orders")],
    "weeks later": [_REFUSED, event(9 * 86_400.0, _USERS)],
    "with a new role": [_REFUSED, event(3_600.0, _USERS, role="support")],
    "somebody else": [_REFUSED, _IN._replace(principal="user:8")],
    "no function of staff": [event(0.0, "GET /api/notes", status=403), event(9.0, "GET /api/notes")],
    "too many to remember": [
        _REFUSED, *(event(float(n), f"GET /api/admin/k{n}", status=403) for n in range(20)), _IN,
    ],
}  # fmt: skip


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Opened, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Opened, events)
