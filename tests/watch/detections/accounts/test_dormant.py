import pytest

from apiward.core.event import Event
from apiward.watch.detections.accounts.dormant import Dormant
from tests.watch.seeing import event, told

_USE = [event(86_400.0 * n, agent="firefox") for n in range(3)]
_MONTH = 30 * 86_400.0

TRIGGERS = {
    "in other hands": [*_USE, event(_MONTH, agent="curl", client="203.0.113.9")],
    "by a log that names no program": [event(0.0), event(_MONTH, client="203.0.113.9")],
}
SILENT = {
    "back at the desk": [*_USE, event(_MONTH, agent="curl")],
    "back with the same telephone": [*_USE, event(_MONTH, agent="firefox", client="203.0.113.9")],
    "after a week": [*_USE, event(9 * 86_400.0, agent="curl", client="203.0.113.9")],
    "for the first time": [event(_MONTH, agent="curl", client="203.0.113.9")],
    "all the time": [event(600.0 * n, agent=f"a{n % 9}", client=f"203.0.113.{n}") for n in range(99)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Dormant, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Dormant, events)
