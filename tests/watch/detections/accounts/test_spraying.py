import pytest

from apiward.core.event import Event
from apiward.watch.detections.accounts.spraying import Spraying
from tests.watch.seeing import log_in, told

TRIGGERS = {
    "from one place": [log_in(600.0 * n, f"account {n}", secret="s") for n in range(6)],
    "from many places, slowly": [
        log_in(7_200.0 * n, f"account {n}", secret="s", client=f"203.0.113.{n}") for n in range(6)
    ],
}
SILENT = {
    "passwords of their own": [log_in(600.0 * n, f"account {n}", secret=f"s{n}") for n in range(30)],
    "one account": [log_in(60.0 * n, "account", secret="s") for n in range(30)],
    "it is the right one": [log_in(600.0 * n, f"account {n}", secret="s", good=True) for n in range(30)],
    "over weeks": [log_in(200_000.0 * n, f"account {n}", secret="s") for n in range(9)],
    "a log": [log_in(600.0 * n) for n in range(9)],
    "a log-in without a password": [log_in(600.0 * n, f"account {n}") for n in range(9)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Spraying, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Spraying, events)


def test_one_place_is_named() -> None:
    found = [told(Spraying, events)[0].who.partition(":")[0] for events in TRIGGERS.values()]
    assert found == ["address", "everybody"]
