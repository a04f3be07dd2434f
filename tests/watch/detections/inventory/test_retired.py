import pytest

from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.detections.inventory.retired import Retired
from tests.watch.seeing import event, told

TRIGGERS = {
    "it has ended": [event(0.0, "GET /api/v1/notes", rules=("route.retired",), refused=True, status=410)],
    "it ends soon": [event(60.0 * n, "GET /api/v1/notes", rules=("route.deprecated",)) for n in range(3)],
}
SILENT = {"in use": [event(60.0 * n, "GET /api/v2/notes") for n in range(3)]}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Retired, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Retired, events)


def test_what_has_ended_is_more_than_a_note() -> None:
    found = [told(Retired, events)[0] for events in TRIGGERS.values()]
    assert [one.severity for one in found] == [Severity.LOW, Severity.NOTE]
    assert dict(found[1].facts)["times"] == "3"
