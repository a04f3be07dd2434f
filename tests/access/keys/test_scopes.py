"""What a key may reach, and scopes that are none."""

import pytest

from apiward.access.keys.ring import KeyRing
from apiward.access.keys.values import ApiKey, new_api_key
from tests.access.making import NOW_S, rule, who


class Dice:
    """Gives other bytes each time, always the same ones in a run."""

    def __init__(self) -> None:
        self.turn = 0

    def __call__(self, length: int) -> bytes:
        self.turn += 1
        return bytes((self.turn * 31 + place * 7) % 256 for place in range(length))


def made(**changed: object) -> tuple[ApiKey, str]:
    return new_api_key("shop till", random_bytes=Dice(), now_s=NOW_S, **changed)  # type: ignore[arg-type]


def check(ring: KeyRing, text: str, **changed: object) -> object:
    fields = {"method": "GET", "path": "/orders/1", "address": "203.0.113.9", "now_s": NOW_S} | changed
    return ring.check(text.encode(), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "path", "is_good"),
    [
        ("GET", "/orders", True),
        ("HEAD", "/orders/1", True),
        ("GET", "/orders/1/items/2", True),
        ("POST", "/orders", False),
        ("GET", "/ordersX", False),
        ("GET", "/", False),
        ("DELETE", "/reports", True),
        ("GET", "/reports/1", False),
        ("PUT", "/users/7/name", True),
        ("PUT", "/users//name", False),
        ("PUT", "/users/7/8/name", False),
    ],
)
def test_scopes(method: str, path: str, *, is_good: bool) -> None:
    key, text = made(scopes=["GET /orders/**", "* /reports", "PUT,PATCH /users/*/name"])
    said = check(KeyRing([key]), text, method=method, path=path)
    assert (who(said).id if is_good else rule(said)) == (key.id if is_good else "key-scope")


@pytest.mark.parametrize(
    "scope", ["", "GET", "/orders", "get /orders", "GET orders", "GET /a/**/b", "GET /a b", "GET /a?b"]
)
def test_wrong_scopes_are_refused_with_advice(scope: str) -> None:
    with pytest.raises(ValueError, match="scope"):
        made(scopes=[scope])
