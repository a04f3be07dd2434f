import json

import pytest

from apiward.core.exchange import Headers, Request
from apiward.scan.calling.forbidden import Forbidden
from apiward.spec.reading import read_description
from tests.scan.harness import description, operation

PATHS = {
    "/payments": {"post": operation(), "get": operation()},
    "/orders/{order_id}": {"delete": operation(path=["order_id"]), "get": operation(path=["order_id"])},
    "/search": {"get": operation()},
}
ORIGIN = "http://api.test/v1"


def _forbidden(*keys: str) -> Forbidden:
    api = read_description(json.dumps(description(PATHS)).encode(), source="here")
    chosen = [one for one in api.operations if one.key in keys]
    assert len(chosen) == len(keys)
    return Forbidden(chosen, ORIGIN)


FORBIDDEN = _forbidden("POST /payments", "DELETE /orders/{order_id}", "GET /search")


@pytest.mark.parametrize(
    ("method", "url", "headers"),
    [
        ("POST", "/payments", ()),
        ("POST", "/payments?x=1", ()),
        ("POST", "/payments/", ()),
        ("POST", "//payments", ()),
        ("POST", "/Payments", ()),
        ("POST", "/%70ayments", ()),
        ("POST", "/orders/../payments", ()),
        ("DELETE", "/orders/7", ()),
        ("DELETE", "/orders/a%20b/", ()),
        ("POST", "/orders/7", (("X-HTTP-Method-Override", "delete"),)),
        ("POST", "/orders", (("X-Original-URL", "/v1/payments"),)),
        ("HEAD", "/search", ()),
    ],
)
def test_a_forbidden_operation_is_known_however_it_is_written(method: str, url: str, headers: Headers) -> None:
    assert FORBIDDEN.covers(Request(method, f"{ORIGIN}{url}", headers))


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", f"{ORIGIN}/payments"),
        ("GET", f"{ORIGIN}/orders/7"),
        ("DELETE", f"{ORIGIN}/orders"),
        ("DELETE", f"{ORIGIN}/orders/7/lines"),
        ("POST", f"{ORIGIN}/payments/7"),
        ("POST", "http://api.test/payments"),
        ("POST", "http://["),
    ],
)
def test_others_go_on(method: str, url: str) -> None:
    assert not FORBIDDEN.covers(Request(method, url))
    assert not _forbidden().covers(Request(method, url), "POST /payments")


def test_it_is_known_by_its_key_where_it_has_no_address() -> None:
    assert FORBIDDEN.covers(Request("POST", "http://api.test/graphql"), "POST /payments")
