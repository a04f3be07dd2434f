import pytest

from apiward.core.event import Event
from apiward.watch.detections.accounts.cracking import Cracking
from tests.watch.seeing import log_in, told

TRIGGERS = {
    "within an hour": [log_in(60.0 * n, "account") for n in range(12)],
    "within a day, from many places": [log_in(2_400.0 * n, "account", client=f"203.0.113.{n}") for n in range(30)],
    "within weeks": [log_in(9_000.0 * n, "account", client=f"203.0.113.{n}") for n in range(60)],
}
SILENT = {
    "mistyped": [log_in(10.0 * n, "account", good=n == 5) for n in range(6)],
    "now and then": [log_in(86_400.0 * n, "account") for n in range(60)],
    "many accounts": [log_in(60.0 * n, f"account {n}") for n in range(60)],
    "a log": [log_in(60.0 * n) for n in range(60)],
    "a bare mark": [log_in(60.0 * n, agent="curl") for n in range(60)],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Cracking, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Cracking, events)


def test_whose_account_it_is_stands_with_it() -> None:
    found = [told(Cracking, events)[0] for events in TRIGGERS.values()]
    assert {one.touched for one in found} == {("account:account",)}
    assert [one.who for one in found] == ["address:198.18.0.7", "everybody:", "everybody:"]
    assert [one.count for one in found[:2]] == [12, 30]
    assert found[2].count >= 40
