"""A small account server to build test APIs on: sign-up, log-in, tokens, and a store in memory."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.scan.harness import description, operation

Json: TypeAlias = Any
Record: TypeAlias = dict[str, Any]
Pair: TypeAlias = tuple[ASGIApp, dict[str, Any]]
Case: TypeAlias = tuple[str, Callable[[], Pair]]

OLIVIA = "olivia"
"""Somebody else, who was there before the scan; nothing of hers may change."""


class RefusalError(Exception):
    """Ends a call with this status."""

    def __init__(self, status: int, message: str = "no") -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass
class Call:
    """One call: who calls (None: nobody), and what was sent."""

    caller: str | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    data: Record

    @property
    def me(self) -> str:
        """The caller's name; ends the call with 401 where nobody is logged in."""
        if self.caller is None:
            raise RefusalError(401, "please log in")
        return self.caller


@dataclass
class Said:
    """An answer with more than a body."""

    body: Json = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler: TypeAlias = Callable[[Call], Json]


@dataclass
class SmallApi:
    """An API in the making. `fails_with_200`: refusals have status 200 and say so in the body."""

    fails_with_200: bool = False
    nest: str = ""
    uses_form: bool = False
    prefix: str = "Bearer "
    log_in_by: str = "username"
    shows_me: bool = True
    has_accounts: bool = True
    takes_at_sign_up: Callable[[Record], Record] = lambda _: {}
    more_at_sign_up: tuple[str, ...] = ()
    about_users: Record = field(default_factory=dict)
    users: dict[str, Record] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    store: dict[str, dict[str, Record]] = field(default_factory=dict)
    paths: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str, str | None]] = field(default_factory=list)
    _routes: list[Route] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.new_user(OLIVIA, "olivia@shop.test", "olivias-own-9")
        if self.has_accounts:
            self._offer_accounts()

    def new_user(self, username: str, email: str, password: str, **more: Json) -> Record:
        """Keep a new account."""
        record = {"id": len(self.users) + 1, "username": username, "email": email, "password": password}
        self.users[username] = {**record, **self.about_users, **more}
        return self.users[username]

    def route(
        self,
        method: str,
        path: str,
        handler: Handler,
        *,
        body: Mapping[str, Json] | None = None,
        query: Sequence[str] = (),
        secured: bool = True,
        summary: str = "",
        media_type: str = "application/json",
        is_described: bool = True,
    ) -> None:
        """Add an operation, to the application and to its description."""
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        described = operation(
            body=body, path=names, query=query, secured=secured, summary=summary, media_type=media_type
        )
        if is_described:
            self.paths.setdefault(path, {})[method.lower()] = described

        async def endpoint(request: Request) -> Response:
            return self._answered(handler, await self._read(request))

        self._routes.append(Route(path, endpoint, methods=[method]))

    def pair(self) -> Pair:
        """Return the application and its description."""
        fixed_first = sorted(self._routes, key=lambda route: route.path.count("{"))
        return Starlette(routes=fixed_first), description(self.paths)

    def password_opens(self, username: str, password: str) -> bool:
        """Whether that is the account's password now."""
        return username in self.users and self.users[username]["password"] == password

    # Accounts -------------------------------------------------------------------------------------

    def _offer_accounts(self) -> None:
        names = ["username", "email", "password", *self.more_at_sign_up]
        schema: dict[str, Json] = dict.fromkeys(names, "string")
        self.route("POST", "/register", self._register, body=schema, secured=False)
        media_type = "application/x-www-form-urlencoded" if self.uses_form else "application/json"
        fields = {self.log_in_by: "string", "password": "string"}
        self.route("POST", "/login", self._log_in, body=fields, secured=False, media_type=media_type)
        if self.shows_me:
            self.route("GET", "/me", self._show_me)

    def _register(self, call: Call) -> Json:
        data = call.data
        if data.get("username") in self.users or not data.get("password"):
            raise RefusalError(400, "that name is taken")
        more = self.takes_at_sign_up({k: v for k, v in data.items() if k not in ("username", "email", "password")})
        user = self.new_user(data["username"], data.get("email", ""), data["password"], **more)
        return Said({"id": user["id"], "username": user["username"]}, 201)

    def _log_in(self, call: Call) -> Json:
        found = [u for u in self.users.values() if u[self.log_in_by] == call.data.get(self.log_in_by)]
        if not found or found[0]["password"] != call.data.get("password"):
            raise RefusalError(401, "wrong name or password")
        token = f"tok-{len(self.tokens)}-{found[0]['username']}-abcdef0123"
        self.tokens[token] = found[0]["username"]
        return {"token": token}

    def _show_me(self, call: Call) -> Json:
        return {key: value for key, value in self.users[call.me].items() if key != "password"}

    # One call -------------------------------------------------------------------------------------

    async def _read(self, request: Request) -> Call:
        text = (await request.body()).decode()
        token = request.headers.get("authorization", "").removeprefix(self.prefix)
        is_form = request.headers.get("content-type", "").startswith("application/x-www-form")
        data = dict(parse_qsl(text)) if is_form else json.loads(text) if text else {}
        caller = self.tokens.get(token)
        self.calls.append((request.method, request.url.path, caller))
        return Call(caller, request.path_params, dict(request.query_params), data)

    def _answered(self, handler: Handler, call: Call) -> Response:
        try:
            said = handler(call)
        except RefusalError as refusal:
            status = 200 if self.fails_with_200 else refusal.status
            return JSONResponse({"status": "fail", "message": refusal.message}, status)
        if not isinstance(said, Said):
            said = Said(said)
        if said.body is None:
            return Response(status_code=said.status if said.status != 200 else 204, headers=dict(said.headers))
        return JSONResponse({self.nest: said.body} if self.nest else said.body, said.status, dict(said.headers))
