"""What log-ins, log-outs, tokens and cookies look like; nothing upsets the reader."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.authenticator import CredentialAuthenticator
from apiward.access.sessions.shapes import is_log_in, is_log_out, says_success, tokens_in
from apiward.core.call import Answer, Call
from apiward.core.jsonvalue import NOT_JSON, Json
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from tests.access.making import authenticator, call, who

COOKIE = "sid=Zx81kQp0Lm72Vb93Nt55; Path=/; HttpOnly; Secure"


def log_in(
    body: Json = None, *, path: str = "/login", method: str = "POST", headers: tuple[tuple[str, str], ...] = ()
) -> Call:
    made = call(*headers, method=method, path=path)
    made.value = {"email": "Ann@Example.com", "password": "x"} if body is None else body
    made.body = json.dumps(made.value).encode()
    return made


def answer(*cookies: str, body: Json = None, status: int = 200, location: str = "") -> Answer:
    headers = [(b"set-cookie", cookie.encode()) for cookie in cookies]
    if location:
        headers.append((b"location", location.encode()))
    text = json.dumps(body).encode()
    return Answer(status, headers, text, NOT_JSON if body is None else body)


def account(guard: CredentialAuthenticator, made: Call) -> str:
    principal = who(guard.authenticate(made))
    return principal.id if principal.kind is PrincipalKind.USER else ""


@pytest.fixture
def guard() -> CredentialAuthenticator:
    return authenticator()


@pytest.mark.parametrize(
    "cookie",
    [
        "sid=short; HttpOnly",
        "sid=aaaaaaaaaaaaaaaaaaaaaaaa; HttpOnly",
        "csrftoken=Zx81kQp0Lm72Vb93Nt55",
        "sid=; Max-Age=0",
        "=",
    ],
)
def test_cookies_that_are_no_session(guard: CredentialAuthenticator, cookie: str) -> None:
    guard.learn(log_in(), answer(cookie, body={}))
    value = cookie.partition(";")[0]
    assert guard.authenticate(call(("Cookie", value))) is ANONYMOUS


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/logouts-report-x"), ("DELETE", "/orders/1"), ("PATCH", "/logout")]
)
def test_other_paths_are_no_log_out(method: str, path: str) -> None:
    assert not is_log_out(call(method=method, path=path))


def test_a_large_body_is_no_log_in(guard: CredentialAuthenticator) -> None:
    assert guard.wants_answer(log_in({"email": "a", "password": "x", "note": "y" * 10_000}))
    assert not guard.wants_answer(log_in({"email": "a", "password": "x", "note": "y" * 20_000}))


def test_cookies_that_come_in_crumbs(guard: CredentialAuthenticator) -> None:
    guard.learn(log_in(), answer(COOKIE, body={}))
    crumbs = call(("Cookie", "theme=dark"), ("Cookie", "sid=Zx81kQp0Lm72Vb93Nt55"))
    assert account(guard, crumbs) == "ann@example.com"


_names = st.sampled_from(
    [
        "password",
        "Pass-Word",
        "userPassword",
        "PIN",
        "pin_code",
        "user_secret",
        "client_secret",
        "contraseña",
        "q",
        "shop",
    ]
)


@given(st.dictionaries(_names | st.text(max_size=9), st.sampled_from(["x", "compass", "", 7, None, True]), max_size=5))
def test_a_password_is_seen_by_the_names_of_a_flat_body_as_by_all_of_it(body: dict[str, Json]) -> None:
    made = log_in(body or {"a": 1})
    nested = log_in({**body, "more": ["pass pwd pin"]})  # then all of the body is looked at, and has such words
    assert is_log_in(made) == is_log_in(nested)


def test_a_password_under_an_escaped_name_is_seen() -> None:
    made = log_in()
    made.body = made.body.replace(b"password", b"p\\u0061ssword")
    assert is_log_in(made)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=10,
)


@given(json_values, st.binary(max_size=60), st.binary(max_size=60), json_values)
def test_any_log_in_and_answer(body: Json, cookie: bytes, location: bytes, said: Json) -> None:
    guard = authenticator()
    made = log_in({"password": "x", "email": "a", "more": body})
    heard = Answer(200, [(b"set-cookie", cookie), (b"location", location)], b"x", said)
    guard.learn(made, heard)
    guard.learn(log_in(), replace_status(heard, 302))
    list(tokens_in(heard))
    shown = call()
    shown.header = {b"cookie": cookie}
    assert isinstance(guard.authenticate(shown), Principal)


def replace_status(heard: Answer, status: int) -> Answer:
    made = Answer(status, heard.headers, heard.body, heard.value)
    assert says_success(made) in (True, False)
    return made
