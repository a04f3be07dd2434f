import json
import secrets
from typing import Any
from urllib.parse import parse_qsl

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from apiward.core.account import Account
from apiward.core.exchange import Exchange
from apiward.core.exchange import Request as Asked
from apiward.core.exchange import Response as Answer
from apiward.scan.identities.forgery_tokens import is_wanted, token_of
from tests.scan.harness import Scanned, operation, scan_app

ANNA, BEN = Account("anna", "anna", "pass-A-12"), Account("ben", "ben", "pass-B-12")
FORM = "application/x-www-form-urlencoded"


class Shop:
    """A shop with sessions in cookies, that wants a token against forgery for each change, as Django does."""

    def __init__(self, *, wants: bool = True, header: str = "x-csrftoken", in_page: bool = False) -> None:
        self.wants = wants
        self.header = header
        self.in_page = in_page
        self.sessions: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self.asked: list[str] = []
        self.app = Starlette(
            routes=[
                Route("/login", self.page, methods=["GET"]),
                Route("/login", self.log_in, methods=["POST"]),
                Route("/me", self.me),
                Route("/notes", self.add, methods=["POST"]),
            ]
        )

    async def page(self, request: Request) -> Response:
        self.asked.append("page")
        token = secrets.token_hex(16)
        hidden = (
            f'<form><input type="hidden" name="csrfmiddlewaretoken" value="{token}"></form>' if self.in_page else ""
        )
        answer = HTMLResponse(f"<html>{hidden}</html>")
        answer.set_cookie("csrftoken", token)
        return answer

    async def log_in(self, request: Request) -> Response:
        self.asked.append("log-in")
        form = dict(parse_qsl((await request.body()).decode()))
        if self._is_forged(request, form.get("csrfmiddlewaretoken", "")):
            return Response("CSRF verification failed", 403)
        if {"anna": "pass-A-12", "ben": "pass-B-12"}.get(form["username"]) != form["password"]:
            return Response("wrong", 401)
        session = secrets.token_hex(16)
        self.sessions[session] = form["username"]
        answer = JSONResponse({"ok": True})
        answer.set_cookie("sessionid", session)
        return answer

    async def me(self, request: Request) -> Response:
        who = self.sessions.get(request.cookies.get("sessionid", ""))
        return JSONResponse({"username": who}) if who else JSONResponse({}, 401)

    async def add(self, request: Request) -> Response:
        who = self.sessions.get(request.cookies.get("sessionid", ""))
        if who is None:
            return JSONResponse({}, 401)
        if self._is_forged(request, ""):
            return JSONResponse({"detail": "CSRF"}, 403)
        self.notes[str(len(self.notes))] = who
        return JSONResponse({"id": len(self.notes)}, 201)

    def _is_forged(self, request: Request, in_form: str) -> bool:
        own = request.cookies.get("csrftoken", "")
        return self.wants and (not own or own not in {request.headers.get(self.header, ""), in_form})


def _scanned(shop: Shop, *accounts: Account) -> Scanned:
    fields = {"username": "string", "password": "string"}
    paths: dict[str, Any] = {
        "/login": {"post": operation(body=fields, media_type=FORM)},
        "/me": {"get": operation(secured=True)},
        "/notes": {"post": operation(body={"text": "string"}, secured=True)},
    }
    scheme = {"session": {"type": "apiKey", "in": "cookie", "name": "sessionid"}}
    document = {"openapi": "3.0.0", "info": {}, "paths": paths, "components": {"securitySchemes": scheme}}
    return scan_app(shop.app, document, (), accounts=accounts)


@pytest.mark.parametrize("header", ["x-csrftoken", "x-xsrf-token", "x-csrf-token"])
@pytest.mark.parametrize("in_page", [True, False])
def test_sessions_in_cookies_with_a_token_are_entered_and_used(header: str, *, in_page: bool) -> None:
    shop = Shop(header=header, in_page=in_page)
    scanned = _scanned(shop, ANNA, BEN)
    assert [one.is_logged_in for one in scanned.report.accounts] == [True, True]
    assert set(shop.notes.values()) == {"anna", "ben"}


def test_where_no_token_is_wanted_none_is_asked_for() -> None:
    shop = Shop(wants=False)
    assert all(one.is_logged_in for one in _scanned(shop, ANNA, BEN).report.accounts)
    assert "page" not in shop.asked


def test_a_wrong_password_is_no_reason_to_ask() -> None:
    shop = Shop()
    wrong = Account("anna", "anna", "other")
    assert not _scanned(shop, wrong).report.accounts[0].is_logged_in
    assert shop.asked.count("page") <= 1


def test_a_wrong_password_does_not_keep_the_next_account_out() -> None:
    wrong = Account("anna", "anna", "other")
    assert [one.is_logged_in for one in _scanned(Shop(), wrong, BEN).report.accounts] == [False, True]


def _answer(status: int, body: str, *cookies: str) -> Exchange:
    return Exchange(
        Asked("GET", "http://h/"), Answer(status, tuple(("Set-Cookie", one) for one in cookies), body.encode())
    )


def test_tokens_are_found_in_json_pages_and_cookies() -> None:
    told = json.dumps({"csrfToken": "abcdefgh"})
    for answer in (
        _answer(200, told),
        _answer(200, '<meta name="csrf-token" content="abcdefgh">'),
        _answer(200, '<input name=a><input type="hidden" value="abcdefgh" name="_token">'),
        _answer(200, "<input name=_token value=&#97;bcdefgh>"),
        _answer(200, "<p>", "XSRF-TOKEN=abcdefgh; Path=/"),
    ):
        found = token_of(answer)
        assert found is not None
        assert found.value == "abcdefgh"
    assert token_of(_answer(200, "<p>csrf</p>", "theme=dark")) is None
    assert token_of(_answer(404, told)) is None
    assert token_of(_answer(200, "<input name=_token value='abcdefgh&#10;X-Admin: 1'>")) is None


def test_it_is_wanted_where_a_refusal_says_so() -> None:
    assert is_wanted(_answer(419, ""))
    assert is_wanted(_answer(422, "Invalid authenticity token"))
    assert not is_wanted(_answer(401, "wrong password"))
