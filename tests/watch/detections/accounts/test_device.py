import pytest

from apiward.core.event import Event
from apiward.watch.detections.accounts.device import Device
from tests.watch.seeing import event, told

_USE = [event(9_000.0 * n, "POST /api/readings", who="device:d1") for n in range(40)]
_LATER = 40 * 9_000.0
_NEW = ("GET /api/users", "GET /api/orders", "GET /api/export", "GET /api/contacts")

_IDLE = [event(86_400.0 * n, "POST /api/invoices", who="key:k") for n in range(7)]
_MUCH_LATER = 7 * 86_400.0

TRIGGERS = {
    "a key that works little": [
        *_IDLE,
        *(event(_MUCH_LATER + n, operation, who="key:k") for n, operation in enumerate(_NEW)),
    ],
    "a device": [*_USE, *(event(_LATER + n, operation, who="device:d1") for n, operation in enumerate(_NEW))],
    "a key": [
        *(one._replace(principal="key:k") for one in _USE),
        *(event(_LATER + n, "GET", path=f"/x{n}", who="key:k", status=404) for n in range(4)),
    ],
}
SILENT = {
    "three new ones of a key that works little": [
        *_IDLE, *(event(_MUCH_LATER + n, operation, who="key:k") for n, operation in enumerate(_NEW[:3])),
    ],
    "a key that was used three times": [
        *_IDLE[:3], *(event(_MUCH_LATER + n, operation, who="key:k") for n, operation in enumerate(_NEW)),
    ],
    "one new operation": [*_USE, event(_LATER, _NEW[0], who="device:d1")],
    "new ones little by little": [
        *_USE, *(event(_LATER + 90_000.0 * n, operation, who="device:d1") for n, operation in enumerate(_NEW)),
    ],
    "a new device": [event(60.0 * n, operation, who="device:d2") for n, operation in enumerate(_NEW)],
    "a person": [*(one._replace(principal="user:7") for one in _USE), *(event(_LATER, one) for one in _NEW)],
    "one that does much": [
        event(9_000.0 * n, f"GET /api/kind{n if n < 30 else n % 30}", who="key:k") for n in range(80)
    ],
}  # fmt: skip


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Device, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Device, events)
