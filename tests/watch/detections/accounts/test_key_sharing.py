import pytest

from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.detections.accounts.key_sharing import KeySharing
from tests.watch.seeing import event, told

_USE = [event(7_200.0 * n, who="key:ledger", client="198.18.0.7") for n in range(30)]
_LATER = 30 * 7_200.0

TRIGGERS = {
    "another network": [*_USE, event(_LATER, who="key:ledger", client="203.0.113.9")],
    "another network, by number": [
        *(one._replace(marks=(("asn", "64500"),)) for one in _USE),
        event(_LATER, who="key:ledger", asn="64501"),
    ],
    "of version 6": [*_USE, event(_LATER, who="key:ledger", client="2001:db8:7::1")],
}
TRIGGERS["one that works little, but each night"] = [
    *(event(86_400.0 * n, who="key:ledger", client="198.18.0.7") for n in range(7)),
    event(7 * 86_400.0, who="key:ledger", client="203.0.113.9"),
]
SILENT = {
    "one that was used three times": [
        *(event(86_400.0 * n, who="key:ledger", client="198.18.0.7") for n in (0, 3, 6)),
        event(7 * 86_400.0, who="key:ledger", client="203.0.113.9"),
    ],
    "a neighbour": [*_USE, event(_LATER, who="key:ledger", client="198.18.0.99")],
    "a new key": [event(600.0 * n, who="key:new", client=f"203.0.{n}.9") for n in range(12)],
    "one that wanders": [event(7_200.0 * n, who="key:a", client=f"203.0.{n % 9}.9") for n in range(90)],
    "a person": [one._replace(principal="user:7", client=f"203.0.{n}.9") for n, one in enumerate(_USE)],
    "no address at all": [*_USE, *(event(_LATER, who="key:b", client="unknown") for _ in range(3))],
}  # fmt: skip


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(KeySharing, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(KeySharing, events)


def test_two_strange_networks_are_worse_and_all_uses_count() -> None:
    strange = [event(_LATER + n, who="key:ledger", client=f"203.0.{n % 2}.9") for n in range(10)]
    (found,) = told(KeySharing, [*_USE, *strange])
    assert (found.count, found.severity) == (10, Severity.HIGH)


def test_after_a_week_a_new_network_is_one_like_the_others() -> None:
    moved = [event(_LATER + 86_400.0 * n, who="key:ledger", client="203.0.113.9") for n in range(20)]
    (found,) = told(KeySharing, [*_USE, *moved])
    assert found.count == 8
