import pytest

from apiward.core.event import Event
from apiward.watch.detections.money.carding import Carding
from tests.watch.seeing import event, told

_PAY = "POST /api/payments"


def _declined(many: int, *, who: str = "user:7", cards: int = 99, pause_s: float = 20.0) -> list[Event]:
    return [event(pause_s * n, _PAY, status=402, who=who, card=f"c{n % cards}") for n in range(many)]


TRIGGERS = {
    "many cards": _declined(8),
    "a log": [event(20.0 * n, _PAY, status=402) for n in range(9)],
    "with orders of guests": [
        event(20.0 * n, "POST /api/guest/orders", status=422, who="anonymous:", card=f"c{n}") for n in range(8)
    ],
    "many callers": [one._replace(principal=f"user:{n}") for n, one in enumerate(_declined(30))],
}
SILENT = {
    "one card that is empty": _declined(12, cards=1),
    "slowly": _declined(30, pause_s=2_000.0),
    "paid": [event(20.0 * n, _PAY, card=f"c{n}") for n in range(30)],
    "a few of many": [
        event(20.0 * n, _PAY, status=402 if n % 4 == 0 else 200, who=f"user:{n}", card=f"c{n}") for n in range(200)
    ],
    "orders without a card": [event(20.0 * n, "POST /api/orders", status=422, amount="3") for n in range(30)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Carding, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Carding, events)


def test_many_together_are_everybody() -> None:
    (found,) = told(Carding, TRIGGERS["many callers"])
    assert found.who == "everybody:"
    assert told(Carding, TRIGGERS["many cards"])[0].count == 8
