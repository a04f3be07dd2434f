import pytest

from apiward.core.event import Event
from apiward.watch.detections.money.coupons import Coupons
from tests.watch.seeing import event, told

_CODE = "POST /api/cart/coupon"
TRIGGERS = {
    "guessed": [event(20.0 * n, _CODE, status=404) for n in range(9)],
    "used up": [event(120.0 * n, _CODE) for n in range(18)],
}
SILENT = {
    "mistyped": [event(20.0 * n, _CODE, status=404) for n in range(4)],
    "one a day": [event(86_400.0 * n, _CODE) for n in range(40)],
    "many customers": [event(20.0 * n, _CODE, status=404, who=f"user:{n}") for n in range(40)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Coupons, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Coupons, events)
