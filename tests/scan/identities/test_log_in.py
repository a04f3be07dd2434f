"""Which log-in is tried first, and what is filled into it. The ways that work end to end: test_accounts.py."""

import random
from typing import Any

import pytest

from apiward.core.api import Api, Operation, SchemeKind, SecurityScheme
from apiward.core.exchange import Exchange, Request, Response
from apiward.scan.calling.values import ValueMaker
from apiward.scan.identities.log_in import (
    LogInForm,
    asks_for_digest,
    is_given_elsewhere,
    log_in_forms,
    offers_basic,
    usernames,
)
from apiward.scan.identities.personas import invent
from tests.scan.operations import op

ANN = invent(random.Random(1))


def _forms(*operations: Operation, schemes: tuple[SecurityScheme, ...] = ()) -> list[LogInForm]:
    api = Api("t", "1", operations, {scheme.name: scheme for scheme in schemes})
    return log_in_forms(api, ValueMaker(random.Random(1), ANN.value_for))


def _filled(fields: str) -> Any:  # noqa: ANN401
    (form,) = _forms(op("POST /login", body=fields))
    return form.fill("ann", "pw").body


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("username password", {"username": "ann", "password": "pw"}),
        ("email password", {"email": "ann", "password": "pw"}),
        ("user_name passwd", {"user_name": "ann", "passwd": "pw"}),
        ("identifier password", {"identifier": "ann", "password": "pw"}),
        ("grant_type username password", {"grant_type": "password", "username": "ann", "password": "pw"}),
        ("username password remember_me", {"username": "ann", "password": "pw", "remember_me": False}),
    ],
)
def test_name_and_password_go_into_their_slots(fields: str, expected: dict[str, Any]) -> None:
    assert _filled(fields) == expected


def test_a_log_in_by_query_is_filled() -> None:
    (form,) = _forms(op("GET /login", query="username! password!"))
    assert dict(form.fill("ann", "pw").query) == {"username": "ann", "password": "pw"}


def test_an_operation_without_a_name_or_a_password_is_no_log_in() -> None:
    assert _forms(op("POST /login", body="password"), op("POST /login", body="email")) == []


@pytest.mark.parametrize(
    ("first", "others"),
    [
        ("POST /login", ["POST /admin/login", "POST /login/otp", "POST /auth/session"]),
        ("POST /users/login", ["GET /users/login", "POST /admin/users/login"]),
        ("POST /auth/login", ["POST /auth/login/google", "POST /auth/token"]),
    ],
)
def test_the_likeliest_log_in_comes_first(first: str, others: list[str]) -> None:
    lines = [*others, first]
    operations = [op(line, body="" if line.startswith("GET") else "username password") for line in lines]
    assert _forms(*operations)[0].operation.key == first


def test_the_described_token_address_comes_first() -> None:
    scheme = SecurityScheme("oauth", SchemeKind.OAUTH2, token_url="https://api.test/connect/token")
    found = _forms(
        op("POST /x/login", body="username password"),
        op("POST /connect/token", body="username password"),
        schemes=(scheme,),
    )
    assert found[0].operation.path == "/connect/token"


def test_names_follow_what_the_form_asks_for() -> None:
    (by_email,) = _forms(op("POST /login", body="email password"))
    (by_phone,) = _forms(op("POST /login", body="phone password"))
    (by_name,) = _forms(op("POST /login", body="username password"))
    assert usernames(by_email, ANN) == (ANN.email,)
    assert usernames(by_phone, ANN) == (ANN.phone,)
    assert usernames(by_name, ANN) == (ANN.handle, ANN.email)
    assert by_email.takes_email


def test_basic_is_offered_where_it_is_declared() -> None:
    basic = SecurityScheme("b", SchemeKind.BASIC)
    assert offers_basic(Api("t", "1", (), {"b": basic}))
    assert not offers_basic(Api("t", "1", ()))


@pytest.mark.parametrize(
    ("header", "asks"),
    [("Digest realm=x", True), ('Basic realm="x", Digest nonce="n"', True), ("Basic realm=digest", False)],
)
def test_digest_access_is_asked_for_by_a_header(header: str, *, asks: bool) -> None:
    refusal = Exchange(Request("GET", "http://h/"), Response(401, (("www-authenticate", header),), b""))
    assert asks_for_digest(refusal) is asks


@pytest.mark.parametrize(
    ("scheme", "is_elsewhere"),
    [
        (SecurityScheme("s", SchemeKind.OPENID, openid_url="/openid"), True),
        (SecurityScheme("s", SchemeKind.OAUTH2, token_url="/realms/token", flows=("password",)), True),
        (SecurityScheme("s", SchemeKind.OAUTH2, token_url="/login", flows=("password",)), False),
        (SecurityScheme("s", SchemeKind.OAUTH2, token_url="/realms/token", flows=("authorizationCode",)), False),
        (SecurityScheme("s", SchemeKind.BEARER), False),
    ],
)
def test_a_token_server_beside_the_log_ins(scheme: SecurityScheme, *, is_elsewhere: bool) -> None:
    forms = _forms(op("POST /login", body="username password"), schemes=(scheme,))
    assert is_given_elsewhere(Api("t", "1", (), {"s": scheme}), forms) is is_elsewhere
