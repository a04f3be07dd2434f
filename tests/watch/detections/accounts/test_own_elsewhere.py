from functools import partial

import pytest

from apiward.core.event import Event
from apiward.watch.detections.accounts.own_elsewhere import OwnElsewhere
from apiward.watch.settings import SeeingSettings
from tests.watch.seeing import event, told

_OWN = SeeingSettings(own_addresses=("198.18.0.0/24",), own_accounts=("user:7",))
TOLD = partial(told, settings=_OWN)

ELSEWHERE = [event(60.0 * n, client="203.0.113.9", agent="curl") for n in range(3)]
TRIGGERS = {"from elsewhere": ELSEWHERE}
SILENT = {
    "at the office": [event(60.0 * n) for n in range(9)],
    "somebody else": [one._replace(principal="user:8") for one in ELSEWHERE],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert TOLD(OwnElsewhere, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not TOLD(OwnElsewhere, events)


def test_each_place_is_told_once_and_nothing_without_settings() -> None:
    (found,) = told(OwnElsewhere, [*ELSEWHERE, event(300.0, client="203.0.113.10")], _OWN)
    assert (found.count, found.facts) == (2, (("now", "an unnamed program"),))
    assert not told(OwnElsewhere, ELSEWHERE)
