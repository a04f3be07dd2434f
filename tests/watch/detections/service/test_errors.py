import pytest

from apiward.core.event import Event
from apiward.watch.detections.service.errors import Errors
from tests.watch.seeing import event, told

TRIGGERS = {
    "all callers": [event(5.0 * n, status=500 if n % 2 else 200, who=f"user:{n % 9}") for n in range(60)],
    "one caller": [event(5.0 * n, status=500 if n % 2 else 200, who=f"user:{7 if n % 2 else n}") for n in range(60)],
}
SILENT = {
    "now and then": [event(5.0 * n, status=500 if n % 50 == 0 else 200) for n in range(3_000)],
    "as usual": [
        event(5.0 * n, status=500 if n % 8 == 0 and n > 2_000 else 200 if n % 12 else 500) for n in range(3_000)
    ],
    "callers make mistakes": [event(5.0 * n, status=422) for n in range(60)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Errors, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Errors, events)


def test_who_provokes_it_is_named() -> None:
    assert [told(Errors, events)[0].who for events in TRIGGERS.values()] == ["everybody:", "user:7"]
