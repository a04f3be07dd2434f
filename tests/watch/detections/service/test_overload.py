import pytest

from apiward.core.event import Event
from apiward.watch.detections.service.overload import Overload
from tests.watch.seeing import event, told

TRIGGERS = {
    "in one minute": [event(0.1 * n) for n in range(500)],
    "a flood that has begun in the minute before": [event(40.0 + 0.075 * n) for n in range(1_200)],
    "held back by the guard": [event(1.0 * n, rules=("flood.too-many",), refused=True, status=429) for n in range(50)],
}
SILENT = {
    "quick, but not so much": [event(0.3 * n) for n in range(900)],
    "many callers": [event(0.05 * n, who=f"user:{n % 50}") for n in range(2_000)],
    "held back once": [event(60.0 * n, rules=("quota.minute",), refused=True, status=429) for n in range(50)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Overload, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Overload, events)


def test_what_others_do_as_well_is_usual() -> None:
    peers = [event(120.0 * who + 0.2 * n, who=f"key:{who}") for who in range(30) for n in range(200)]
    again = [event(4_000.0 + 120.0 * who + 0.2 * n, who=f"key:{who}") for who in range(30) for n in range(200)]
    assert not told(Overload, [*peers, *again, *(event(9_000.0 + 0.1 * n, who="key:x") for n in range(500))])


def test_all_requests_count() -> None:
    assert told(Overload, TRIGGERS["in one minute"])[0].count == 500


def test_who_is_busy_for_long_is_used_to_it() -> None:
    busy = [event(0.25 * n, who="key:x") for n in range(240 * 30)]
    assert not told(Overload, [*busy, *(event(1_800.0 + 0.15 * n, who="key:x") for n in range(400))])
