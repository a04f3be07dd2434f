"""Accounts with no set-up: every way of letting people in works end to end, and what fails is said."""

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from apiward.core.account import Account, Credential, Standing
from apiward.core.api import Place
from apiward.scan.level import Level
from tests.scan import door
from tests.scan.door import Door
from tests.scan.harness import Scanned, scan_app

EMAIL: Final = {"type": "string", "format": "email"}
BASIC: Final = {"basic": {"type": "http", "scheme": "basic"}}
KEY_IN_HEADER: Final = {"key": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}
KEY_IN_QUERY: Final = {"key": {"type": "apiKey", "in": "query", "name": "api_key"}}
COOKIE: Final = {"cookie": {"type": "apiKey", "in": "cookie", "name": "sid"}}
RAW: Final = {"raw": {"type": "apiKey", "in": "header", "name": "Authorization"}}
CUSTOM: Final = {"custom": {"type": "apiKey", "in": "header", "name": "X-Shop-Token"}}
OAUTH: Final = {"oauth": {"type": "oauth2", "flows": {"password": {"tokenUrl": "token", "scopes": {}}}}}
NOBODY: Final[dict[str, Any]] = {}


def _sets_cookie(token: str) -> Response:
    answer = JSONResponse({"message": "welcome"})
    answer.set_cookie("sid", token, httponly=True)
    return answer


def _sets_cookies_and_redirects(token: str) -> Response:
    answer = RedirectResponse("/home", 302)
    answer.set_cookie("theme", "dark")
    answer.set_cookie("sid", token)
    return answer


def _in_answer_header(name: str, prefix: str = "") -> Callable[[str], Response]:
    return lambda token: JSONResponse({"ok": True}, headers={name: prefix + token})


def _says(body: Callable[[str], Any]) -> Callable[[str], Response]:
    return lambda token: JSONResponse(body(token))


def _needs(**patterns: str) -> Callable[[dict[str, Any]], Response | None]:
    """Return a sign-up's validation: every field has to match its pattern, else 422 as FastAPI says it."""

    def check(data: dict[str, Any]) -> Response | None:
        bad = [name for name, pattern in patterns.items() if not re.fullmatch(pattern, str(data.get(name, "")))]
        detail = [{"loc": ["body", name], "msg": "is not valid", "type": "value_error"} for name in bad]
        return JSONResponse({"detail": detail}, 422) if bad else None

    return check


def _unlike_each_other(name: str, pattern: str) -> Callable[[dict[str, Any]], Response | None]:
    """Return a validation that lets each value of a field be used only once."""
    used: set[str] = set()

    def check(data: dict[str, Any]) -> Response | None:
        value = str(data.get(name, ""))
        if value in used or not re.fullmatch(pattern, value):
            return JSONResponse({"message": "not valid"}, 400)
        used.add(value)
        return None

    return check


def _same_passwords(data: dict[str, Any]) -> Response | None:
    return None if data.get("password") == data.get("confirm_password") else JSONResponse({"error": "differ"}, 400)


def _is_password_flow(data: dict[str, Any]) -> bool:
    return re.fullmatch("password", data.get("grant_type", "password")) is not None


OAUTH_FIELDS: Final = {
    "grant_type": {"type": "string", "pattern": "^password$", "x-optional": True},
    "scope": {"type": "string", "default": "", "x-optional": True},
    "client_id": {"type": "string", "x-optional": True},
    "client_secret": {"type": "string", "x-optional": True},
}

WAYS: Final[dict[str, Callable[[], Door]]] = {
    "json": Door,
    "by e-mail": lambda: Door(name_field="email", sign_up_schema={"email": EMAIL, "password": door.TEXT}),
    "by e-mail, name as well at sign-up": lambda: Door(
        name_field="email", sign_up_schema={"name": door.TEXT, "email": EMAIL, "password": door.TEXT}
    ),
    "by telephone": lambda: Door(
        name_field="phone", sign_up_schema={"name": door.TEXT, "phone": door.TEXT, "password": door.TEXT}
    ),
    "by `login`": lambda: Door(name_field="login", sign_up_schema={"login": door.TEXT, "password": door.TEXT}),
    "nested json": lambda: Door(
        name_field="user.email",
        password_field="user.password",
        sign_up_reads="user",
        sign_up_schema={
            "user": {"type": "object", "properties": {"email": EMAIL, "password": door.TEXT}, "required": ["email"]}
        },
    ),
    "form": lambda: Door(log_in_media=door.FORM, sign_up_media=door.FORM),
    "multipart": lambda: Door(log_in_media=door.MULTIPART, sign_up_media=door.MULTIPART),
    "oauth2 password flow": lambda: Door(
        log_in_path="/token",
        log_in_media=door.FORM,
        log_in_more=OAUTH_FIELDS,
        log_in_checks=_is_password_flow,
        answers_log_in=_says(lambda t: {"access_token": t, "token_type": "bearer", "refresh_token": "r" + t}),
        schemes=OAUTH,
    ),
    "oauth2 password flow, grant type required": lambda: Door(
        log_in_path="/oauth/token",
        log_in_media=door.FORM,
        log_in_more={"grant_type": {"type": "string"}, "client_id": {"type": "string"}},
        log_in_checks=lambda d: d.get("grant_type") == "password",
        schemes=OAUTH,
    ),
    "get with query": lambda: Door(log_in_method="GET"),
    "put": lambda: Door(log_in_method="PUT"),
    "basic": lambda: Door(log_in_path=None, uses_basic=True, schemes=BASIC),
    "basic by e-mail": lambda: Door(
        log_in_path=None,
        uses_basic=True,
        schemes=BASIC,
        name_field="email",
        sign_up_schema={"email": EMAIL, "password": door.TEXT},
    ),
    "key in header": lambda: Door(
        reads=door.in_header("x-api-key"), schemes=KEY_IN_HEADER, answers_log_in=_says(lambda t: {"api_key": t})
    ),
    "key in query": lambda: Door(
        reads=door.in_query("api_key"), schemes=KEY_IN_QUERY, answers_log_in=_says(lambda t: {"apiKey": t})
    ),
    "key at sign-up, no log-in": lambda: Door(
        log_in_path=None,
        reads=door.in_header("x-api-key"),
        schemes=KEY_IN_HEADER,
        answers_sign_up=_says(lambda t: {"user": {"id": 4, "key": t}}),
    ),
    "sign-up logs in at once": lambda: Door(
        log_in_path=None, answers_sign_up=_says(lambda t: {"user": {"id": 4}, "token": t})
    ),
    "sign-up sets a cookie": lambda: Door(
        log_in_path=None, answers_sign_up=_sets_cookie, reads=door.in_cookie("sid"), schemes=COOKIE
    ),
    "session cookie": lambda: Door(answers_log_in=_sets_cookie, reads=door.in_cookie("sid"), schemes=COOKIE),
    "session cookie, not described": lambda: Door(
        answers_log_in=_sets_cookie, reads=door.in_cookie("sid"), schemes=NOBODY
    ),
    "several cookies and a redirect": lambda: Door(
        answers_log_in=_sets_cookies_and_redirects, reads=door.in_cookie("sid"), schemes=COOKIE
    ),
    "prefix Token": lambda: Door(reads=door.in_header("authorization", "Token "), schemes=RAW),
    "prefix JWT": lambda: Door(reads=door.in_header("authorization", "JWT "), schemes=RAW),
    "no prefix": lambda: Door(reads=door.in_header("authorization"), schemes=RAW),
    "prefix Bearer in an api key": lambda: Door(schemes=RAW),
    "prefix Token, not described": lambda: Door(reads=door.in_header("authorization", "Token "), schemes=NOBODY),
    "custom header": lambda: Door(reads=door.in_header("x-shop-token"), schemes=CUSTOM),
    "custom header, not described": lambda: Door(reads=door.in_header("x-access-token"), schemes=NOBODY),
    "deep token": lambda: Door(answers_log_in=_says(lambda t: {"data": {"token": {"access": t, "refresh": "r" + t}}})),
    "token beside others": lambda: Door(
        answers_log_in=_says(
            lambda t: {"refresh_token": "r" + t, "csrf_token": "c" + t, "id_token": "i" + t, "accessToken": t}
        )
    ),
    "token under a plain name": lambda: Door(answers_log_in=_says(lambda t: {"session": t})),
    "token as bare text": lambda: Door(answers_log_in=lambda t: Response(t, media_type="text/plain")),
    "token as a json string": lambda: Door(answers_log_in=_says(lambda t: t)),
    "token in the answer's header": lambda: Door(answers_log_in=_in_answer_header("Authorization", "Bearer ")),
    "token in the answer's own header": lambda: Door(
        answers_log_in=_in_answer_header("X-Auth-Token"), reads=door.in_header("x-auth-token"), schemes=NOBODY
    ),
    "token with its prefix in the body": lambda: Door(answers_log_in=_says(lambda t: {"token": "Bearer " + t})),
    "sign-up answers with nothing": lambda: Door(answers_sign_up=lambda _: Response(status_code=201)),
    "sign-up asks for the password twice": lambda: Door(
        sign_up_schema={"username": door.TEXT, "password": door.TEXT, "confirm_password": door.TEXT},
        refuses_sign_up=_same_passwords,
    ),
    "international telephone": lambda: Door(
        sign_up_schema={"username": door.TEXT, "password": door.TEXT, "phone": door.TEXT},
        refuses_sign_up=_needs(phone=r"\+\d{8,15}"),
    ),
    "telephone of ten digits": lambda: Door(
        sign_up_schema={
            "username": door.TEXT,
            "password": door.TEXT,
            "number": {"type": "string", "example": "9876543210"},
        },
        refuses_sign_up=_unlike_each_other("number", r"\d{10}"),
    ),
    "role from a list": lambda: Door(
        sign_up_schema={
            "username": door.TEXT,
            "password": door.TEXT,
            "role": {"type": "string", "enum": ["customer", "vendor"]},
        },
        refuses_sign_up=_needs(role="customer|vendor"),
    ),
    "admin is the first role of the list": lambda: Door(
        sign_up_schema={
            "username": door.TEXT,
            "password": door.TEXT,
            "role": {"type": "string", "enum": ["admin", "customer"]},
        },
        refuses_sign_up=_needs(role="customer"),
    ),
    "birth date": lambda: Door(
        sign_up_schema={
            "username": door.TEXT,
            "password": door.TEXT,
            "birth_date": {"type": "string", "format": "date"},
        },
        refuses_sign_up=_needs(birth_date=r"19\d\d-\d\d-\d\d"),
    ),
    "terms to accept": lambda: Door(
        sign_up_schema={"username": door.TEXT, "password": door.TEXT, "accept_terms": {"type": "boolean"}},
        refuses_sign_up=_needs(accept_terms="True"),
    ),
    "a simple user name": lambda: Door(refuses_sign_up=_needs(username="[a-z0-9]{3,12}", email=r"[^@]+@[^@]+\.com")),
    "a strict password": lambda: Door(
        refuses_sign_up=_needs(password=r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[!@#$%^&*])[\w!@#$%^&*]{8,16}")
    ),
    "a password of digits and letters alone": lambda: Door(
        refuses_sign_up=_needs(password=r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{8,20}")
    ),
    "sign-up and log-in by query": lambda: Door(log_in_method="GET", sign_up_media="query"),
    "first and last name": lambda: Door(
        sign_up_schema={"first_name": door.TEXT, "last_name": door.TEXT, "email": EMAIL, "password": door.TEXT},
        name_field="email",
        refuses_sign_up=_needs(first_name="[A-Za-z]+", last_name="[A-Za-z]+"),
    ),
    "a postal address": lambda: Door(
        sign_up_schema={
            "username": door.TEXT,
            "password": door.TEXT,
            "address": {
                "type": "object",
                "properties": {"street": door.TEXT, "zip": door.TEXT, "country": door.TEXT},
                "required": ["street", "zip", "country"],
            },
        }
    ),
    "failures have status 200": lambda: Door(
        refusal=lambda: JSONResponse({"status": "fail", "message": "Please log in"}),
        wrong=lambda: JSONResponse({"success": False, "message": "Wrong name or password"}),
    ),
    "failures of the log-in have status 200, by e-mail": lambda: Door(
        log_in_path="/login",
        name_field="email",
        wrong=lambda: JSONResponse({"status": "error"}),
    ),
    "strangers get 403": lambda: Door(refusal=lambda: JSONResponse({"detail": "Not authenticated"}, 403)),
    "strangers are sent to the log-in": lambda: Door(
        answers_log_in=_sets_cookie,
        reads=door.in_cookie("sid"),
        schemes=COOKIE,
        refusal=lambda: RedirectResponse("/login?next=/me", 302),
    ),
    "strangers get a log-in page": lambda: Door(
        answers_log_in=_sets_cookie,
        reads=door.in_cookie("sid"),
        schemes=COOKIE,
        refusal=lambda: Response("<form><input type='password'></form>", media_type="text/html"),
    ),
    "log-in for admins beside": lambda: Door(
        more_paths={"/admin/login": {"post": door.described({"username": door.TEXT, "password": door.TEXT})}}
    ),
    "log-in with a code beside": lambda: Door(
        more_paths={
            "/login/otp": {"post": door.described({"username": door.TEXT, "password": door.TEXT, "otp": door.TEXT})}
        }
    ),
    "either name or e-mail": lambda: Door(log_in_more={"email": {**EMAIL, "x-optional": True}}),
}


def _scan(made: Door, accounts: tuple[Account, ...] = (), level: Level = Level.FULL) -> Scanned:
    app, described = made.pair()
    return scan_app(app, described, [], accounts=accounts, level=level)


@pytest.mark.parametrize("way", WAYS)
def test_two_accounts_are_made_and_used(way: str) -> None:
    made = WAYS[way]()
    scanned = _scan(made)
    assert len(set(made.served)) == 2, f"served {set(made.served)}; limits: {[t.what for t in scanned.report.limits]}"
    assert [account.is_logged_in for account in scanned.report.accounts] == [True, True]
    costs = " ".join(limit.what for limit in scanned.report.limits)
    assert "sign" not in costs.lower()
    assert "log" not in costs.lower().replace("logged in", "")
    for session in scanned.scene.users:
        assert session.password in session.secrets
        assert session.credential is not None
        assert session.credential.value in session.secrets


def test_no_sign_up_and_no_account_is_said() -> None:
    scanned = _scan(Door(sign_up_path=None))
    assert scanned.report.accounts == ()
    words = " ".join(limit.what for limit in scanned.report.limits)
    assert "no operation to sign up" in words
    assert "No test account" in words


def test_a_sign_up_that_never_works_is_said_with_its_status() -> None:
    made = Door(refuses_sign_up=lambda _: JSONResponse({"detail": "by invitation only"}, 422))
    scanned = _scan(made)
    words = " ".join(limit.what for limit in scanned.report.limits)
    assert "Signing up a test account did not work" in words
    assert "422" in words
    assert made.refused_count < 25


def test_at_level_read_nobody_is_signed_up() -> None:
    made = Door()
    _scan(made, level=Level.READ)
    assert made.users == {}


def test_given_accounts_are_used() -> None:
    made = Door(sign_up_path=None)
    made.users = {"ann": {"password": "pw-ann-77"}, "ben": {"password": "pw-ben-77"}}
    given = (Account("Ann", "ann", "pw-ann-77"), Account("Ben", "ben", "pw-ben-77"))
    scanned = _scan(made, given, Level.READ)
    assert set(made.served) == {"ann", "ben"}
    assert [(a.name, a.is_logged_in) for a in scanned.report.accounts] == [("Ann", True), ("Ben", True)]


def test_a_given_account_by_e_mail_is_used() -> None:
    made = Door(sign_up_path=None, name_field="email")
    made.users = {"ann@shop.test": {"password": "pw-ann-77"}}
    _scan(made, (Account("Ann", "ann@shop.test", "pw-ann-77"),))
    assert set(made.served) == {"ann@shop.test"}


def test_given_tokens_are_used() -> None:
    made = Door(sign_up_path=None, log_in_path=None)
    token = made.give("ann")
    credential = Credential(Place.HEADER, "Authorization", token, "Bearer ")
    scanned = _scan(made, (Account("Ann", credential=credential),))
    assert set(made.served) == {"ann"}
    assert token in scanned.scene.users[0].secrets


def test_a_given_account_with_special_rights_is_no_normal_one() -> None:
    made = Door()
    made.users = {"root": {"password": "pw-root-77"}}
    scanned = _scan(made, (Account("Root", "root", "pw-root-77", Standing.PRIVILEGED),))
    assert [session.name for session in scanned.scene.privileged] == ["Root"]
    assert len(scanned.scene.users) == 2
    assert "root" in made.served


def test_a_wrong_given_password_is_said() -> None:
    made = Door(sign_up_path=None)
    made.users = {"ann": {"password": "pw-ann-77"}}
    scanned = _scan(made, (Account("Ann", "ann", "other"),))
    words = " ".join(limit.what for limit in scanned.report.limits)
    assert "Logging in with a test account did not work" in words
    assert "401" in words
    assert not scanned.report.accounts[0].is_logged_in
    assert made.log_ins.count("ann") <= 6, "an account must not be locked by trying"


def test_a_wrong_given_password_is_said_also_where_others_work() -> None:
    made = Door()
    made.users = {"ann": {"password": "pw-ann-77"}}
    scanned = _scan(made, (Account("Ann", "ann", "other"),))
    assert len(scanned.scene.users) == 2
    words = " ".join(limit.what for limit in scanned.report.limits)
    assert "Logging in with a test account did not work" in words


def test_a_sign_up_that_gives_no_rights_at_once_is_no_account() -> None:
    made = Door(wrong=lambda: JSONResponse({"detail": "Confirm your e-mail address first"}, 403))
    made.log_in_checks = lambda _: False
    scanned = _scan(made)
    assert made.served == []
    assert scanned.scene.users == []
    assert "403" in " ".join(limit.what for limit in scanned.report.limits)


def _quiet(_: Request) -> str:
    return ""


def test_a_token_that_opens_nothing_is_not_believed() -> None:
    scanned = _scan(Door(reads=_quiet))
    assert scanned.scene.users == []
