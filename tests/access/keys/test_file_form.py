"""The file of keys: a round trip, no secret in it, and a clear word where it is wrong."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.errors import AccessError
from apiward.access.keys.file_form import keys_from_text, keys_to_text
from apiward.access.keys.values import LastUse, new_api_key, rotated
from tests.access.making import NOW_S


def sample() -> str:
    key, _ = new_api_key(
        "Kasse Süd", random_bytes=lambda n: bytes(range(n)), now_s=NOW_S, scopes=["GET /orders/**"], roles=["till"],
        networks=["203.0.113.0/24", "2001:db8::1"],
    )  # fmt: skip
    key, _ = rotated(key, random_bytes=lambda n: bytes(range(1, n + 1)), now_s=NOW_S + 5)
    other, _ = new_api_key("b", random_bytes=lambda n: bytes([7]) * n, now_s=NOW_S, life_s=None)
    return keys_to_text([key.used(LastUse(NOW_S, "192.0.2.1", "GET /x")), other.revoked()])


def test_round_trip_without_secrets() -> None:
    _, text = new_api_key("x", random_bytes=lambda n: bytes(range(n)), now_s=NOW_S)
    file = sample()
    assert text.split("_")[3] not in file
    keys = keys_from_text(file)
    assert keys_to_text(keys) == file
    assert {key.name for key in keys} == {"Kasse Süd", "b"}
    assert keys_from_text(keys_to_text([])) == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), []), (("version",), 2), (("keys",), {}), (("keys", 0), 7), (("keys", 0, "extra"), 1),
        (("keys", 0, "id"), "x"),
        (("keys", 0, "secrets"), []), (("keys", 0, "secrets", 0), 1), (("keys", 0, "secrets", 0, "sha256"), "zz"),
        (("keys", 0, "secrets", 0, "sha256"), "00"), (("keys", 0, "created_s"), "now"),
        (("keys", 0, "created_s"), True),        (("keys", 0, "expires_s"), 10**400),
        (("keys", 0, "scopes"), ["nonsense"]), (("keys", 0, "scopes"), [1]),
        (("keys", 0, "networks"), ["nowhere"]), (("keys", 0, "roles"), "a"), (("keys", 0, "is_revoked"), 1),
        (("keys", 0, "last_use"), 1), (("keys", 0, "last_use"), {"at_s": 1}), (("keys", 0, "prefix"), "A"),
        (("keys", 0, "env"), 1),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(path: tuple[str | int, ...], value: object) -> None:
    document = json.loads(sample())
    if not path:
        document = value
    else:
        node = document
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value
    with pytest.raises(AccessError, match="key"):
        keys_from_text(json.dumps(document))


def test_an_id_stands_once() -> None:
    key = keys_from_text(sample())[0]
    with pytest.raises(AccessError, match="twice"):
        keys_from_text(keys_to_text([key, replace(key, name="other")]))


@given(st.binary(max_size=100))
def test_any_bytes(text: bytes) -> None:
    with pytest.raises(AccessError):
        keys_from_text(text)
