"""A small business API in one class, with a switch for each weakness and several shapes, for tests of checks."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    RSAPublicNumbers,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from apiward.catalogue.words import load_words
from tests.scan.harness import operation

GOOD_KEY = b"k8v!Rz_0pQx-72hGmEa4Lw9TbYc3Nd6u"
RSA: RSAPrivateKey = generate_private_key(public_exponent=65537, key_size=2048)
PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@dataclass
class Business:
    """`weak` names what is broken; the rest is its shape.

    `token`: HS256, HS512, RS256 or opaque. `shows_no_with_ok`: refusals have status 200.
    """

    weak: str = ""
    token: str = "HS256"
    key: bytes = GOOD_KEY
    life_s: float | None = 600.0
    own_end: str = ""
    header: str = "Authorization"
    prefix: str = "Bearer "
    cookie: bool = False
    nested: bool = False
    form: bool = False
    shows_no_with_ok: bool = False
    garbage_status: int = 401
    least: int = 10
    most: int = 200
    by_name: bool = False
    ends_by_delete: bool = False
    limit: int = 8
    limit_style: str = "429"
    keeps: bool = False
    """Whether only tokens that were given out count, whatever their signature says."""
    given: set[str] = field(default_factory=set)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    opaque: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    count: int = 0
    clock: Callable[[], float] = time.time

    # Answers ------------------------------------------------------------------------------------------

    def no(self, words: str, status: int = 401, **more: object) -> Response:
        body = {"status": "fail", "message": words, **more}
        return JSONResponse(body, 200 if self.shows_no_with_ok else status)

    def yes(self, status: int = 200, **more: object) -> Response:
        return JSONResponse({"status": "success", **more}, status)

    async def sent(self, request: Request) -> dict[str, Any]:
        raw = await request.body()
        if "form" in request.headers.get("content-type", ""):
            return dict(parse_qsl(raw.decode()))
        body = json.loads(raw or b"{}")
        return dict(body.get("user", body))

    # Tokens -------------------------------------------------------------------------------------------

    def issue(self, name: str) -> str:
        text = self.issued(name)
        self.given.add(text)
        return text

    def issued(self, name: str) -> str:
        self.count += 1
        claims: dict[str, Any] = {"sub": name, "jti": self.count, "ver": self.users[name]["version"]}
        now = self.clock()
        claims |= {"iat": int(now)} | ({"exp": int(now + self.life_s)} if self.life_s is not None else {})
        claims |= {self.own_end: int(now + 600)} if self.own_end else {}
        if self.token == "opaque":
            text = hashlib.sha256(f"{name}{self.count}".encode()).hexdigest()
            self.opaque[text] = claims
            return text
        body = f"{pad({'alg': self.token, 'typ': 'JWT', 'kid': 'k1'})}.{pad(claims)}"
        if self.token == "RS256":
            return f"{body}.{pad64(RSA.sign(body.encode(), PKCS1v15(), SHA256()))}"
        return f"{body}.{pad64(mac(self.token, self.key, body))}"

    def claims(self, text: str) -> dict[str, Any] | None:
        """Return what a good token says, or None."""
        if self.token == "opaque":
            return self.opaque.get(text)
        try:
            head, body, signature = text.split(".") if text.count(".") == 2 else (*text.split("."), "")
            header, claims = json.loads(unpad(head)), json.loads(unpad(body))
        except (ValueError, TypeError):
            return None
        is_genuine = self.is_genuine(header.get("alg", ""), f"{head}.{body}", signature)
        is_over = "exp" in claims and claims["exp"] < self.clock() and self.weak != "expiry"
        return claims if is_genuine and not is_over else None

    def is_genuine(self, alg: str, body: str, signature: str) -> bool:
        if self.weak == "unverified":
            return True
        if self.is_by_own_key(json.loads(unpad(body.split(".", maxsplit=1)[0])), body, signature):
            return True
        if self.weak == "null-signature" and not signature:
            return True
        if alg.lower() == "none":
            return self.weak == "none"
        if alg == "HS256" and self.token == "RS256":
            return self.weak == "confusion" and hmac.compare_digest(mac("HS256", PEM, body), unpad(signature))
        if self.token == "RS256":
            return is_rs256(RSA.public_key(), body, signature)
        return alg == self.token and hmac.compare_digest(mac(alg, self.key, body), unpad(signature))

    def is_by_own_key(self, header: dict[str, Any], body: str, signature: str) -> bool:
        """Whether the token is signed with the key that its own header names, where such a weakness is on."""
        kid, jwk = str(header.get("kid")), header.get("jwk", {})
        if self.weak == "own-key-pair" and "n" in jwk:
            numbers = RSAPublicNumbers(*(int.from_bytes(unpad(jwk[name]), "big") for name in ("e", "n")))
            return is_rs256(numbers.public_key(), body, signature)
        keys = {
            "own-shared-key": unpad(jwk["k"]) if "k" in jwk else None,
            "key-file": b"" if kid.endswith("/dev/null") else None,
            "key-query": kid.split("'")[2].encode() if "UNION" in kid else None,
        }
        key = keys.get(self.weak)
        return key is not None and hmac.compare_digest(mac("HS256", key, body), unpad(signature))

    def shown(self, request: Request) -> str | None:
        if self.cookie:
            return request.cookies.get("sid")
        value = request.headers.get(self.header, "")
        if not value and self.weak == "address":
            return request.query_params.get("token")
        return value.removeprefix(self.prefix) if value.startswith(self.prefix) and value else None

    def caller(self, request: Request) -> str | None:
        text = self.shown(request)
        claims = self.claims(text) if text and not (self.keeps and text not in self.given) else None
        user = self.users.get(str(claims["sub"])) if claims else None
        if claims is None or user is None:
            return None
        if str(claims.get("jti")) in self.ended and self.weak != "logout":
            return None
        if claims.get("ver") != user["version"] and self.weak != "change":
            return None
        return str(claims["sub"])

    def refusal(self, request: Request) -> Response:
        text = self.shown(request)
        if text and self.garbage_status != 401 and self.claims(text) is None:
            return self.no("Not enough segments", self.garbage_status)
        return self.no("Please log in")

    # Account ------------------------------------------------------------------------------------------

    async def register(self, request: Request) -> Response:
        sent = await self.sent(request)
        name, password = str(sent.get("username", "")), str(sent.get("password", ""))
        if len(password) < self.least and self.weak != "password":
            return self.no(f"The password needs {self.least} characters", 422)
        if password in load_words("weak_passwords") and self.weak != "password" and self.least > 8:
            return self.no("This password is too common", 422)
        if len(password) > self.most:
            return self.no("This password is too long", 422)
        if name not in self.users:
            self.users[name] = {"password": password, "email": sent.get("email"), "version": 1}
        elif self.weak == "signup":
            return self.no("This name is taken", 409)
        thanks = "Thank you. Please see your e-mail."
        if self.weak == "signup-field":
            return self.yes(message=thanks, welcome=self.users[name]["password"] == password)
        return self.yes(message=thanks, request=f"{time.time_ns():x}"[-10:])

    async def login(self, request: Request) -> Response:
        sent = await self.sent(request)
        name, password = str(sent.get("username", "")), str(sent.get("password", ""))
        user = self.users.get(name)
        if self.failures.get(name, 0) >= self.limit and self.weak not in ("throttle", "enumeration"):
            return self.limited(user)
        if user is None or not self.is_right(password, user["password"]):
            self.failures[name] = self.failures.get(name, 0) + 1
            return self.wrong(user)
        token = self.issue(name)
        if self.cookie:
            answer = self.yes(message="hello")
            answer.set_cookie("theme", "dark")
            answer.set_cookie("sid", token)
            return answer
        given = {"token": token, "refresh_token": f"r-{self.count}-of-{name}"}
        return self.yes(**({"data": given} if self.nested else given))

    def is_right(self, password: str, own: str) -> bool:
        if self.weak == "cut":
            return password[:20] == own[:20]
        return (
            password == own or self.weak == "any-password" or (self.weak, password.lower()) == ("any-case", own.lower())
        )

    def limited(self, user: dict[str, Any] | None) -> Response:
        if self.limit_style == "text":
            return self.no("Too many attempts, please wait")
        if self.limit_style == "silent" and user is not None:
            return self.wrong(user)
        return JSONResponse({"message": "slow down"}, 429)

    def wrong(self, user: dict[str, Any] | None) -> Response:
        if self.weak == "enumeration":
            return self.no("Wrong password" if user else "No such account")
        if self.weak == "enumeration-field" and user:
            return self.no("Wrong name or password", attempts_left=3)
        if self.weak == "enumeration-status":
            return self.no("Wrong name or password", 401 if user else 404)
        return self.no("Wrong name or password", request=f"{time.time_ns():x}"[-10:])

    async def logout(self, request: Request) -> Response:
        if self.caller(request) is None:
            return self.refusal(request)
        claims = self.claims(self.shown(request) or "") or {}
        sent = await self.sent(request)
        if self.nested and sent.get("refresh_token") != f"r-{claims.get('jti')}-of-{claims.get('sub')}":
            return self.no("which session?", 422)
        if self.weak == "logout-fails":
            return self.no("could not log out", 500)
        self.ended.add(str(claims.get("jti")))
        return Response(status_code=204)

    async def me(self, request: Request) -> Response:
        name = self.caller(request)
        if name is None:
            return self.refusal(request)
        user = {"username": name, "email": self.users[name]["email"]}
        return self.yes(**({"data": {"user": user}} if self.nested else user))

    async def change_password(self, request: Request) -> Response:
        name = self.caller(request)
        sent = await self.sent(request)
        if name is None:
            return self.refusal(request)
        if request.path_params.get("username", name) != name:
            return self.no("not yours", 403)
        own = self.users[name]["password"]
        is_asked = not self.by_name and self.weak not in ("change-open", "change-left-out")
        if sent.get("current_password", "" if is_asked else own) != own and self.weak != "change-open":
            return self.no("wrong password", 403)
        if "confirm_password" in sent and sent["confirm_password"] != sent["new_password"]:
            return self.no("passwords differ", 422)
        if self.weak != "change-does-nothing":
            self.users[name]["password"] = sent.get("new_password", sent.get("password"))
            self.users[name]["version"] += 1
        return Response(status_code=204)

    async def forgot(self, request: Request) -> Response:
        sent = await self.sent(request)
        is_known = any(user["email"] == sent.get("email") for user in self.users.values())
        if self.weak == "reset" and not is_known:
            return self.no("We do not know this address", 404)
        if self.weak == "reset-text":
            return self.yes(message="A link is on its way" if is_known else "Nobody has this address")
        return self.yes(message=f"If we know {sent.get('email')}, a link is on its way")

    # Goods --------------------------------------------------------------------------------------------

    async def list_orders(self, request: Request) -> Response:
        name = self.caller(request)
        if name is None and self.weak == "read":
            return self.yes(orders=self.orders)
        if name is None and self.weak == "shell":
            return self.yes(orders=[])
        if name is None:
            return self.refusal(request)
        return self.yes(orders=[order for order in self.orders if order["owner"] == name])

    async def make_order(self, request: Request) -> Response:
        name = self.caller(request)
        if name is None and self.weak == "do-nothing":
            return self.yes(202, message="noted")
        if name is None and self.weak != "make":
            return self.refusal(request)
        sent = await self.sent(request)
        order = {"id": len(self.orders) + 1, "note": sent.get("note"), "owner": name}
        if self.weak == "do-nothing":
            self.orders.append(order)
            return self.yes(202, message="noted")
        self.orders.append(order)
        return self.yes(201, order=order)

    async def prices(self, request: Request) -> Response:
        if self.weak == "page":
            return HTMLResponse("<html><div id=root></div></html>")
        text = request.headers.get(self.header)
        if self.weak == "any-header" and not text:
            return self.no("Please log in")
        if self.weak not in ("public", "any-header") and self.caller(request) is None:
            return self.refusal(request)
        return self.yes(prices=[{"name": "session", "cents": 9000}])

    async def jwks(self, _: Request) -> Response:
        numbers = RSA.public_key().public_numbers()
        key = {"kty": "RSA", "kid": "k1", "alg": "RS256", "n": number(numbers.n), "e": number(numbers.e)}
        return JSONResponse({"keys": [key]}) if self.token == "RS256" else Response(status_code=404)

    # Assembly -----------------------------------------------------------------------------------------

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/register", self.register, methods=["POST"]),
                Route("/login", self.login, methods=["POST"]),
                Route("/logout", self.logout, methods=["POST"]),
                Route("/session", self.logout, methods=["DELETE"]),
                Route("/me", self.me),
                Route("/me/password", self.change_password, methods=["PUT"]),
                Route("/users/{username}/password", self.change_password, methods=["PUT"]),
                Route("/password/forgot", self.forgot, methods=["POST"]),
                Route("/orders", self.list_orders),
                Route("/orders", self.make_order, methods=["POST"]),
                Route("/prices", self.prices),
                Route("/.well-known/jwks.json", self.jwks),
            ]
        )

    def description(self) -> dict[str, Any]:
        media = "application/x-www-form-urlencoded" if self.form else "application/json"
        person = {"username": "string", "email": "string", "password": "string"}
        change = {"current_password": "string", "new_password": "string", "confirm_password": "string"}
        paths: dict[str, Any] = {
            "/register": {"post": self.wrapped(operation(body=person))},
            "/login": {"post": operation(body={"username": "string", "password": "string"}, media_type=media)},
            "/logout": {"post": operation(secured=True, body={"refresh_token": "string"} if self.nested else None)},
            "/me": {"get": operation(secured=True)},
            "/me/password": {"put": operation(body=change, secured=True)},
            "/password/forgot": {"post": operation(body={"email": "string"})},
            "/orders": {"get": operation(secured=True), "post": operation(body={"note": "string"}, secured=True)},
            "/prices": {"get": operation(secured=self.weak != "public")},
        }
        if self.ends_by_delete:
            paths["/session"] = {"delete": operation(secured=True)}
            del paths["/logout"]
        if self.by_name:
            named = operation(body={"password": "string"}, path=("username",), secured=True)
            paths["/users/{username}/password"] = {"put": named}
            del paths["/me/password"]
        scheme: dict[str, Any] = {"type": "http", "scheme": "bearer"}
        if self.cookie:
            scheme = {"type": "apiKey", "in": "cookie", "name": "sid"}
        elif self.prefix != "Bearer " or self.header != "Authorization":
            scheme = {"type": "apiKey", "in": "header", "name": self.header}
        return {
            "openapi": "3.0.3",
            "info": {"title": "Harbour Coaching", "version": "1"},
            "components": {"securitySchemes": {"bearer": scheme}},
            "paths": paths,
        }

    def wrapped(self, made: dict[str, Any]) -> dict[str, Any]:
        """Put the body one level down where the shape is nested."""
        if self.nested:
            media = made["requestBody"]["content"]["application/json"]
            media["schema"] = {"type": "object", "required": ["user"], "properties": {"user": media["schema"]}}
        return made


def is_rs256(key: RSAPublicKey, body: str, signature: str) -> bool:
    try:
        key.verify(unpad(signature), body.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def mac(alg: str, key: bytes, body: str) -> bytes:
    return hmac.digest(key, body.encode(), {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}[alg])


def pad(value: dict[str, Any]) -> str:
    return pad64(json.dumps(value).encode())


def pad64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unpad(text: str) -> bytes:
    if not re.fullmatch(r"[\w-]*", text):
        raise ValueError("no base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(value: int) -> str:
    return pad64(value.to_bytes((value.bit_length() + 7) // 8, "big"))
