"""Tokens are found where answers give them, and shown where the API wants them."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Api, Place, SchemeKind, SecurityScheme
from apiward.core.exchange import Exchange, Headers, Request, Response
from apiward.scan.identities import credentials
from apiward.spec.meaning import naming
from tests.scan.operations import op

TOKEN = "t0k3n-abcdef-0123456789"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4iLCJleHAiOjIwMDB9.c2ln"


def _said(body: object, headers: Headers = ()) -> Exchange:
    text = body if isinstance(body, str) else json.dumps(body)
    return Exchange(Request("POST", "http://api.test/login"), Response(200, headers, text.encode()))


@pytest.mark.parametrize(
    "body",
    [
        {"token": TOKEN},
        {"access_token": TOKEN, "token_type": "bearer", "refresh_token": "r" + TOKEN},
        {"data": {"token": {"access": TOKEN, "refresh": "r" + TOKEN}}},
        {"user": {"id": 1, "authToken": TOKEN, "reset_token": "r" + TOKEN}},
        {"jwt": "Bearer " + TOKEN},
        {"api_key": TOKEN, "public_key": "p" + TOKEN},
        {"sessionId": TOKEN, "csrf": "c" + TOKEN},
        [{"token": TOKEN}],
        {"access": {"token": {"id": TOKEN, "expires": "soon"}, "user": {"id": "u" + TOKEN}}},
    ],
)
def test_the_token_is_found_and_comes_first(body: object) -> None:
    assert credentials.tokens_in(_said(body))[0] == TOKEN


def test_a_jwt_is_found_under_any_name_and_beats_others() -> None:
    assert credentials.tokens_in(_said({"result": JWT, "key": TOKEN}))[0] == JWT
    assert credentials.tokens_in(_said(JWT)) == [JWT]
    assert credentials.tokens_in(_said({"refresh_token": JWT})) == []


def test_a_token_in_a_header_is_found() -> None:
    assert credentials.tokens_in(_said({}, (("Authorization", "Bearer " + TOKEN),))) == [TOKEN]


@pytest.mark.parametrize(
    "body",
    [
        {"message": "You are welcome here"},
        {"token": "short"},
        {"token": "not a token at all"},
        {"user": {"id": TOKEN}},
        {},
        "Welcome",
        "<html>",
    ],
)
def test_what_is_no_token_is_none(body: object) -> None:
    assert credentials.tokens_in(_said(body)) == []


def test_cookies_are_read_and_deleted_ones_are_not() -> None:
    lines = ("sid=abc; HttpOnly; Path=/", "theme=dark", "old=; Max-Age=0", "gone=x; Max-Age=0", "bad cookie line")
    found = credentials.cookies_in(_said({}, tuple(("Set-Cookie", line) for line in lines)))
    assert found == [("sid", "abc"), ("theme", "dark")]
    shown = credentials.cookie_credential(found)
    assert shown is not None
    assert f"{shown.name}={shown.shown}" == "sid=abc; theme=dark"
    assert credentials.cookie_credential([]) is None


def _api(*schemes: SecurityScheme, query: str = "") -> Api:
    return Api("t", "1", (op("GET /a", query=query),), {scheme.name: scheme for scheme in schemes})


def test_declared_places_come_first() -> None:
    key = SecurityScheme("key", SchemeKind.API_KEY, Place.QUERY, "api_key")
    first = credentials.placements(_api(key), TOKEN, None)[0]
    assert (first.place, first.name, first.shown) == (Place.QUERY, "api_key", TOKEN)
    bearer = credentials.placements(_api(SecurityScheme("b", SchemeKind.BEARER)), TOKEN, 5.0)
    assert (bearer[0].name, bearer[0].shown, bearer[0].expires_s) == ("Authorization", f"Bearer {TOKEN}", 5.0)
    assert len({(c.place, c.name, c.prefix) for c in bearer}) == len(bearer), "no place twice"


def test_a_parameter_that_takes_a_token_is_a_place() -> None:
    ways = credentials.placements(_api(query="access_token"), TOKEN, None)
    assert (ways[0].place, ways[0].name) == (Place.QUERY, "access_token")


@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key", "access_token", "X-Auth-Token", "apiKey", "userToken"])
def test_names_that_carry_a_credential(name: str) -> None:
    assert naming.is_token_name(name)


@pytest.mark.parametrize("name", ["page_token", "csrf_token", "nextPageToken", "X-CSRF-Token", "id", "reset_token", ""])
def test_names_that_carry_none(name: str) -> None:
    assert not naming.is_token_name(name)


def test_basic_is_encoded() -> None:
    shown = credentials.basic_credential("ann", "p:ü").shown
    assert base64.b64decode(shown.removeprefix("Basic ")).decode() == "ann:p:ü"


def test_the_end_of_a_token_is_known_from_the_token_or_beside_it() -> None:
    assert credentials.expiry_of(JWT, _said({}), 1_000.0) == 2_000.0
    assert credentials.expiry_of(TOKEN, _said({"data": {"expires_in": 60}}), 1_000.0) == 1_060.0
    assert credentials.expiry_of(TOKEN, _said({"expiresIn": 60}), 1_000.0) == 1_060.0
    assert credentials.expiry_of(TOKEN, _said({"expires": "soon"}), 1_000.0) is None
    assert credentials.expiry_of(TOKEN, _said("text"), 1_000.0) is None


@given(st.text(max_size=200), st.text(st.characters(codec="latin-1"), max_size=60))
def test_any_answer_can_be_searched(body: str, cookie: str) -> None:
    exchange = _said(body, (("Set-Cookie", cookie), ("Authorization", cookie)))
    assert all(len(token) >= credentials.MIN_TOKEN for token in credentials.tokens_in(exchange))
    credentials.cookies_in(exchange)
    credentials.expiry_of(body, exchange, 0.0)
