import pytest

from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.detections.attacks.inward import Inward
from tests.watch.seeing import event, told

_SAID = ("inspect.target",)
TRIGGERS = {
    "only watched": [event(0.0, rules=_SAID)],
    "refused": [event(0.0, rules=_SAID, refused=True, status=403)],
    "refused twice": [event(60.0 * n, rules=_SAID, refused=True, status=403) for n in range(2)],
}
SILENT = {"another attack": [event(60.0 * n, rules=("inspect.sql",)) for n in range(9)]}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Inward, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Inward, events)


def test_how_bad_it_is() -> None:
    found = [told(Inward, events)[0].severity for events in TRIGGERS.values()]
    assert found == [Severity.HIGH, Severity.LOW, Severity.MEDIUM]
