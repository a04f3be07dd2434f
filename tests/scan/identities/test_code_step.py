"""Log-ins with the code of an authenticator app: in the same form, in a second step, and where none is given."""

import base64
from collections.abc import Callable

import pytest

from apiward.core.account import Account
from apiward.core.api import Api
from apiward.core.one_time_codes import STEP_S, code_at
from apiward.scan.identities.code_step import Codes, code_steps
from tests.scan.harness import Scanned, scan_app
from tests.scan.operations import op
from tests.scan.small_api import Call, Json, RefusalError, Said, SmallApi

KEY = b"12345678901234567890"
SECRET = base64.b32encode(KEY).decode()
NOW_S = 1_700_000_015.0
ANN = Account("ann", "annika", "pw-annika-77", one_time_secret=SECRET)
Server = Callable[[SmallApi, set[int]], None]


def _is_right(code: str, used: set[int]) -> bool:
    """Whether a server takes the code now, which it does once, and half a minute early or late."""
    now = int(NOW_S / STEP_S)
    step = next((one for one in (now - 1, now, now + 1) if code_at(KEY, one) == code and one not in used), None)
    used |= {step} if step is not None else set()
    return step is not None


def _password_step(api: SmallApi, call: Call) -> None:
    if not api.password_opens(call.data.get("username", ""), call.data.get("password", "")):
        raise RefusalError(401, "wrong name or password")


def _let_in(api: SmallApi) -> Json:
    token = f"tok-{len(api.tokens)}-whole-abcdef0123"
    api.tokens[token] = ANN.username
    return {"access_token": token}


def _in_one_form(api: SmallApi, used: set[int]) -> None:
    def log_in(call: Call) -> Json:
        _password_step(api, call)
        if not _is_right(call.data.get("otp", ""), used):
            raise RefusalError(401, "otp required")
        return _let_in(api)

    fields = dict.fromkeys(("username", "password", "otp"), "string")
    api.route("POST", "/login", log_in, body=fields, secured=False)


def _in_two_steps(
    api: SmallApi, used: set[int], *, path: str = "/login/otp", code: str = "code", ticket: str = "mfa_token"
) -> None:
    def log_in(call: Call) -> Json:
        _password_step(api, call)
        return Said({"mfa_required": True, "mfa_token": "ticket-of-annika-1"}, 403)

    def second(call: Call) -> Json:
        if call.data.get(ticket) != "ticket-of-annika-1" or not _is_right(call.data.get(code, ""), used):
            raise RefusalError(401, "wrong code")
        return _let_in(api)

    api.route("POST", "/login", log_in, body={"username": "string", "password": "string"}, secured=False)
    api.route("POST", path, second, body={code: "string", ticket: "string"}, secured=False)


def _with_a_token_that_grows(api: SmallApi, used: set[int]) -> None:
    def log_in(call: Call) -> Json:
        _password_step(api, call)
        return {"access_token": "tok-half-open-0123456789"}

    def second(call: Call) -> Json:
        if not _is_right(call.data.get("totp_code", ""), used):
            raise RefusalError(401, "wrong code")
        return _let_in(api)

    api.route("POST", "/login", log_in, body={"username": "string", "password": "string"}, secured=False)
    api.route("POST", "/auth/2fa/verify", second, body={"totp_code": "string"})


def _by_other_names(api: SmallApi, used: set[int]) -> None:
    def log_in(call: Call) -> Json:
        _password_step(api, call)
        return Said({"next": "second-factor", "login_challenge": "ticket-of-annika-1"}, 202)

    def second(call: Call) -> Json:
        if call.data.get("challengeToken") != "ticket-of-annika-1" or not _is_right(call.data.get("pin", ""), used):
            raise RefusalError(401, "wrong code")
        return _let_in(api)

    api.route("POST", "/session", log_in, body={"username": "string", "password": "string"}, secured=False)
    api.route("POST", "/session/second-factor", second, body={"pin": "string", "challengeToken": "string"})


SERVERS: tuple[Server, ...] = (_in_one_form, _in_two_steps, _with_a_token_that_grows, _by_other_names)


def _scanned(server: Server, *accounts: Account) -> tuple[Scanned, SmallApi]:
    api = SmallApi(has_accounts=False)
    api.new_user(ANN.username, "ann@acme.test", ANN.password)
    server(api, set())
    api.route("GET", "/me", lambda call: {"username": call.me})
    coupons: list[str] = []
    api.route("POST", "/coupons/check", lambda call: coupons.append(call.data["code"]), body={"code": "string"})
    app, described = api.pair()
    scanned = scan_app(app, described, [], accounts=accounts, clock=lambda: NOW_S)
    assert not [code for code in coupons if code.isdecimal()], "a code was sent where none belongs"
    return scanned, api


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.__name__)
def test_the_code_is_sent_where_the_description_says(server: Server) -> None:
    assert [one.is_logged_in for one in _scanned(server, ANN)[0].report.accounts] == [True]


@pytest.mark.parametrize("server", [_in_one_form, _in_two_steps], ids=lambda server: server.__name__)
@pytest.mark.parametrize(("secret", "limit"), [("", "code-wanted"), ("MFRGGZDFMZTWQ2LK", "code-refused")])
def test_what_is_missing_is_said(server: Server, secret: str, limit: str) -> None:
    scanned, _ = _scanned(server, Account("ann", "annika", "pw-annika-77", one_time_secret=secret))
    assert [one.is_logged_in for one in scanned.report.accounts] == [False]
    assert limit in [one.name for one in scanned.report.limits]


def test_no_code_follows_a_password_that_is_refused() -> None:
    _, api = _scanned(_in_two_steps, Account("ann", "annika", "another-one", one_time_secret=SECRET))
    assert not [call for call in api.calls if call[1] == "/login/otp"]


def test_no_code_is_sent_twice_where_a_clock_may_be_off() -> None:
    codes = Codes()
    first, second, third = (codes.code_for(SECRET, NOW_S) for _ in range(3))
    now = int(NOW_S / STEP_S)
    assert (first, second, third) == (code_at(KEY, now), code_at(KEY, now + 1), code_at(KEY, now + 1))
    assert codes.code_for(SECRET, NOW_S + 3 * STEP_S) == code_at(KEY, now + 3)
    assert codes.code_for("", NOW_S) == ""


@pytest.mark.parametrize(
    ("line", "fields", "is_step"),
    [
        ("POST /login/otp", "code ticket", True),
        ("POST /auth/verify", "email otp", True),
        ("POST /mfa/challenge", "token", True),
        ("POST /coupons/check", "code", False),
        ("POST /orders/confirm", "code", False),
        ("POST /me/2fa/disable", "code", False),
        ("POST /me/2fa/setup", "code", False),
        ("POST /auth/otp/send", "code", False),
        ("POST /login", "username password otp", False),
        ("POST /password/otp", "otp password", False),
        ("GET /login/otp", "code", False),
    ],
)
def test_what_takes_a_code_after_the_password(line: str, fields: str, *, is_step: bool) -> None:
    assert bool(code_steps(Api("t", "1", (op(line, body=fields),), {}))) is is_step
