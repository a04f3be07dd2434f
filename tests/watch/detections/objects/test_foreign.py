import pytest

from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.detections.objects.foreign import Foreign
from tests.watch.seeing import read, told

TRIGGERS = {
    "given out": [read(0.0, 5, rules=("objects.foreign",))],
    "refused by the guard": [read(0.0, 5, status=404, rules=("objects.foreign",), refused=True)],
    "forbidden by the API, three of them": [read(60.0 * number, number, status=403) for number in range(3)],
}
SILENT = {
    "one's own": [read(10.0 * number, number) for number in range(50)],
    "two forbidden": [read(60.0 * number, number % 2, status=403) for number in range(9)],
    "the session has ended": [read(60.0 * number, number, status=401) for number in range(9)],
    "a stranger": [read(60.0 * number, number, status=403, who="anonymous:") for number in range(9)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Foreign, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Foreign, events)


def test_what_was_given_out_is_worse() -> None:
    severities = [told(Foreign, events)[0].severity for events in TRIGGERS.values()]
    assert severities == [Severity.HIGH, Severity.MEDIUM, Severity.LOW]
