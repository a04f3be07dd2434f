import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.account import Credential
from apiward.core.api import Place
from apiward.core.jsonvalue import Json
from apiward.scan.proofs.trials.tokens import (
    Jwt,
    all_jwts,
    exchanged,
    expired,
    jwt_in,
    later,
    read_jwt,
    signed,
    unsigned,
    with_broken_signature,
)

HEADER = {"alg": "HS256", "typ": "JWT"}
TEXT = signed(HEADER, {"sub": "ann", "iat": 1_000, "exp": 2_000}, b"key", "HS256")


def token(text: str = TEXT) -> Jwt:
    found = read_jwt(text)
    assert found is not None
    return found


def test_reads_what_it_signs() -> None:
    found = token()
    assert (found.algorithm, found.claims["sub"], found.time("exp")) == ("HS256", "ann", 2_000.0)
    assert found.time("nbf") is None
    assert len(found.signature) == 32


@given(
    st.text(max_size=80)
    | st.from_regex(r"[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,9}", fullmatch=True)
)
def test_no_text_makes_the_reader_fail(text: str) -> None:
    found = read_jwt(text)
    assert found is None or found.text == text


def test_a_text_of_another_kind_is_no_token() -> None:
    no_object = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in ([1], [2], [3]))
    assert [read_jwt(text) for text in ("", "a.b", "a.b.c.d", no_object, "ä.b.c")] == [None] * 5


def test_finds_and_replaces_a_token_among_cookies() -> None:
    cookies = Credential(Place.COOKIE, "theme", f"dark; sid={TEXT}; version=1.2.3")
    found = jwt_in(cookies)
    assert found is not None
    assert found.text == TEXT
    assert exchanged(cookies, TEXT, "x.y.z").value == "dark; sid=x.y.z; version=1.2.3"
    assert jwt_in(None) is None


def test_a_broken_signature_has_the_same_length_and_other_bytes() -> None:
    broken = token(with_broken_signature(token()))
    assert len(broken.signature) == 32
    assert broken.signature != token().signature
    assert broken.signed == token().signed


def test_later_moves_the_end_or_adds_a_claim() -> None:
    assert later(token(), 1_500.0)["exp"] == 2_300
    endless = token(unsigned(HEADER, {"sub": "ann"}) + ".AAAA")
    assert "exp" not in later(endless, 1_500.0)
    assert later(endless, 1_500.0) != endless.claims


def test_expired_lies_in_the_past_in_every_respect() -> None:
    claims = expired(token(), 100_000.0)
    assert claims["iat"] == 12_700
    assert claims["exp"] == 13_600
    assert claims["sub"] == "ann"


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_all_tokens_are_found_in_texts(algorithm: str) -> None:
    text = signed(HEADER, {"sub": "ann"}, b"key", algorithm)
    assert [found.algorithm for found in all_jwts({"a password", f"sid={text}"})] == [algorithm]


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"expires": 1_700_000_600.5}, "expires"),
        ({"expiresAt": "2030-01-01T00:00:00Z"}, "expiresAt"),
        ({"sub": "a", "t": 1_700_000_600}, "t"),
        ({"t": 1_700_000_600_000}, "t"),
        ({"iat": 1_699_999_999, "sub": "a", "id": 7, "admin": True, "endpoint": "x"}, None),
        ({"exp": 1_700_000_600}, None),
        ({"ends": {}}, None),
    ],
)
def test_an_end_of_the_apis_own_is_seen(claims: dict[str, Json], name: str | None) -> None:
    token = read_jwt(signed({"typ": "JWT"}, claims, b"k", "HS256"))
    assert token is not None
    assert token.own_end(1_700_000_000.0) == name
