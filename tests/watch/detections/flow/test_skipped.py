import pytest

from apiward.core.event import Event
from apiward.watch.detections.flow.skipped import Skipped
from tests.watch.seeing import event, told

_READ, _MOVE = "GET /api/booking", "POST /api/booking/move"


def _usual(many: int = 90, callers: int = 12) -> list[Event]:
    return [
        one
        for n in range(many)
        for one in (
            event(600.0 * n, _READ, who=f"user:{n % callers}"),
            event(600.0 * n + 60, _MOVE, who=f"user:{n % callers}"),
        )
    ]


_LATER = 600.0 * 100
_SKIPPING = [event(_LATER + 60.0 * n, _MOVE, who="user:x") for n in range(5)]

TRIGGERS = {
    "a step is left out": [*_usual(), *_SKIPPING],
    "a step that was left out once, of very many times": [
        event(-60.0, _MOVE, who="user:y"),
        *_usual(300),
        *(one._replace(at_s=one.at_s + 600.0 * 300) for one in _SKIPPING),
    ],
}
SILENT = {
    "in order": [*_usual(), *(one for n in range(5) for one in (event(_LATER + n, _READ), event(_LATER + n, _MOVE)))],
    "twice": [*_usual(), *_SKIPPING[:2]],
    "too few to learn from": [*_usual(30), *_SKIPPING],
    "too few callers": [*_usual(90, 9), *_SKIPPING],
    "a step that was left out once, where little is known": [event(-60.0, _MOVE, who="user:y"), *_usual(), *_SKIPPING],
    "a program": [*_usual(), *(one._replace(principal="key:k") for one in _SKIPPING)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Skipped, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Skipped, events)


def test_a_habit_may_change() -> None:
    without = [event(_LATER + 600.0 * n, _MOVE, who=f"user:{n}") for n in range(3_000)]
    assert not told(Skipped, [*_usual(1_400), *without, *(one._replace(at_s=one.at_s + 9e6) for one in _SKIPPING)])


def test_operations_that_are_remembered_have_a_bound() -> None:
    assert not told(Skipped, [event(float(n), f"POST /api/k{n}") for n in range(400)])
