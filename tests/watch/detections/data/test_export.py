import pytest

from apiward.core.event import Event
from apiward.watch.detections.data.export import Export
from tests.watch.seeing import event, told

_LIST = "GET /api/contacts"
_USUAL = [event(86_400.0 * day + 60.0 * n, _LIST, size=10_000) for day in range(6) for n in range(9)]

_STRANGERS = [
    event(3_600.0 * day, _LIST, size=2_000, who="anonymous:", client=f"198.18.1.{who}")
    for day in (0, 24)
    for who in range(25)
]

TRIGGERS = {
    "far more than usual": [*_USUAL, *(event(7 * 86_400.0 + n, _LIST, size=100_000) for n in range(40))],
    "an export, again and again": [event(60.0 * n, "GET /api/admin/export") for n in range(6)],
    "more and more": [
        event(86_400.0 * day + 60.0 * n, _LIST, size=100_000 if day < 6 else 50_000 * day)
        for day in range(12)
        for n in range(5)
    ],
    "a stranger, where others are known": [
        *_STRANGERS,
        *(event(90_000.0 + n, _LIST, size=100_000 + n, who="anonymous:") for n in range(40)),
    ],
}
SILENT = {
    "as every day": _USUAL,
    "one export a day": [event(86_400.0 * n, "GET /api/admin/export", size=900_000) for n in range(20)],
    "a large customer": [
        event(86_400.0 * day + n, _LIST, size=100_000, who="key:k") for day in range(9) for n in range(15)
    ],
    "a stranger who fetches what is public and large": [
        event(float(n), "GET /downloads/manual", size=50_000_000, who="anonymous:") for n in range(3)
    ],
    "a stranger, where nobody is known": [
        event(float(n), _LIST, size=100_000 + n, who="anonymous:") for n in range(400)
    ],
    "a program that looks whether the first page is there": [
        *_STRANGERS,
        *(event(90_000.0 + 60.0 * n, "GET", path="/", size=100_000, who="anonymous:") for n in range(900)),
    ],
    "refused": [event(float(n), _LIST, size=100_000, status=403) for n in range(40)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Export, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Export, events)


def test_what_others_are_sent_is_usual() -> None:
    peers = [
        event(86_400.0 * day + n, _LIST, size=200_000, who=f"user:{who}")
        for day in range(3)
        for who in range(20)
        for n in range(9)
    ]
    last = [event(3 * 86_400.0 + n, _LIST, size=200_000, who="user:x") for n in range(30)]
    assert not [one for one in told(Export, [*peers, *last]) if one.who == "user:x"]
