import pytest
from starlette.types import Scope

from apiward.app.page.listening import PagePlace
from apiward.guard.origins.networks import Networks
from apiward.web.arriving import NO_CLIENT, NO_PROXY, NO_TLS, Arrival, Arrivals, TurnedAway

NAME = "page.shop.example"
TLS = PagePlace("0.0.0.0", 8443, (NAME,))
BEHIND = PagePlace("127.0.0.1", 8181, (NAME,), proxies=Networks(("127.0.0.1", "10.0.0.0/8"), field="proxies"))
NEAR = PagePlace("127.0.0.1", 8181)


def scope(host: str, client: str, scheme: str = "http", **headers: str) -> Scope:
    given = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    listed = [(name.encode(), value.encode()) for name, value in given.items()]
    return {"type": "http", "scheme": scheme, "client": (client, 5), "headers": listed}


def arrival(client: str, words: str) -> Arrival:
    """Return an arrival of which these words are true."""
    true = words.split()
    return Arrival(client, is_near="near" in true, is_secure="secure" in true, may_log_in="log-in" in true)


@pytest.mark.parametrize(
    ("place", "request_", "expected"),
    [
        (NEAR, scope("127.0.0.1:8181", "127.0.0.1"), arrival("127.0.0.1", "near log-in")),
        (NEAR, scope("localhost:8181", "::1"), arrival("::/64", "near log-in")),
        (TLS, scope(f"{NAME}:8443", "203.0.113.5", "https"), arrival("203.0.113.5", "secure log-in")),
        (TLS, scope(NAME.upper(), "2001:db8::7", "https"), arrival("2001:db8::/64", "secure log-in")),
        (TLS, scope("127.0.0.1:8443", "127.0.0.1", "https"), arrival("127.0.0.1", "near secure log-in")),
        (
            BEHIND,
            scope(NAME, "127.0.0.1", x_forwarded_proto="https", x_forwarded_for="6.6.6.6, 203.0.113.5, 10.0.0.1"),
            arrival("203.0.113.5", "secure log-in"),
        ),
        (BEHIND, scope("127.0.0.1:8181", "127.0.0.1"), arrival("127.0.0.1", "near")),
    ],
)
def test_who_may_be_answered_is(place: PagePlace, request_: Scope, expected: Arrival) -> None:
    assert Arrivals(place).of(request_) == expected


@pytest.mark.parametrize(
    ("place", "request_", "turned"),
    [
        (NEAR, scope("evil.example:8181", "127.0.0.1"), TurnedAway(421)),
        (NEAR, scope("127.0.0.1:8181", "192.0.2.7"), TurnedAway(421)),
        (NEAR, scope("127.0.0.1:8181", "no address"), TurnedAway(421)),
        (NEAR, scope(NAME, "127.0.0.1", "https"), TurnedAway(421)),
        (NEAR, scope("127.0.0.1:8181", "127.0.0.1", x_forwarded_for="192.0.2.7"), TurnedAway(403, NO_PROXY)),
        (TLS, scope(f"{NAME}:8443", "203.0.113.5"), TurnedAway(403, NO_TLS)),
        (TLS, scope(NAME, "203.0.113.5", x_forwarded_proto="https"), TurnedAway(403, NO_TLS)),
        (BEHIND, scope(NAME, "203.0.113.5", x_forwarded_proto="https"), TurnedAway(403, NO_TLS)),
        (BEHIND, scope(NAME, "127.0.0.1", x_forwarded_proto="http"), TurnedAway(403, NO_TLS)),
        (BEHIND, scope(NAME, "127.0.0.1"), TurnedAway(403, NO_TLS)),
        (BEHIND, scope(NAME, "127.0.0.1", x_forwarded_proto="https"), TurnedAway(403, NO_CLIENT)),
        (BEHIND, scope(NAME, "127.0.0.1", x_forwarded_proto="https", x_forwarded_for="x"), TurnedAway(403, NO_CLIENT)),
        (BEHIND, scope("127.0.0.1:8181", "10.0.0.1", x_forwarded_proto="https"), TurnedAway(421)),
    ],
)
def test_who_may_not_is_turned_away(place: PagePlace, request_: Scope, turned: TurnedAway) -> None:
    assert Arrivals(place).of(request_) == turned


def test_two_names_at_once_are_none() -> None:
    doubled = scope("127.0.0.1:8181", "127.0.0.1")
    doubled["headers"].append((b"host", b"127.0.0.1:8181"))
    assert Arrivals(NEAR).of(doubled) == TurnedAway(421)
