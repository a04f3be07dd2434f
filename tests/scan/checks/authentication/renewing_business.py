"""The small business with refresh tokens: in the body, or in a cookie of their own."""

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.scan.checks.authentication.business import Business
from tests.scan.harness import operation


@dataclass
class RenewingBusiness(Business):
    """`in_cookie`: refresh tokens come as a cookie. `rotates`: each gives its successor. `ending`: of each token."""

    in_cookie: bool = False
    rotates: bool = True
    ending: str = ""
    shown_as: str = "refresh_token"
    refreshes: dict[str, tuple[str, int]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    left: set[int] = field(default_factory=set)

    def give(self, answer: Response, name: str, session: int) -> Response:
        refresh = f"refresh-{len(self.refreshes):04d}-of-{name}{self.ending}"
        self.refreshes[refresh] = (name, session)
        if self.in_cookie:
            answer.set_cookie("refresh_token", refresh)
            return answer
        said = json.loads(bytes(answer.body)) | {self.shown_as: refresh}
        return JSONResponse({name: value for name, value in said.items() if name in ("token", self.shown_as)})

    async def login(self, request: Request) -> Response:
        sent = await self.sent(request)
        answer = await super().login(request)
        return self.give(answer, str(sent["username"]), self.count) if answer.status_code == 200 else answer

    async def logout(self, request: Request) -> Response:
        claims = self.claims(self.shown(request) or "") or {}
        self.left.add(int(claims.get("jti", 0)))
        return await super().logout(request)

    async def renew(self, request: Request) -> Response:
        sent = await self.sent(request)
        shown = request.cookies.get("refresh_token") if self.in_cookie else sent.get("refresh_token")
        name, session = self.refreshes.get(str(shown), ("", 0))
        is_used = shown in self.used and self.weak not in ("reused", "both")
        if is_used and self.weak == "stumbles":
            return JSONResponse({"message": "something broke"}, 500)
        if not name or is_used or (session in self.left and self.weak not in ("after", "both")):
            return self.no("Please log in")
        answer = self.yes(token=self.issue(name))
        if not self.rotates:
            return answer
        self.used.add(str(shown))
        return self.give(answer, name, session)

    def app(self) -> Starlette:
        own = [Route("/token/refresh", self.renew, methods=["POST"])]
        return Starlette(routes=[*own, *super().app().routes])

    def description(self) -> dict[str, Any]:
        made = super().description()
        made["paths"]["/token/refresh"] = {
            "post": operation(body=None if self.in_cookie else {"refresh_token": "string"})
        }
        return made
