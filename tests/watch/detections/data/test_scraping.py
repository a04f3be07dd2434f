import pytest

from apiward.core.event import Event
from apiward.watch.detections.data.scraping import Scraping
from tests.watch.seeing import event, read, told


def _people(many: int, each: int, *, pause_s: float = 4.0) -> list[Event]:
    """Return what many people open, one after the other, each in ten minutes of their own."""
    return [
        read(700.0 * person + pause_s * number, number, who=f"user:{person}")
        for person in range(many)
        for number in range(each)
    ]


TRIGGERS = {
    "a stranger": [read(0.4 * number, number, who="anonymous:") for number in range(100)],
    "somebody with an account": [read(0.4 * number, number) for number in range(100)],
    "more than others do": [
        *_people(40, 50),
        *(read(40_000.0 + number, number, who="user:x") for number in range(150)),
    ],
}
SILENT = {
    "a long look around": [read(15.0 * number, number) for number in range(300)],
    "not there": [read(0.4 * number, number, status=404) for number in range(100)],
    "pictures of a page": [event(0.1 * n, "GET", path=f"/static/{n}/picture.png") for n in range(300)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Scraping, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Scraping, events)


def test_the_count_is_right_however_much_there_is() -> None:
    (found,) = told(Scraping, [read(0.4 * number, number) for number in range(200)])
    assert found.count == 200
