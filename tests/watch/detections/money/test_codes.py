import pytest

from apiward.core.event import Event
from apiward.watch.detections.money.codes import Codes
from tests.watch.seeing import event, told

_CHECK, _SEND = "POST /api/otp/verify", "POST /api/otp/send"
TRIGGERS = {
    "guessed": [event(5.0 * n, _CHECK, status=401, who="anonymous:") for n in range(12)],
    "sent to many": [event(60.0 * n, _SEND, who="anonymous:", recipient=f"r{n}") for n in range(6)],
    "passwords forgotten for others": [
        event(60.0 * n, "POST /api/password/forgot", who="anonymous:", recipient=f"r{n}") for n in range(6)
    ],
}
SILENT = {
    "mistyped": [event(5.0 * n, _CHECK, status=401) for n in range(4)],
    "one a day": [event(86_400.0 * n, _SEND, recipient=f"r{n}") for n in range(40)],
    "many customers": [event(20.0 * n, _CHECK, who=f"user:{n}") for n in range(40)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Codes, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Codes, events)
