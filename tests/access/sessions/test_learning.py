"""Sessions of the API itself: learned at log-in, followed, forgotten at log-out, and never believed too easily."""

import json
from dataclasses import replace

import pytest

from apiward.access.authenticator import CredentialAuthenticator
from apiward.access.settings import AuthenticateSettings
from apiward.core.call import Answer, Call
from apiward.core.jsonvalue import NOT_JSON, Json
from apiward.core.principal import ANONYMOUS, PrincipalKind
from tests.access.making import authenticator, bearer, call, issuer, rule, token, who

COOKIE = "sid=Zx81kQp0Lm72Vb93Nt55; Path=/; HttpOnly; Secure"
SHOWN = ("Cookie", "theme=dark; sid=Zx81kQp0Lm72Vb93Nt55")
TOKEN = "tok_9f8e7d6c5b4a39281706"


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


def test_a_session_cookie_is_learned(guard: CredentialAuthenticator) -> None:
    assert guard.authenticate(call(SHOWN)) is ANONYMOUS
    guard.learn(log_in(), answer(COOKIE, body={"ok": True}))
    principal = who(guard.authenticate(call(SHOWN)))
    assert (principal.kind, principal.id) == (PrincipalKind.USER, "ann@example.com")
    assert not principal.is_verified


@pytest.mark.parametrize(
    "body",
    [
        {"token": TOKEN},
        {"data": {"accessToken": TOKEN}},
        {"user": {"jwt": f"Bearer {TOKEN}"}},
        TOKEN,
        [{"api_key": TOKEN}],
    ],
)
def test_a_token_in_the_answer_is_learned(guard: CredentialAuthenticator, body: Json) -> None:
    guard.learn(log_in(), answer(body=body))
    assert account(guard, bearer(TOKEN)) == "ann@example.com"
    assert account(guard, call(("X-Access-Token", TOKEN))) == "ann@example.com"
    assert account(guard, call(("X-API-Key", TOKEN))) == "ann@example.com"


def test_a_form_log_in_that_leads_on(guard: CredentialAuthenticator) -> None:
    made = call(method="POST", path="/session")
    made.form_pairs, made.body = [("username", "ann"), ("passwd", "x"), ("csrf", "y")], b"username=ann&passwd=x&csrf=y"
    guard.learn(made, answer(COOKIE, status=303, location="/account"))
    assert account(guard, call(SHOWN)) == "ann"


@pytest.mark.parametrize(
    "refused",
    [
        answer(COOKIE, body={"error": "x"}), answer(COOKIE, body={"success": False}),
        answer(COOKIE, body={"status": "fail"}),
        answer(COOKIE, body={"message": "Wrong password"}), answer(COOKIE, status=401), answer(COOKIE, status=500),
        answer(COOKIE, status=302, location="/login?error=1"), answer(COOKIE, status=302),
        Answer(
            200, [(b"set-cookie", COOKIE.encode()), (b"content-type", b"text/html")], b"<form><input type='password'>"
        ),
    ],
)  # fmt: skip
def test_a_log_in_that_failed_teaches_nothing(guard: CredentialAuthenticator, refused: Answer) -> None:
    guard.learn(log_in(), refused)
    assert guard.authenticate(call(SHOWN)) is ANONYMOUS


@pytest.mark.parametrize(
    "made",
    [
        log_in({"email": "a@b.c"}), log_in({"password": "x"}), log_in(method="GET"), log_in("text"),
        log_in({"email": "x" * 201, "password": "x"}), log_in({"email": "a\x00b", "password": "x"}),
    ],
)  # fmt: skip
def test_what_is_no_log_in_teaches_nothing(guard: CredentialAuthenticator, made: Call) -> None:
    guard.learn(made, answer(COOKIE, body={"token": TOKEN}))
    assert account(guard, bearer(TOKEN)) == ""


def test_cookies_that_scripts_may_read_are_left_out_beside_hidden_ones(guard: CredentialAuthenticator) -> None:
    guard.learn(log_in(), answer("tag=Same4Everybody0123456789", COOKIE, body={}))
    assert guard.authenticate(call(("Cookie", "tag=Same4Everybody0123456789"))) is ANONYMOUS
    assert account(guard, call(SHOWN)) == "ann@example.com"


def test_a_renewed_cookie_is_followed(guard: CredentialAuthenticator) -> None:
    guard.learn(log_in(), answer(COOKIE, body={}))
    guard.learn(call(SHOWN), answer("sid=New1kQp0Lm72Vb93Nt55; HttpOnly"))
    assert account(guard, call(("Cookie", "sid=New1kQp0Lm72Vb93Nt55"))) == "ann@example.com"
    guard.learn(call(("Cookie", "sid=Evil1Qp0Lm72Vb93Nt55")), answer("sid=Evil2Qp0Lm72Vb93Nt55; HttpOnly"))
    assert account(guard, call(("Cookie", "sid=Evil2Qp0Lm72Vb93Nt55"))) == ""


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/logout"), ("GET", "/auth/sign-out"), ("DELETE", "/sessions/17"), ("POST", "/api/v1/log_out/")],
)
def test_a_log_out_forgets(guard: CredentialAuthenticator, method: str, path: str) -> None:
    guard.learn(log_in(), answer(COOKIE, body={"token": TOKEN}))
    guard.learn(bearer(TOKEN, method=method, path=path), answer(status=204))
    assert account(guard, bearer(TOKEN)) == ""
    assert account(guard, call(SHOWN)) == "ann@example.com"
    guard.learn(call(SHOWN, method=method, path=path), answer(status=500))
    assert account(guard, call(SHOWN)) == "ann@example.com"
    guard.learn(call(SHOWN, method=method, path=path), answer(status=302, location="/"))
    assert account(guard, call(SHOWN)) == ""


def test_an_answer_whose_body_is_not_there_yet_teaches_nothing(guard: CredentialAuthenticator) -> None:
    guard.learn(log_in(), Answer(200, [(b"set-cookie", COOKIE.encode())]))
    assert guard.authenticate(call(SHOWN)) is ANONYMOUS
    guard.learn(log_in(), Answer(204, [(b"set-cookie", COOKIE.encode())]))
    assert account(guard, call(SHOWN)) == "ann@example.com"


def test_two_learned_sessions_that_disagree_make_a_stranger(guard: CredentialAuthenticator) -> None:
    guard.learn(log_in({"user": "ann", "password": "x"}), answer(COOKIE, body={}))
    guard.learn(log_in({"user": "bob", "password": "x"}), answer(body={"token": TOKEN}))
    both = who(guard.authenticate(call(SHOWN, ("Authorization", f"Bearer {TOKEN}"))))
    assert (both.kind, both.is_verified, both.name) == (PrincipalKind.TOKEN, False, "")


def test_learning_can_be_switched_off() -> None:
    guard = authenticator(settings=replace(AuthenticateSettings(), learns_sessions=False))
    assert not guard.wants_answer(log_in())
    guard.learn(log_in(), answer(body={"token": TOKEN}))
    assert account(guard, bearer(TOKEN)) == ""
    assert authenticator().wants_answer(log_in())
    assert not authenticator().wants_answer(call())


def test_a_jwt_of_the_api_itself_is_learned_where_no_issuer_is_set(guard: CredentialAuthenticator) -> None:
    own = token()
    guard.learn(log_in(), answer(body={"auth_token": own}))
    assert account(guard, bearer(own)) == "ann@example.com"


def test_a_learned_opaque_token_is_known_beside_issuers_and_garbage_is_not() -> None:
    guard = authenticator(issuer())
    guard.learn(log_in(), answer(body={"token": TOKEN}))
    assert account(guard, bearer(TOKEN)) == "ann@example.com"
    assert rule(guard.authenticate(bearer("garbage"))) == "token-unreadable"


def test_a_password_change_keeps_the_account(guard: CredentialAuthenticator) -> None:
    guard.learn(log_in(), answer(COOKIE, body={}))
    change = log_in({"old_password": "x", "new_password": "y"}, path="/me/password", headers=(SHOWN,))
    guard.learn(change, answer("sid=New1kQp0Lm72Vb93Nt55; HttpOnly", body={}))
    assert account(guard, call(("Cookie", "sid=New1kQp0Lm72Vb93Nt55"))) == "ann@example.com"


REFRESH = "ref_0a1b2c3d4e5f60718293"
FRESH = "tok_a1b2c3d4e5f6071829aa"


def renewal(sent: Json, *shown: tuple[str, str]) -> Call:
    return log_in(sent, path="/auth/refresh", headers=shown)


def test_a_renewed_token_belongs_to_who_had_the_old_one(guard: CredentialAuthenticator) -> None:
    guard.learn(log_in(), answer(body={"access_token": TOKEN, "refresh_token": REFRESH}))
    asked = renewal({"refresh_token": REFRESH})
    assert guard.wants_answer(asked)
    guard.learn(asked, answer(body={"access_token": FRESH}))
    assert account(guard, bearer(FRESH)) == "ann@example.com"


def test_a_renewal_with_what_nobody_was_given_teaches_nothing(guard: CredentialAuthenticator) -> None:
    guard.learn(renewal({"refresh_token": REFRESH}), answer(body={"access_token": FRESH}))
    assert account(guard, bearer(FRESH)) == ""


def test_a_token_that_the_request_brought_itself_is_not_learned(guard: CredentialAuthenticator) -> None:
    made = log_in({"email": "ann@example.com", "password": "x", "token": TOKEN})
    guard.learn(made, answer(body={"token": TOKEN, "fresh": {"token": FRESH}}))
    assert account(guard, bearer(TOKEN)) == ""
    assert account(guard, bearer(FRESH)) == "ann@example.com"
