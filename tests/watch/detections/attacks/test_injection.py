import pytest

from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.detections.attacks.injection import Injection
from tests.watch.seeing import event, told

_SAID = ("inspect.sql",)
TRIGGERS = {
    "only watched": [event(60.0 * n, rules=_SAID) for n in range(4)],
    "refused": [event(60.0 * n, rules=_SAID, refused=True, status=403) for n in range(4)],
    "of several kinds": [event(60.0 * n, rules=(f"inspect.{one}",)) for n, one in enumerate(("sql", "markup", "path"))],
}
SILENT = {
    "a text that looks like one": [event(0.0, rules=_SAID), event(9.0, rules=_SAID)],
    "one a day": [event(86_400.0 * n, rules=_SAID) for n in range(20)],
    "of many callers": [event(60.0 * n, rules=_SAID, who=f"user:{n}") for n in range(20)],
    "another stage": [event(60.0 * n, rules=("shape.body",)) for n in range(20)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Injection, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Injection, events)


def test_what_was_answered_well_is_worse() -> None:
    found = [told(Injection, events)[0] for events in TRIGGERS.values()]
    assert [one.severity for one in found] == [Severity.HIGH, Severity.MEDIUM, Severity.HIGH]
    assert [one.count for one in found] == [4, 4, 3]
