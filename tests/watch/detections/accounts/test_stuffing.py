import pytest

from apiward.core.detection import EVERYBODY
from apiward.core.event import Event
from apiward.watch.detections.accounts.stuffing import Stuffing
from tests.watch.seeing import event, log_in, told

_ONE_PLACE = [log_in(20.0 * number, f"account {number}") for number in range(12)]
_MANY_PLACES = [log_in(30.0 * number, f"account {number}", client=f"203.0.113.{number}") for number in range(14)]
_LOG_ALONE = [log_in(10.0 * number) for number in range(25)]

TRIGGERS = {"one place": _ONE_PLACE, "many places": _MANY_PLACES, "a log alone": _LOG_ALONE}
SILENT = {
    "one person who forgot": [log_in(20.0 * number, "account 1") for number in range(12)],
    "over a day": [log_in(7_200.0 * number, f"account {number}") for number in range(12)],
    "most of them work": [
        log_in(5.0 * number, f"account {number}", good=number % 4 > 0, client=f"203.0.113.{number % 250}")
        for number in range(60)
    ],
    "refused by the guard": [
        event(5.0 * number, "POST /api/login", status=429, rules=("conduct.stuffing",), refused=True, who="anonymous:")
        for number in range(40)
    ],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Stuffing, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Stuffing, events)


def test_one_place_is_named_and_many_together_are_everybody() -> None:
    assert [one.who for one in told(Stuffing, _ONE_PLACE)] == ["address:198.18.0.7"]
    assert [one.who for one in told(Stuffing, _MANY_PLACES)] == [EVERYBODY]


def test_what_is_usual_in_a_large_business_is_not_told() -> None:
    # two or three of fifty log-ins fail in a quarter of an hour, all day; then a few more than usual
    days = [
        log_in(18.0 * number, f"account {number % 900}", good=number % 18 > 0, client=f"203.0.113.{number % 250}")
        for number in range(10_000)
    ]
    assert not told(Stuffing, days)


def test_behind_one_gate_the_address_is_not_blamed() -> None:
    crowd = [event(number, who=f"user:{number}") for number in range(9)]
    tries = [log_in(20.0 + number * 20, f"account {number}") for number in range(12)]
    assert [one.who for one in told(Stuffing, [*crowd, *tries])] == [EVERYBODY]
