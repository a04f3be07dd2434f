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


def test_a_copy_that_begins_before_a_full_ten_minutes_teaches_nothing() -> None:
    strangers = [
        read(86_400.0 * day + 60.0 * n, n, who="anonymous:", client=f"198.18.1.{day}")
        for day in range(30)
        for n in range(5)
    ]
    copies = [
        read(86_400.0 * day + 3_570.0 + 0.5 * n, n, who="anonymous:", client=f"198.18.2.{day}")
        for day in range(9)
        for n in range(107)
    ]
    events = sorted([*strangers, *copies], key=lambda one: one.at_s)
    assert len(told(Scraping, events)) == 9


def test_who_opens_much_every_day_is_used_to_it() -> None:
    assert not told(Scraping, [read(86_400.0 * day + 5.0 * n, n) for day in range(9) for n in range(70 + 10 * day)])
