import pytest

from apiward.core.event import Event
from apiward.watch.correlator import Correlator
from apiward.watch.detections.service.clock import ClockJump
from apiward.watch.settings import SeeingSettings
from tests.watch.seeing import START_S, event, told

TRIGGERS = {"back by an hour": [*(event(10_000.0 + n) for n in range(9)), *(event(6_000.0 + n) for n in range(9))]}
SILENT = {
    "a request that took long": [event(10_000.0), event(6_000.0), *(event(10_000.0 + n) for n in range(9))],
    "two workers": [event(100.0 * n - (n % 2) * 200) for n in range(60)],
    "two logs, one after the other": [
        *(event(10_000.0 + n, source="a") for n in range(9)), *(event(6_000.0 + n, source="b") for n in range(9)),
    ],
    "a long pause": [event(0.0), *(event(900_000.0 + n) for n in range(9))],
}  # fmt: skip


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(ClockJump, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(ClockJump, events)


def test_times_that_are_not_yet_are_told_once() -> None:
    correlator = Correlator((ClockJump,), SeeingSettings())
    correlator.see(event(4_000.0))
    (found,) = correlator.passed(START_S)
    assert dict(found.facts) == {"minutes": "66", "direction": "ahead"}
    assert not correlator.passed(START_S + 60)
    assert not correlator.passed(START_S + 4_000)
    assert correlator.passed(START_S)


def test_sources_have_a_bound() -> None:
    assert not told(ClockJump, [event(float(n), source=str(n)) for n in range(200)])
