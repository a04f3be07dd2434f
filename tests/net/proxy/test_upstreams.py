"""Which rule a request falls under, and which server takes it."""

import pytest

from apiward.net.proxy.breaker import BreakerSettings
from apiward.net.proxy.failures import NoServerError
from apiward.net.proxy.upstreams import HealthSettings, Upstreams, UpstreamSettings


def _rule(port: int, *hosts: str, prefix: str = "/") -> UpstreamSettings:
    return UpstreamSettings((f"http://127.0.0.1:{port}",), hosts=hosts, prefix=prefix)


RULES = [
    _rule(1),
    _rule(2, prefix="/api"),
    _rule(3, prefix="/api/v2/"),
    _rule(4, "shop.test"),
    _rule(5, "*.shop.test"),
    _rule(6, "*.eu.shop.test", prefix="/x"),
    _rule(7, "[::1]"),
]


@pytest.mark.parametrize(
    ("host", "path", "port"),
    [
        (b"other.test", b"/", 1),
        (b"other.test", b"/apix", 1),
        (b"other.test", b"/api", 2),
        (b"other.test", b"/api/v1", 2),
        (b"other.test", b"/api/v2", 3),
        (b"other.test", b"/api/v2/x", 3),
        (b"SHOP.test:8080", b"/api", 4),
        (b"shop.test.", b"/", 4),
        (b"a.shop.test", b"/", 5),
        (b".shop.test", b"/", 5),
        (b"eu.shop.test", b"/x", 5),
        (b"a.eu.shop.test", b"/x/y", 6),
        (b"a.eu.shop.test", b"/", 5),
        (b"notshop.test", b"/", 1),
        (b"[::1]:80", b"/", 7),
        (b"", b"/", 1),
    ],
)
def test_the_most_exact_rule_wins(host: bytes, path: bytes, port: int) -> None:
    found = Upstreams(RULES, lambda: 0.0).find(host, path)
    assert found is not None
    assert found.servers[0].port == port


def test_no_rule_is_said() -> None:
    assert Upstreams([_rule(1, "a.test")], lambda: 0.0).find(b"b.test", b"/") is None
    assert Upstreams([_rule(1, prefix="/a")], lambda: 0.0).find(b"b.test", b"/b") is None


@pytest.mark.parametrize("address", ["localhost:8000", "ftp://a", "http://", "http://a/?q", "http://u:p@a/"])
def test_a_wrong_address_stops_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="not an upstream address"):
        Upstreams([UpstreamSettings((address,))], lambda: 0.0)


def test_a_rule_needs_a_server() -> None:
    with pytest.raises(ValueError, match="at least one server"):
        Upstreams([UpstreamSettings(())], lambda: 0.0)


def test_addresses_are_read() -> None:
    server = Upstreams([UpstreamSettings(("https://b\u00fccher.test/base/",))], lambda: 0.0).servers[0]
    assert (server.is_tls, server.port, server.base) == (True, 443, b"/base")
    assert server.authority == b"xn--bcher-kva.test"


def test_the_sick_and_the_resting_are_passed_over() -> None:
    now_s = [0.0]
    rule = UpstreamSettings(
        ("http://a", "http://b", "http://c"),
        breaker=BreakerSettings(failures=1, rest_s=7.0),
        health=HealthSettings(interval_s=60.0),
    )
    (upstream,) = Upstreams([rule], lambda: now_s[0]).all
    one, two, three = upstream.servers
    one.is_healthy = False
    two.breaker.failed(0.0)
    assert {upstream.pick().address for _ in range(6)} == {"http://c"}
    assert upstream.pick(other_than=three) is three
    three.breaker.failed(2.0)
    with pytest.raises(NoServerError) as refusal:
        upstream.pick()
    assert refusal.value.retry_after_s == 7.0
    now_s[0] = 7.0
    assert upstream.pick() is two


def test_the_one_that_failed_comes_last() -> None:
    (upstream,) = Upstreams([UpstreamSettings(("http://a", "http://b"))], lambda: 0.0).all
    assert {upstream.pick(other_than=upstream.servers[0]).address for _ in range(4)} == {"http://b"}
