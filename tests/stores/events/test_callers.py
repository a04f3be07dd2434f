from collections.abc import Mapping
from typing import Final

import pytest
from sqlalchemy import Engine, select

from apiward.app.incidents.hitting import others_of
from apiward.core import marks
from apiward.core.event import Event
from apiward.stores.events import callers
from apiward.stores.events.callers import callers_of
from apiward.stores.events.rows import row_of
from apiward.stores.events.schema import EVENTS
from apiward.stores.events.storing import SqlEvents
from tests.stores.events.made import NOW_S, event

SHOP = "GET /shop"
_EVENTS = [
    event(1, client="203.0.113.5", principal="user:1", operation=SHOP, marks=((marks.TENANT, "acme"),)),
    event(2, client="203.0.113.5", principal="anonymous:", operation=SHOP),
    event(3, client="203.0.113.9", principal="user:2", operation=SHOP, marks=((marks.TENANT, 'ac"me%'),)),
    event(4, client="203.0.114.9", principal="user:3", marks=((marks.ASN, "64500"),)),
    event(5, client="203.0.113.7", principal="user:4", status=401),
    event(6, client="203.0.113.7", principal="user:5", outcome="refused", status=403),
    event(7, client="203.0.113.7", principal="user:6", at_s=NOW_S - 100_000),
    event(8, client="203.0.113.7", principal="user:7", kind="block", status=200),
    event(9, client="2001:db8::7", principal="user:8"),
    event(10, client="", principal="anonymous:"),
]


_FOUND: Final[Mapping[str, set[str]]] = {
    "address:203.0.113.5": {"user:1"},
    "address:203.0.113.7": set(),
    "address:2001:db8::/64": {"user:8"},
    "network:203.0.113.0/24": {"user:1", "user:2", "address:203.0.113.5"},
    "network:203.0.112.0/20": {"user:1", "user:2", "user:3", "address:203.0.113.5"},
    "network:192.0.2.0/24": set(),
    "tenant:acme": {"user:1"},
    'tenant:ac"me%': {"user:2"},
    "tenant:ac%": set(),
    "asn:64500": {"user:3"},
    f"operation:{SHOP}": {"user:1", "user:2", "address:203.0.113.5"},
}


def test_who_fared_well_in_a_place_is_counted(engine: Engine) -> None:
    events = [one if one.at_s < NOW_S - 1 else one._replace(at_s=NOW_S - 10) for one in _EVENTS]
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(one)) for one in events])
    for key, found in _FOUND.items():
        assert callers_of(engine, key, since_s=NOW_S - 1_000, until_s=NOW_S) == found, key
    assert callers_of(engine, f"operation:{SHOP}", since_s=NOW_S - 1_000, until_s=NOW_S - 20) == set()


def _stored(engine: Engine, *events: Event) -> None:
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(one)) for one in events])


def test_a_flood_that_came_later_hides_nobody(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "MOST_EVENTS", 3)
    _stored(engine, event(1, at_s=NOW_S - 5), *(event(number, at_s=NOW_S) for number in range(2, 9)))
    assert callers_of(engine, "network:192.0.2.0/24", since_s=NOW_S - 10, until_s=NOW_S) == {"user:42"}


def test_where_not_all_can_be_looked_at_nobody_is_said_to_be_safe(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "MOST_EVENTS", 3)
    _stored(engine, event(1, at_s=NOW_S - 5), *(event(number, client="", at_s=NOW_S - 1) for number in range(2, 9)))
    with pytest.raises(ValueError, match="more than 3 events"):
        callers_of(engine, "network:192.0.2.0/24", since_s=NOW_S - 10, until_s=NOW_S)
    assert others_of(engine)("network:192.0.2.0/24", NOW_S) is None
    assert callers_of(engine, "network:192.0.2.0/24", since_s=NOW_S - 0.5, until_s=NOW_S) == set()


def test_many_callers_elsewhere_hide_nobody(engine: Engine) -> None:
    _stored(engine, event(0, client="203.0.113.5", principal="user:1"))
    with engine.begin() as connection:
        like = dict(connection.execute(select(EVENTS)).mappings().one()) | {"client": "192.0.2.7"}
        rows = [like | {"seq": 10 + one, "id": f"{one}", "principal": f"user:{one}"} for one in range(20_001)]
        connection.execute(EVENTS.insert(), rows)
    assert callers_of(engine, "network:203.0.113.0/24", since_s=NOW_S - 1, until_s=NOW_S + 1) == {"user:1"}
