"""A made-up business of any size, for measuring: its description, and an ASGI app that answers as described.

Each resource is a list, a create, a read, an update and a delete. Every fifth stands below another
one, every third refers to another one in its body, every tenth shows its objects to every account.
Identifiers are whole numbers or UUIDs in turn. People sign up and log in, and get a signed token.
"""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs

from apiward.net.asgi import Message

Tree: TypeAlias = dict[str, Any]
Answer: TypeAlias = tuple[int, Any]

OWN_OPERATIONS: Final = 5
_KEY: Final = hashlib.sha256(b"long enough that nobody guesses it").digest()
_HEADS: Final = "bal cor dun fer gol hin jas kel lum mor nar pel rin sol tam vor".split()
_TAILS: Final = "ada eno ipo ola une aro ilda osto ulfa emba inka orna ampo".split()


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of thing: its noun, where its list stands, the kind above it, and the kind that it refers to."""

    number: int
    noun: str
    parent: str
    refers_to: str

    @property
    def path(self) -> str:
        """The path template of the list."""
        above = f"/{self.parent}s/{{{self.parent}_id}}" if self.parent else ""
        return f"/api/v1{above}/{self.noun}s"

    @property
    def has_numbers(self) -> bool:
        """Whether its identifiers are whole numbers (else UUIDs)."""
        return self.number % 2 == 0

    @property
    def is_weak(self) -> bool:
        """Whether every account may read every object."""
        return self.number % 10 == 9


def resources(size: int) -> list[Resource]:
    """Return the resources of a business of `size` operations (a multiple of five)."""
    nouns = [f"{head}{tail}" for tail in _TAILS for head in _HEADS]
    made: list[Resource] = []
    for number in range(size // 5 - 1):
        before = made[-1] if made else None
        parent = before.noun if before and number % 5 == 4 and not before.parent else ""
        refers_to = made[number // 2].noun if number % 3 == 2 else ""
        made.append(Resource(number, nouns[number], parent, refers_to))
    return made


# The description -----------------------------------------------------------------------------------


def description(size: int) -> Tree:
    """Return an OpenAPI 3.0 document with `size` operations."""
    paths = _account_paths()
    schemas = _shared_schemas()
    for one in resources(size):
        schemas |= _schemas_of(one)
        paths |= _paths_of(one)
    scheme = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    parts = {"schemas": schemas, "securitySchemes": scheme}
    info = {"title": f"A business of {size} operations", "version": "1"}
    return {"openapi": "3.0.3", "info": info, "security": [{"bearer": []}], "paths": paths, "components": parts}


def _ref(name: str) -> Tree:
    return {"$ref": f"#/components/schemas/{name}"}


def _body(schema: Tree) -> Tree:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _answers(schema: Tree | None, status: str = "200") -> Tree:
    good: Tree = {"description": "done"}
    if schema:
        good["content"] = {"application/json": {"schema": schema}}
    bad = {"description": "not done", "content": {"application/json": {"schema": _ref("Error")}}}
    return {status: good, "401": bad, "404": bad, "422": bad}


def _shared_schemas() -> Tree:
    text = {"type": "string"}
    address = {"street": text, "city": text, "postcode": text, "country": {"type": "string", "example": "DE"}}
    money = {"amount": {"type": "integer", "minimum": 0, "example": 1200}, "currency": {"type": "string"}}
    contact = {"name": text, "phone": text, "address": _ref("Address")}
    person = {"id": {"type": "integer"}, "email": {"type": "string", "format": "email"}, "name": text}
    joining = {"email": person["email"], "name": text, "password": {"type": "string", "format": "password"}}
    return {
        "Address": {"type": "object", "properties": address},
        "Money": {"type": "object", "properties": money, "required": ["amount"]},
        "Contact": {"type": "object", "properties": contact},
        "Error": {"type": "object", "properties": {"message": text}},
        "Person": {"type": "object", "properties": person},
        "Joining": {"type": "object", "properties": joining, "required": ["email", "password"]},
        "Token": {"type": "object", "properties": {"access_token": text, "token_type": text}},
    }


def _schemas_of(one: Resource) -> Tree:
    new = {
        "title": {"type": "string", "maxLength": 80},
        "description": {"type": "string"},
        "price": _ref("Money"),
        "contact": _ref("Contact"),
        "tags": {"type": "array", "items": {"type": "string"}},
        "starts_at": {"type": "string", "format": "date-time"},
    }
    if one.refers_to:
        new[f"{one.refers_to}_id"] = {"type": "string"}
    given = {"id": _identifier(one), "owner_id": {"type": "integer"}, "status": {"type": "string"}}
    name = one.noun.capitalize()
    return {
        f"New{name}": {"type": "object", "properties": new, "required": ["title"]},
        name: {"allOf": [_ref(f"New{name}"), {"type": "object", "properties": given, "required": ["id"]}]},
    }


def _identifier(one: Resource) -> Tree:
    return {"type": "integer"} if one.has_numbers else {"type": "string", "format": "uuid"}


def _paths_of(one: Resource) -> Tree:
    name, above = one.noun.capitalize(), []
    if one.parent:
        # The one before an odd number is even and the other way round: the parent's identifiers are of the other kind.
        schema = {"type": "string"}
        above = [{"name": f"{one.parent}_id", "in": "path", "required": True, "schema": schema}]
    own = {"name": f"{one.noun}_id", "in": "path", "required": True, "schema": _identifier(one)}
    limits = [{"name": key, "in": "query", "schema": {"type": "integer"}} for key in ("limit", "offset")]
    search = {"name": "q", "in": "query", "schema": {"type": "string"}}
    listing = {"type": "array", "items": _ref(name)}
    return {
        one.path: {
            "parameters": above,
            "get": {"operationId": f"list{name}s", "parameters": [*limits, search], "responses": _answers(listing)},
            "post": {
                "operationId": f"create{name}",
                "requestBody": _body(_ref(f"New{name}")),
                "responses": _answers(_ref(name), "201"),
            },
        },
        f"{one.path}/{{{one.noun}_id}}": {
            "parameters": [*above, own],
            "get": {"operationId": f"get{name}", "responses": _answers(_ref(name))},
            "put": {
                "operationId": f"update{name}",
                "requestBody": _body(_ref(f"New{name}")),
                "responses": _answers(_ref(name)),
            },
            "delete": {"operationId": f"delete{name}", "responses": _answers(None, "204")},
        },
    }


def _account_paths() -> Tree:
    logging_in = {"type": "object", "properties": {"email": {"type": "string"}, "password": {"type": "string"}}}
    logging_in["required"] = ["email", "password"]
    public: list[Tree] = []
    return {
        "/api/v1/register": {
            "post": {"security": public, "requestBody": _body(_ref("Joining")), "responses": _answers(_ref("Person"))}
        },
        "/api/v1/login": {
            "post": {"security": public, "requestBody": _body(logging_in), "responses": _answers(_ref("Token"))}
        },
        "/api/v1/me": {
            "get": {"operationId": "me", "responses": _answers(_ref("Person"))},
            "put": {"requestBody": _body(_ref("Contact")), "responses": _answers(_ref("Person"))},
        },
        "/api/v1/health": {"get": {"security": public, "responses": _answers(_ref("Error"))}},
    }


# The answers ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Person:
    id: int
    email: str
    salted: bytes
    name: str = ""
    wrong: int = 0
    contact: Tree = field(default_factory=dict)

    def shown(self) -> Tree:
        return {"id": self.id, "email": self.email, "name": self.name, **self.contact}


class Business:
    """The ASGI app. Everything is kept in memory, by owner."""

    def __init__(self, size: int) -> None:
        self._resources = {one.noun + "s": one for one in resources(size)}
        self._things: dict[str, dict[str, Tree]] = {name: {} for name in self._resources}
        self._people: dict[str, _Person] = {}
        self._count = 1_000

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answer one request (ASGI)."""
        message = await receive()
        status, value = self._answer(scope, message.get("body", b""))
        body = b"" if status == 204 else json.dumps(value).encode()
        fields = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, scope: Message, text: bytes) -> Answer:
        steps = [step for step in scope["path"].split("/") if step]
        if steps[:2] != ["api", "v1"] or len(steps) < 3:
            return _no(404, "not found")
        try:
            body = json.loads(text) if text else {}
        except ValueError:
            return _no(400, "this is no JSON")
        if not isinstance(body, dict):
            return _no(422, "an object is expected")
        method = scope["method"]
        public = {("POST", "register"): self._join, ("POST", "login"): self._log_in}.get((method, steps[2]))
        if public and len(steps) == 3:
            return public(body)
        if steps[2:] == ["health"]:
            return (200, {"message": "all is well"}) if method == "GET" else _no(405, "not like this")
        person = self._caller(scope)
        if person is None:
            return _no(401, "please log in")
        if steps[2:] == ["me"]:
            return self._me(method, person, body)
        query = parse_qs(scope["query_string"].decode("latin-1"))
        return self._thing(method, steps[2:], person, body, query)

    def _join(self, body: Tree) -> Answer:
        email, password = body.get("email"), body.get("password")
        if not isinstance(email, str) or not isinstance(password, str) or "@" not in email or len(password) < 10:
            return _no(422, "a name and a good password are needed")
        if email in self._people:
            return _no(422, "a name and a good password are needed")
        self._count += 1
        name = body.get("name")
        self._people[email] = _Person(self._count, email, _salted(password), name if isinstance(name, str) else "")
        return 200, self._people[email].shown()

    def _log_in(self, body: Tree) -> Answer:
        email, password = str(body.get("email")), str(body.get("password"))
        person = self._people.get(email)
        if person is not None and person.wrong >= 8:
            return _no(429, "too many attempts")
        if person is None or not hmac.compare_digest(person.salted, _salted(password)):
            if person is not None:
                person.wrong += 1
            return _no(401, "wrong name or password")
        person.wrong = 0
        return 200, {"access_token": _signed({"sub": email, "exp": int(time.time()) + 3_600}), "token_type": "bearer"}

    def _caller(self, scope: Message) -> _Person | None:
        shown = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        claims = _claims(shown.removeprefix("Bearer ")) if shown.startswith("Bearer ") else None
        is_valid = claims is not None and claims["exp"] > time.time()
        return self._people.get(claims["sub"]) if claims and is_valid else None

    def _me(self, method: str, person: _Person, body: Tree) -> Answer:
        if method == "PUT":
            person.contact = {key: body[key] for key in ("phone", "address") if key in body}
            person.name = str(body.get("name", person.name))
        return (200, person.shown()) if method in ("GET", "PUT") else _no(405, "not like this")

    def _thing(self, method: str, steps: list[str], person: _Person, body: Tree, query: Tree) -> Answer:
        if len(steps) >= 3:
            parent, of = self._resources.get(steps[0]), self._resources.get(steps[2])
            is_below = parent is not None and of is not None and of.parent == parent.noun
            if not is_below or not self._may(person, steps[0], steps[1]):
                return _no(404, "not found")
            steps = steps[2:]
        one = self._resources.get(steps[0])
        if one is None or len(steps) > 2:
            return _no(404, "not found")
        if len(steps) == 1:
            return self._collection(method, one, person, body, query)
        return self._item(method, one, steps[1], person, body)

    def _may(self, person: _Person, kind: str, key: str) -> bool:
        thing = self._things[kind].get(key)
        return thing is not None and thing["owner_id"] == person.id

    def _collection(self, method: str, one: Resource, person: _Person, body: Tree, query: Tree) -> Answer:
        things = self._things[one.noun + "s"]
        if method == "GET":
            own = [thing for thing in things.values() if thing["owner_id"] == person.id]
            asked = query.get("limit", ["50"])[0]
            if not asked.isdigit() or int(asked) > 100:
                return _no(422, "limit is a number up to 100")
            words = query.get("q", [""])[0]
            return 200, [thing for thing in own if words in thing["title"]][: int(asked)]
        if method != "POST":
            return _no(405, "not like this")
        if not _is_fit(body):
            return _no(422, "a title is needed")
        self._count += 1
        key = self._count if one.has_numbers else str(uuid.UUID(int=self._count << 64 | 4 << 76))
        things[str(key)] = {**_kept(body, one), "id": key, "owner_id": person.id, "status": "open"}
        return 201, things[str(key)]

    def _item(self, method: str, one: Resource, key: str, person: _Person, body: Tree) -> Answer:
        things = self._things[one.noun + "s"]
        is_own = self._may(person, one.noun + "s", key)
        if not is_own and not (one.is_weak and method == "GET" and key in things):
            return _no(404, "not found")
        if method == "DELETE":
            del things[key]
            return 204, None
        if method == "PUT":
            if not _is_fit(body):
                return _no(422, "a title is needed")
            things[key].update(_kept(body, one))
        return (200, things[key]) if method in ("GET", "PUT") else _no(405, "not like this")


def _no(status: int, message: str) -> Answer:
    return status, {"message": message}


def _is_fit(body: Tree) -> bool:
    title = body.get("title")
    return isinstance(title, str) and 0 < len(title) <= 80


def _kept(body: Tree, one: Resource) -> Tree:
    return {key: body[key] for key in _fields(one) if key in body}


def _fields(one: Resource) -> Iterator[str]:
    yield from ("title", "description", "price", "contact", "tags", "starts_at")
    if one.refers_to:
        yield f"{one.refers_to}_id"


def _salted(password: str) -> bytes:
    return hashlib.sha256(b"salt" + password.encode("utf-8", "surrogatepass")).digest()


def _signed(claims: Tree) -> str:
    parts = [_text(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    return ".".join([*parts, _text(_signature(".".join(parts)))])


def _signature(text: str) -> bytes:
    return hmac.new(_KEY, text.encode(), hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _claims(token: str) -> Tree | None:
    """Return the claims of a token that was signed here, else None."""
    text, _, shown = token.rpartition(".")
    if not text.isascii() or not hmac.compare_digest(_text(_signature(text)).encode(), shown.encode("latin-1")):
        return None
    claims: Tree = json.loads(base64.urlsafe_b64decode(text.partition(".")[2] + "==="))
    return claims
