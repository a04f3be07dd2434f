"""An API with a log-in that can be built in many ways: what the scanner's own accounts must cope with."""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

Record: TypeAlias = dict[str, Any]
Answerer: TypeAlias = Callable[[str], Response]

TEXT: Record = {"type": "string"}
JSON: str = "application/json"
FORM: str = "application/x-www-form-urlencoded"
MULTIPART: str = "multipart/form-data"


def bearer(request: Request) -> str:
    """Return the token of a Bearer header."""
    return in_header("authorization", "Bearer ")(request)


def in_header(name: str, prefix: str = "") -> Callable[[Request], str]:
    """Return a reader of a header with exactly this prefix."""

    def read(request: Request) -> str:
        text = request.headers.get(name, "")
        return text.removeprefix(prefix) if text.startswith(prefix) else ""

    return read


def in_query(name: str) -> Callable[[Request], str]:
    """Return a reader of a query parameter."""
    return lambda request: request.query_params.get(name, "")


def in_cookie(name: str) -> Callable[[Request], str]:
    """Return a reader of a cookie."""
    return lambda request: request.cookies.get(name, "")


def token_answer(token: str) -> Response:
    """Answer with the token, as most do."""
    return JSONResponse({"token": token})


def fields_of(body: bytes, content_type: str) -> Record:
    """Return the fields of a body in JSON, a form or multipart; forms that are no forms have none."""
    kind, _, options = content_type.partition(";")
    if kind == JSON:
        value = json.loads(body or b"{}")
        return value if isinstance(value, dict) else {}
    if kind == MULTIPART:
        parts = body.split(b"--" + options.partition("boundary=")[2].encode())
        found = (re.search(rb'name="([^"]+)"\r\n\r\n(.*)\r\n', part, re.DOTALL) for part in parts)
        return {hit[1].decode(): hit[2].decode() for hit in found if hit}
    return dict(parse_qsl(body.decode())) if kind == FORM else {}


@dataclass
class Door:
    """How one API lets people in. Every part may be replaced; the defaults are the plainest way.

    `name_field` and `password_field` are dotted paths into what is sent at the log-in.
    """

    name_field: str = "username"
    password_field: str = "password"
    log_in_path: str | None = "/login"
    log_in_method: str = "POST"
    log_in_media: str = JSON
    log_in_more: Mapping[str, Record] = field(default_factory=dict)
    log_in_checks: Callable[[Record], bool] = lambda _: True
    sign_up_path: str | None = "/register"
    sign_up_schema: Record = field(default_factory=lambda: {"username": TEXT, "email": TEXT, "password": TEXT})
    sign_up_media: str = JSON
    sign_up_reads: str = ""
    refuses_sign_up: Callable[[Record], Response | None] = lambda _: None
    answers_sign_up: Answerer = lambda _: JSONResponse({"status": "created"}, 201)
    answers_log_in: Answerer = token_answer
    reads: Callable[[Request], str] = bearer
    schemes: Mapping[str, Record] = field(default_factory=lambda: {"way": {"type": "http", "scheme": "bearer"}})
    refusal: Callable[[], Response] = lambda: JSONResponse({"detail": "log in"}, 401)
    wrong: Callable[[], Response] = lambda: JSONResponse({"detail": "wrong"}, 401)
    life_s: float | None = None
    clock: Callable[[], float] = lambda: 0.0
    uses_basic: bool = False
    more_paths: Mapping[str, Record] = field(default_factory=dict)
    users: dict[str, Record] = field(default_factory=dict)
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    on_call: Callable[[], None] = lambda: None
    served: list[str] = field(default_factory=list)
    log_ins: list[str] = field(default_factory=list)
    refused_count: int = 0

    def pair(self) -> tuple[ASGIApp, Record]:
        """Return the app and its description."""
        routes = [
            Route("/me", self._me, methods=["GET"]),
            Route("/notes", self._notes, methods=["GET"]),
            Route("/notes", self._add_note, methods=["POST"]),
        ]
        paths: Record = dict(self.more_paths)
        if self.sign_up_path:
            routes.append(Route(self.sign_up_path, self._sign_up, methods=["POST"]))
            paths[self.sign_up_path] = {"post": self._described_sign_up()}
        if self.log_in_path:
            routes.append(Route(self.log_in_path, self._log_in, methods=[self.log_in_method]))
            paths[self.log_in_path] = {self.log_in_method.lower(): self._described_log_in()}
        guarded: list[Record] = [{name: []} for name in self.schemes]
        paths["/me"] = {"get": {**described(), "security": guarded}}
        paths["/notes"] = {
            "get": {**described(), "security": guarded},
            "post": {**described({"text": TEXT}), "security": guarded},
        }
        components = {"securitySchemes": dict(self.schemes)}
        head = {"openapi": "3.0.3", "info": {"title": "door", "version": "1"}}
        return Starlette(routes=routes), {**head, "components": components, "paths": paths}

    def _described_sign_up(self) -> Record:
        if self.sign_up_media == "query":
            return _by_query(*self.sign_up_schema)
        return described(self.sign_up_schema, self.sign_up_media)

    def _described_log_in(self) -> Record:
        if self.log_in_method == "GET":
            return _by_query(self.name_field, self.password_field)
        schema = _nested({self.name_field: TEXT, self.password_field: TEXT, **self.log_in_more})
        return described(schema, self.log_in_media)

    async def _sign_up(self, request: Request) -> Response:
        data = fields_of(await request.body(), request.headers.get("content-type", ""))
        data |= dict(request.query_params) if self.sign_up_media == "query" else {}
        told = data.get(self.sign_up_reads, {}) if self.sign_up_reads else data
        refused = self.refuses_sign_up(told)
        name = self._identity(told)
        if refused or not name or name in self.users:
            self.refused_count += 1
            return refused or JSONResponse({"detail": "taken"}, 409)
        self.users[name] = told
        return self.answers_sign_up(self.give(name))

    async def _log_in(self, request: Request) -> Response:
        body = await request.body()
        data: Record = (
            dict(request.query_params)
            if self.log_in_method == "GET"
            else fields_of(body, request.headers.get("content-type", ""))
        )
        name, password = _at(data, self.name_field), _at(data, self.password_field)
        known = self.users.get(str(name))
        self.log_ins.append(str(name))
        if known is None or _password(known) != password or not self.log_in_checks(data):
            return self.wrong()
        return self.answers_log_in(self.give(str(name)))

    def give(self, name: str) -> str:
        """Return a new token of that user."""
        token = f"t0k3n{len(self.tokens):04d}{name[:6]}Xq"
        ends = self.clock() + self.life_s if self.life_s is not None else float("inf")
        self.tokens[token] = (name, ends)
        return token

    def _caller(self, request: Request) -> str | None:
        self.on_call()
        if self.uses_basic:
            text = base64.b64decode(in_header("authorization", "Basic ")(request)).decode()
            name, _, password = text.partition(":")
            return name if name in self.users and _password(self.users[name]) == password else None
        name, ends = self.tokens.get(self.reads(request), ("", 0.0))
        return name if name and self.clock() < ends else None

    async def _me(self, request: Request) -> Response:
        name = self._served(request)
        return JSONResponse({"name": name}) if name else self.refusal()

    async def _notes(self, request: Request) -> Response:
        return JSONResponse({"notes": []}) if self._served(request) else self.refusal()

    async def _add_note(self, request: Request) -> Response:
        return JSONResponse({"id": 1}, 201) if self._served(request) else self.refusal()

    def _served(self, request: Request) -> str | None:
        name = self._caller(request)
        if name:
            self.served.append(name)
        return name

    def _identity(self, told: Record) -> str:
        wanted = self.name_field.rpartition(".")[2]
        known = told.get(wanted) or told.get("username") or told.get("email")
        return str(known or "")


def _password(user: Record) -> str:
    return str(next(value for key, value in user.items() if key.lower().startswith("pass")))


def _at(data: Record, dotted: str) -> Any:  # noqa: ANN401
    node: Any = data
    for step in dotted.split("."):
        node = node.get(step, "") if isinstance(node, dict) else ""
    return node


def _by_query(*names: str) -> Record:
    return {
        "parameters": [{"name": name, "in": "query", "required": True, "schema": TEXT} for name in names],
        "responses": {"200": {"description": "ok"}},
    }


def _nested(flat: Mapping[str, Record]) -> Record:
    """Return properties in which `user.email` stands as `email` inside an object `user`."""
    made: Record = {}
    for name, schema in flat.items():
        head, _, rest = name.partition(".")
        if rest:
            inner = made.setdefault(head, {"type": "object", "properties": {}, "required": []})
            inner["properties"][rest] = schema
            inner["required"].append(rest)
        else:
            made[head] = schema
    return made


def described(properties: Record | None = None, media_type: str = JSON) -> Record:
    """Return an OpenAPI operation with these properties; those marked `x-optional` are not required."""
    made: Record = {"responses": {"200": {"description": "ok"}}}
    if properties is not None:
        optional = {name for name, schema in properties.items() if schema.get("x-optional")}
        schema = {"type": "object", "properties": properties, "required": [n for n in properties if n not in optional]}
        made["requestBody"] = {"required": True, "content": {media_type: {"schema": schema}}}
    return made
