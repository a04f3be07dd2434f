import pytest

from apiward.core.event import Event
from apiward.watch.detections.accounts.travel import Travel
from tests.watch.seeing import event, told

_HERE = event(0.0, country="GB", asn="64500", agent="firefox")
TRIGGERS = {"an hour later": [_HERE, event(3_600.0, country="BR", asn="64501", agent="curl")]}
SILENT = {
    "a day later": [_HERE, event(86_400.0, country="BR", asn="64501", agent="curl")],
    "the same program": [_HERE, event(3_600.0, country="BR", asn="64501", agent="firefox")],
    "the same network": [_HERE, event(3_600.0, country="BR", asn="64500", agent="curl")],
    "the same country": [_HERE, event(3_600.0, country="GB", asn="64501", agent="curl")],
    "no country known": [_HERE, event(3_600.0, asn="64501", agent="curl")],
    "somebody else": [_HERE, event(60.0, who="user:8", country="BR", asn="64501", agent="curl")],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Travel, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Travel, events)
