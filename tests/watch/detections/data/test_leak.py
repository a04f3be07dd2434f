import pytest

from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.detections.data.leak import Leak
from tests.watch.seeing import event, told

TRIGGERS = {
    "taken out": [event(0.0, rules=("minimise.secret",), refused=True)._replace(outcome="passed")],
    "only watched": [event(0.0, rules=("conceal.trace-in-answer",))],
    "two at once": [event(0.0, rules=("conceal.database", "minimise.card", "route.deprecated"))],
}
SILENT = {
    "a field too many": [event(0.0, rules=("minimise.undeclared",))],
    "nothing said": [event(60.0 * n, status=500) for n in range(9)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Leak, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Leak, events)


def test_the_worst_is_told() -> None:
    found = [told(Leak, events)[0] for events in TRIGGERS.values()]
    assert [one.severity for one in found] == [Severity.HIGH, Severity.LOW, Severity.HIGH]
    assert [dict(one.facts)["done"] for one in found] == ["taken it out", "only watched", "only watched"]
    assert {one.who for one in found} == {"everybody:"}
