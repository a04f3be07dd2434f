import pytest

from apiward.core.event import Event
from apiward.watch.detections.objects.slow import Slow
from tests.watch.seeing import event, read, told

TRIGGERS = {
    "many are missing in a day": [read(3_600.0 * n, 7 * n, status=404) for n in range(16)],
    "many are missing in a week": [read(20_000.0 * n, 7 * n, status=404) for n in range(26)],
    "foreign ones": [read(3_600.0 * n, 7 * n, rules=("objects.foreign",)) for n in range(16)],
    "very many, all there": [read(400.0 * n, 7 * n) for n in range(90)],
    "numbers in a row, where there are few": [read(1_200.0 * n, n, status=404) for n in range(9)],
    "by the query": [event(3_600.0 * n, "GET /api/messages", status=404, number=str(7 * n)) for n in range(16)],
}
SILENT = {
    "an old bookmark now and then": [read(90_000.0 * n, 7 * n, status=404) for n in range(40)],
    "old ones, here and there": [read(1_200.0 * n, n * n, status=404) for n in range(9)],
    "a path under which there is nothing": [
        event(600.0 * n, "GET", path=f"/{n}phpmyadmin/{n}", status=404, who="anonymous:") for n in range(40)
    ],
    "a stranger who is turned away": [read(600.0 * n, n, status=403, who="anonymous:") for n in range(40)],
    "a stranger who reads all that there is": [read(10.0 * n, n, who="anonymous:") for n in range(400)],
    "the same ones": [read(900.0 * n, n % 20) for n in range(300)],
    "a session that has ended": [read(60.0 * n, n, status=401) for n in range(40)],
    "as every day": [read(86_400.0 * day + 60.0 * n, n + day) for day in range(9) for n in range(45)],
    "many kinds": [
        event(600.0 * n, f"GET /api/kind{n % 30}/{{id}}", path=f"/api/kind{n % 30}/{n}") for n in range(120)
    ],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Slow, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Slow, events)


def test_what_others_do_as_well_is_usual() -> None:
    peers = [
        read(86_400.0 * day + 60.0 * n, n, who=f"user:{who}")
        for day in range(3)
        for n in range(80)
        for who in range(20)
    ]
    last = [read(3 * 86_400.0 + 60.0 * n, n, who="user:x") for n in range(100)]
    assert not [one for one in told(Slow, [*peers, *last]) if one.who == "user:x"]


def test_operations_that_are_remembered_have_a_bound() -> None:
    events = [
        event(86_400.0 * day + n, f"GET /api/k{n}/{{id}}", path=f"/api/k{n}/1", who=f"user:{n}")
        for day in range(2)
        for n in range(2_100)
    ]
    assert not told(Slow, events)


def test_each_request_is_counted_once() -> None:
    events = [read(3_600.0 * n, 7 * min(n, 12), status=404) for n in range(20)]
    assert told(Slow, events)[0].count == len(events)
