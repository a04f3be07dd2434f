"""The small business with more of what an account can do: a second factor, another address."""

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.scan.checks.authentication.business import Business
from tests.scan.harness import operation


@dataclass
class AccountBusiness(Business):
    """`factor` is how much of a second factor there is: "", "own" (offered by itself) or "described" (in words)."""

    factor: str = "own"
    asks_password: bool = False
    has_staff: bool = True
    has_second_step: bool = True
    counts_once: bool = False
    """Whether a code of the second factor is good for one use."""
    used_codes: set[str] = field(default_factory=set)
    tickets: dict[str, str] = field(default_factory=dict)
    half: set[str] = field(default_factory=set)
    """Tokens that show the bare record and nothing else."""

    def secret(self, name: str) -> str:
        return base64.b32encode(hashlib.sha256(name.encode()).digest()[:20]).decode()

    def codes(self, name: str) -> set[str]:
        key, step = base64.b32decode(self.secret(name)), int(self.clock() / 30)
        return {digits(key, at) for at in (step - 1, step, step + 1)} - self.used_codes

    async def login(self, request: Request) -> Response:
        sent = await self.sent(request)
        user = self.users.get(str(sent.get("username", "")))
        answer = await super().login(request)
        if answer.status_code != 200 or not user or not user.get("factor") or self.weak == "never-asked":
            return answer
        if sent.get("code") in self.codes(str(sent["username"])):
            return answer
        if self.weak == "early":
            return self.yes(token=self.issue(str(sent["username"])), mfa_required=True)
        if self.weak == "half":
            ticket = self.issue(str(sent["username"]))
            self.half.add(ticket)
            return self.yes(token=ticket, mfa_required=True)
        wrong = self.failures.setdefault(f"codes of {sent['username']}", 0)
        if wrong >= self.limit and self.weak != "codes":
            return JSONResponse({"message": "slow down"}, 429)
        self.failures[f"codes of {sent['username']}"] += 1 if sent.get("code") else 0
        return self.no("Please send your code", 401, mfa_required=True)

    def caller(self, request: Request) -> str | None:
        if self.shown(request) in self.half and request.url.path != "/me":
            return None
        return super().caller(request)

    async def begin(self, request: Request) -> Response:
        name = self.caller(request)
        if name is None:
            return self.refusal(request)
        return self.yes(otpauth_url=f"otpauth://totp/Harbour:{name}?issuer=Harbour&secret={self.secret(name)}")

    async def confirm(self, request: Request) -> Response:
        name = self.caller(request)
        if name is None:
            return self.refusal(request)
        is_right = (await self.sent(request)).get("code") in self.codes(name)
        if not is_right and self.weak != "any-code":
            return self.no("wrong code", 422)
        self.users[name]["factor"] = True
        if self.counts_once:
            self.used_codes.add(str((await self.sent(request))["code"]))
        return self.yes()

    async def change_email(self, request: Request) -> Response:
        name = self.caller(request)
        if name is None or request.path_params.get("username", name) != name:
            return self.refusal(request)
        sent, user = await self.sent(request), self.users[name]
        if self.asks_password and sent.get("password") != user["password"] and self.weak != "any-password":
            return self.no("wrong password", 403)
        if self.weak in ("at-once", "marked", "any-password"):
            user["email"] = sent["email"]
            user["verified"] = self.weak != "marked"
        user["pending"] = sent["email"]
        return self.yes(202, message="please confirm")

    async def forgot(self, request: Request) -> Response:
        email = (await self.sent(request)).get("email")
        ticket = hashlib.sha256(f"{email}{len(self.tickets)}".encode()).hexdigest()[:20]
        name = next((name for name, user in self.users.items() if user["email"] == email), "")
        self.tickets[ticket] = name
        shown: dict[str, Any] = {
            "reset-token": {"data": {"token": ticket}},
            "reset-link": {"reset_url": f"https://shop.example/new-password?token={ticket}"},
            "reset-code": {"code": 123_456 + len(self.tickets)},
            "reset-number": {"ticket": 88_123_456 + len(self.tickets)},
            "reset-kind": {"code": 20_000, "help_url": "https://shop.example/help/passwords2"},
        }
        return self.yes(message="If we know you, a message is on its way", **shown.get(self.weak, {}))

    async def reset(self, request: Request) -> Response:
        sent = await self.sent(request)
        name = self.tickets.pop(str(sent.get("token")), "")
        if not name:
            return self.no("not valid", 400)
        self.users[name]["password"] = sent["password"]
        return self.yes()

    async def me(self, request: Request) -> Response:
        name = self.caller(request)
        if name is None:
            return self.refusal(request)
        user = self.users[name]
        shown = {"username": name, "email": user["email"], "email_verified": user.get("verified", True)}
        return self.yes(account=shown, pending_email=user.get("pending"))

    def app(self) -> Starlette:
        own = [
            Route("/me/mfa", self.begin, methods=["POST"]),
            Route("/me/mfa/verify", self.confirm, methods=["POST"]),
            Route("/password/reset", self.reset, methods=["POST"]),
            Route("/me/email", self.change_email, methods=["PUT"]),
            Route("/users/{username}/email", self.change_email, methods=["PATCH"]),
        ]
        return Starlette(routes=[*own, *super().app().routes])

    def description(self) -> dict[str, Any]:
        made = super().description()
        paths = made["paths"]
        body = {"email": "string"} | ({"password": "string"} if self.asks_password else {})
        paths["/me/email"] = {"put": operation(body=body, secured=True)}
        if self.by_name:
            paths["/users/{username}/email"] = {"patch": operation(body=body, path=("username",), secured=True)}
            del paths["/me/email"]
        if self.factor == "own":
            paths["/me/mfa"] = {"post": operation(secured=True)}
            paths["/me/mfa/verify"] = {"post": operation(body={"code": "string"}, secured=True)}
        if self.factor == "described":
            paths["/login"]["post"]["description"] = "Two-factor authentication is asked for by our partner."
        if self.factor:
            fields = paths["/login"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
            fields["code"] = {"type": "string"}
        if self.has_second_step:
            paths["/password/reset"] = {"post": operation(body={"token": "string", "password": "string"})}
        if self.has_staff:
            paths["/admin/orders"] = {"get": operation(secured=True)}
        del paths["/orders"]["post"]
        if not self.has_staff:
            del paths["/orders"]
        return made


def digits(key: bytes, step: int) -> str:
    mac = hmac.digest(key, struct.pack(">Q", step), "sha1")
    at = mac[-1] & 15
    return str((int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF) % 10**6).zfill(6)
