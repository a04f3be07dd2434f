import pytest

from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.detections.objects.enumeration import MOST_KINDS, Enumeration
from tests.watch.seeing import event, read, told

TRIGGERS = {
    "many are missing": [read(2.0 * number, 7_000 + 13 * number, status=404) for number in range(10)],
    "number after number": [read(2.0 * number, 100 + number) for number in range(60)],
    "downwards, some missing": [
        read(2.0 * number, 900 - number, status=404 if number in {3, 9} else 200) for number in range(30)
    ],
    "in the query": [
        event(2.0 * number, "GET /api/messages", status=404, number=str(number * 3)) for number in range(9)
    ],
    "the guard knows that they are foreign": [
        read(2.0 * number, f"k{number * 7}", rules=("objects.foreign",)) for number in range(9)
    ],
}
SILENT = {
    "a path under which there is nothing": [
        event(2.0 * number, "GET", path=f"/{number}phpmyadmin/{number}", status=404, who="anonymous:")
        for number in range(20)
    ],
    "a stranger who is turned away": [
        read(2.0 * number, number * 7, status=403, who="anonymous:") for number in range(30)
    ],
    "a page of a list": [read(2.0 * number, 900 - number) for number in range(30)],
    "here and there": [read(2.0 * number, number * number) for number in range(80)],
    "one that is gone, again and again": [read(2.0 * number, 5, status=404) for number in range(80)],
    "old bookmarks over days": [read(7_200.0 * number, number * 3, status=404) for number in range(30)],
    "the same number again": [read(2.0 * number, 8) for number in range(80)],
    "a daily program": [read(86_400.0 * number, number) for number in range(80)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Enumeration, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Enumeration, events)


def test_a_long_row_without_a_fault_is_only_low() -> None:
    assert told(Enumeration, TRIGGERS["number after number"])[0].severity is Severity.LOW
    assert told(Enumeration, TRIGGERS["the guard knows that they are foreign"])[0].severity is Severity.HIGH


def test_only_so_many_kinds_of_one_caller_are_kept() -> None:
    kinds = [f"/api/kind{n % (MOST_KINDS + 4)}" for n in range(300)]
    events = [event(2.0 * n, f"GET {kind}/{{id}}", path=f"{kind}/{n}", status=404) for n, kind in enumerate(kinds)]
    assert not told(Enumeration, events)
