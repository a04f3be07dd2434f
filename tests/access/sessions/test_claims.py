import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.sessions.claims import claims_of


def token(claims: object) -> bytes:
    parts = ({"alg": "HS256"}, claims)
    return b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts) + b".c2ln"


def test_claims_that_name_somebody_are_kept_as_texts() -> None:
    found, ends_s = claims_of(token({"sub": 7, "email": "a@b.example", "role": "admin", "exp": 1_900_000_000}))
    assert found == {"sub": "7", "email": "a@b.example", "exp": "1900000000"}
    assert ends_s == 1_900_000_000


@pytest.mark.parametrize("exp", [None, True, "soon", -1, 0])
def test_an_end_that_is_none_is_none(exp: object) -> None:
    assert claims_of(token({"sub": "x", "exp": exp})) == ({"sub": "x"}, None)


@pytest.mark.parametrize(
    "text", [b"", b"opaque-token-of-some-kind", b"eyJh.eyJi.x", token([1]), token({"sub": "x" * 500})]
)
def test_what_says_nothing_gives_nothing(text: bytes) -> None:
    assert claims_of(text) == ({}, None)


@given(st.binary(max_size=300))
def test_no_bytes_raise(text: bytes) -> None:
    claims_of(text)
    claims_of(b"eyJ." + text + b".x")
