"""The small business with cookies: how session ids are made, and what other sites may do."""

import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.scan.checks.authentication.business import Business
from tests.scan.harness import operation


@dataclass
class CookieBusiness(Business):
    """`ids` says how session ids are made; `same_site` what the cookie says; `checks` what guards a change."""

    cookie: bool = True
    token: str = "opaque"
    ids: str = "random"
    same_site: Literal["lax", "strict", "none"] | None = None
    checks: str = ""
    as_json: bool = False
    note: str = ""

    def issued(self, name: str) -> str:
        self.count += 1
        texts = {
            "counted": f"s-{1000 + 3 * self.count}-eu",
            "time": f"{time.time_ns() // 1000:x}",
            "name": hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
            "short": f"{secrets.randbelow(10**6):06d}",
            "random": secrets.token_hex(16),
        }
        text = texts[self.ids]
        self.opaque.pop(text, None)
        self.opaque[text] = {"sub": name, "jti": self.count, "ver": self.users[name]["version"]}
        return text

    async def login(self, request: Request) -> Response:
        answer = await super().login(request)
        if answer.status_code != 200 or "set-cookie" not in answer.headers:
            return answer
        sent, given = request.cookies.get("sid", ""), self.given_last()
        if self.weak == "fixation" and sent:
            self.opaque[sent] = self.opaque.pop(given)
            return self.yes(message="hello")
        answer = self.yes(message="hello")
        answer.set_cookie("theme", "dark")
        answer.set_cookie("sid", given, samesite=self.same_site)
        return answer

    def given_last(self) -> str:
        return next(reversed(self.opaque))

    async def show_note(self, request: Request) -> Response:
        if self.caller(request) is None:
            return self.refusal(request)
        return self.yes(note=self.note if self.weak != "hidden" else "")

    async def set_note(self, request: Request) -> Response:
        if self.caller(request) is None:
            return self.refusal(request)
        if self.checks == "origin" and "elsewhere" in request.headers.get("origin", ""):
            return self.no("please use our pages", 403)
        if self.checks == "all":
            return self.no("not like that", 422)
        kind, body = request.headers.get("content-type", ""), await request.body()
        if self.as_json and self.checks == "type" and "json" not in kind:
            return self.no("please send JSON", 415)
        sent = json.loads(body) if self.as_json else dict(parse_qsl(body.decode()))
        self.note = str(sent.get("note"))
        return JSONResponse({"status": "success"}, 201)

    def app(self) -> Starlette:
        own = [Route("/notes", self.show_note), Route("/notes", self.set_note, methods=["POST"])]
        return Starlette(routes=[*own, *super().app().routes])

    def description(self) -> dict[str, Any]:
        made = super().description()
        media = "application/json" if self.as_json else "application/x-www-form-urlencoded"
        posted = operation(body={"note": "string"}, secured=True, media_type=media)
        made["paths"]["/notes"] = {"get": operation(secured=True), "post": posted}
        del made["paths"]["/orders"]
        return made
