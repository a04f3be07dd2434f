"""Ordinary traffic for an API, made from its true description and from what it answers: several accounts, valid values.

Used by `learned_description`. It calls each operation in turn until it was taken often enough, with ids that answers
have shown, and leaves out optional parts now and then.
"""

import http.client
import json
import random
import re
import string
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from apiward.app.guarding.cases import Case, WrittenAnswer
from apiward.core.api import Api, Body, Operation, Parameter, Place
from apiward.core.jsonvalue import Json, NotJson, parse_json, walk
from apiward.core.schema import Schema
from apiward.spec.meaning import accounts
from apiward.spec.meaning.naming import id_names, is_id_name, is_password_name, known_as, noun_before, nouns, plain

PASSWORD: Final = "Quiet-harbour-42"
OTHER_PASSWORD: Final = "Loud-mountain-17"
KEPT: Final = 40
PATIENCE: Final = 60
"""Times that an operation is tried which never takes anything."""
WORDS: Final = (
    "morning river copper window gentle market letter orange valley silver garden button quick harbour paper winter "
    "candle mirror velvet bridge cotton island meadow pepper ribbon saddle timber walnut yellow zephyr"
).split()
_ONLY: Final = re.compile(r"\^(\w+)\$")
"""A pattern that one text alone fits."""
_OPTIONAL: Final = 0.6
_NULL: Final = 0.1


@dataclass
class Person:
    """One account of the traffic, with an address of its own."""

    number: int
    username: str
    email: str
    password: str = PASSWORD
    header: tuple[str, str] | None = None
    keys: dict[str, str] = field(default_factory=dict)
    """Headers that it shows beside, where an API asks for two."""
    failures: int = 0
    """Requests in a row that were refused: perhaps the account is gone."""

    @property
    def address(self) -> str:
        """The loopback address that it calls from."""
        return f"127.0.0.{10 + self.number}"


LogIn = Callable[["Traffic", Person], tuple[str, str] | None]
"""Makes the account and returns the header that it shows."""


@dataclass
class Traffic:
    """Calls an API, and keeps what it answered."""

    url: str
    api: Api
    log_in: LogIn
    rng: random.Random
    people: list[Person] = field(default_factory=list)
    pool: defaultdict[tuple[int, str], deque[Json]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=KEPT))
    )
    links: dict[int, http.client.HTTPConnection] = field(default_factory=dict)
    number: int = 0
    barred: set[tuple[str, int]] = field(default_factory=set)
    """Operations that an account may not call."""

    def caller(self, operation: Operation) -> Person:
        """Return who calls next: rather one who may."""
        free = [one for one in self.people if (operation.key, one.number) not in self.barred]
        return self.rng.choice(free if free and self.rng.random() < 0.9 else self.people)

    def begin(self, count: int) -> None:
        """Make the accounts."""
        for number in range(count):
            self.people.append(self.person(number))

    def person(self, number: int) -> Person:
        """Return a new account."""
        mark = f"{self.rng.choice(WORDS)}{self.rng.randrange(10**6)}"
        person = Person(number, mark, f"{mark}@mail.example")
        person.header = self.log_in(self, person)
        return person

    def send(
        self, person: Person, method: str, target: str, body: bytes = b"", media_type: str = "", *, shows: bool = True
    ) -> Case:
        """Send one request, and return it with its answer."""
        headers = {"Accept": "application/json", "User-Agent": "shop-app/2.1"}
        if shows and person.header is not None:
            headers |= {person.header[0]: person.header[1], **person.keys}
        if media_type:
            headers["Content-Type"] = media_type
        parts = urlsplit(self.url)
        self.number += 1
        sent = [(b"host", parts.netloc.encode()), *((k.lower().encode(), v.encode()) for k, v in headers.items())]
        if body:
            sent.append((b"content-length", str(len(body)).encode()))
        found = self._answered(person, method, target, body, headers)
        if found is None:
            return Case(self.number, method, target, sent, body, client=person.address, answer=None)
        answer, got = found
        told = [(k.lower().encode(), v.encode("latin-1", "replace")) for k, v in answer.getheaders()
                if k.lower() not in {"content-length", "transfer-encoding", "content-encoding"}]  # fmt: skip
        return Case(
            self.number, method, target, sent, body, client=person.address, started_s=1_700_000_000.0 + self.number,
            answer=WrittenAnswer(answer.status, told, got),
        )  # fmt: skip

    def _answered(
        self, person: Person, method: str, target: str, body: bytes, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes] | None:
        """Return the answer, or None where the API ends the connection without one."""
        for _ in range(2):  # a kept connection may be closed at any moment; a fresh one is an answer in itself
            try:
                return self._exchange(person, method, target, body, headers)
            except (http.client.HTTPException, ConnectionError):
                continue
        return None

    def _exchange(
        self, person: Person, method: str, target: str, body: bytes, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        parts = urlsplit(self.url)
        link = self.links.pop(person.number, None) or http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=60, source_address=(person.address, 0)
        )
        link.request(method, target, body or None, headers)
        answer = link.getresponse()
        got = answer.read()
        self.links[person.number] = link
        return answer, got

    def learn(self, operation: Operation, case: Case, person: Person) -> None:
        """Remember the ids in an answer."""
        value = parse_json(case.answer.body) if case.answer else None
        if isinstance(value, NotJson) or value is None:
            return
        found = nouns(operation.path)
        noun = found[-1] if found else ""
        for pointer, leaf in walk(value):
            if isinstance(leaf, dict | list | bool) or leaf is None or not pointer:
                continue
            key = next((step for step in reversed(pointer) if isinstance(step, str)), "")
            above = [step for step in pointer[:-1] if isinstance(step, str)]
            kinds = {noun, nouns(f"/{above[-1]}")[-1] if above and nouns(f"/{above[-1]}") else noun}
            for name in {name for kind in kinds for name in known_as(key, kind)}:
                self.pool[person.number, name].append(leaf)
                self.pool[-1, name].append(leaf)

    def known(self, name: str, noun: str, person: Person) -> Json | NotJson:
        """Return an id that was seen under such a name, rather one's own."""
        names = id_names(name, noun) or (plain(name),)
        for owner in (person.number, -1) if self.rng.random() < 0.85 else (-1,):
            for one in names:
                values = self.pool.get((owner, one))
                if values:
                    return self.rng.choice(values)
        return NotJson.NOT_JSON


@dataclass(frozen=True)
class Made:
    """One valid request that was not sent yet."""

    method: str
    target: str
    body: bytes = b""
    media_type: str = ""
    value: Json = None
    new_password: str = ""


class Maker:
    """Makes valid requests of one operation."""

    def __init__(self, traffic: Traffic, operation: Operation) -> None:
        self._traffic = traffic
        self._operation = operation
        self._rng = traffic.rng
        self._is_log_in = accounts.is_log_in(operation)

    def make(self, person: Person) -> Made | None:
        """Return a request, or None where an id is missing."""
        operation = self._operation
        path = operation.base_path + operation.path
        for parameter in operation.parameters_in(Place.PATH):
            value = self._argument(parameter, person)
            if value is None:
                return None
            path = path.replace(f"{{{parameter.name}}}", quote(str(value), safe=""))
        pairs = [pair for parameter in operation.parameters_in(Place.QUERY) for pair in self._pairs(parameter, person)]
        target = f"{path}?{urlencode(pairs)}" if pairs else path
        body = operation.preferred_body()
        if body is None:
            return Made(operation.method, target)
        return self._with_body(target, body, person)

    def _with_body(self, target: str, body: Body, person: Person) -> Made:
        value = self.value(body.schema, "", person)
        new = ""
        if isinstance(value, dict):
            fields = [name for name in value if is_password_name(name) and isinstance(value[name], str)]
            if len(fields) > 1 and not self._is_log_in:
                new = OTHER_PASSWORD if person.password == PASSWORD else PASSWORD
                for name in fields:
                    is_old = any(word in name.lower() for word in ("current", "old"))
                    value[name] = person.password if is_old else new
        if "form" in body.media_type:
            pairs = [(name, _text(one)) for name, one in value.items()] if isinstance(value, dict) else []
            kind = "application/x-www-form-urlencoded"
            return Made(self._operation.method, target, urlencode(pairs).encode(), kind, value, new)
        return Made(self._operation.method, target, json.dumps(value).encode(), body.media_type, value, new)

    def _argument(self, parameter: Parameter, person: Person) -> Json:
        noun = noun_before(self._operation.path, parameter.name)
        found = self._traffic.known(parameter.name, noun, person)
        if not isinstance(found, NotJson) and str(found):
            return found
        if plain(parameter.name) in {"username", "email"}:
            one = self._rng.choice(self._traffic.people)
            return one.username if plain(parameter.name) == "username" else one.email
        if parameter.schema.enum:
            return self._rng.choice(parameter.schema.enum)
        return None

    def _pairs(self, parameter: Parameter, person: Person) -> Iterator[tuple[str, str]]:
        if not parameter.is_required and self._rng.random() > 0.5:
            return
        schema = parameter.schema
        if "array" in schema.types:
            for _ in range(self._rng.randrange(1, 3)):
                yield parameter.name, _text(self.value(schema.items or Schema(), parameter.name, person))
            return
        value = self.value(schema, parameter.name, person, is_text=True)
        if value is not None:
            yield parameter.name, _text(value)

    def value(self, schema: Schema, name: str, person: Person, *, depth: int = 0, is_text: bool = False) -> Json:
        """Return a value that fits a schema, in a field of that name."""
        if schema.is_nullable and not is_text and self._rng.random() < _NULL and name:
            return None
        if schema.variants:
            return self.value(self._rng.choice(schema.variants), name, person, depth=depth, is_text=is_text)
        if schema.enum:
            return self._rng.choice(schema.enum)
        kind = next(iter(schema.types), "object" if schema.properties else "string")
        if kind == "object":
            return self._object(schema, person, depth)
        if kind == "array":
            count = self._rng.randrange(schema.min_items or 0, min(schema.max_items or 3, 3) + 1)
            items = schema.items or Schema()
            return [self.value(items, name, person, depth=depth + 1) for _ in range(count)]
        if kind == "boolean":
            return self._rng.random() < 0.5
        if is_id_name(name):
            found = self._traffic.known(name, (nouns(self._operation.path) or ("",))[-1], person)
            if not isinstance(found, NotJson) and isinstance(found, {"string": str}.get(kind, int)):
                return found
        return self._string(schema, name, person) if kind == "string" else self._number(schema, kind)

    def _object(self, schema: Schema, person: Person, depth: int) -> Json:
        made: dict[str, Json] = {}
        for name, child in schema.properties.items():
            if child.is_read_only or (depth > 5 and name not in schema.required):
                continue
            if name in schema.required or self._rng.random() < _OPTIONAL:
                made[name] = self.value(child, name, person, depth=depth + 1)
        return made

    def _number(self, schema: Schema, kind: str) -> Json:
        low = schema.minimum if schema.minimum is not None else 0
        high = schema.maximum if schema.maximum is not None else max(low + 50, 50)
        high = min(high, low + 200)
        if kind == "integer":
            return self._rng.randint(int(low), int(high))
        return round(self._rng.uniform(low, high), 2)

    def _string(self, schema: Schema, name: str, person: Person) -> str:
        rng, flat = self._rng, plain(name)
        if is_password_name(name) and schema.format not in {"uuid", "email"}:
            return person.password if self._is_log_in else PASSWORD
        made = {
            "email": lambda: (
                person.email if self._is_log_in else f"{rng.choice(WORDS)}{rng.randrange(10**8)}@mail.example"
            ),
            "uuid": lambda: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            "date": lambda: f"20{rng.randrange(20, 30)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
            "date-time": lambda: (
                f"20{rng.randrange(20, 30)}-0{rng.randrange(1, 10)}-1{rng.randrange(10)}T1{rng.randrange(10)}:30:00Z"
            ),
            "uri": lambda: f"https://{rng.choice(WORDS)}.example/{rng.choice(WORDS)}",
        }.get(schema.format or ("email" if flat in {"email", "mail"} else ""))
        if made is not None:
            return str(made())
        if self._is_log_in and flat in {"username", "user", "login"}:
            schemes = [one for one in self._traffic.api.operations if accounts.is_sign_up(one)]
            is_named = any("username" in json.dumps(_names(one)) for one in schemes)
            return person.username if is_named else person.email
        if flat in {"username", "login", "slug", "name", "title"} and not schema.pattern:
            return f"{rng.choice(WORDS)}{rng.randrange(10**8)}"[: schema.max_length or 40]
        if schema.pattern:
            only = _ONLY.fullmatch(schema.pattern)
            return only[1] if only else next((str(one) for one in schema.examples), "") or rng.choice(WORDS)
        return self._words(schema)

    def _words(self, schema: Schema) -> str:
        least, most = schema.min_length or 0, schema.max_length or 120
        text = " ".join(self._rng.choice(WORDS) for _ in range(self._rng.choice((1, 1, 2, 4, 9))))
        while len(text) < least:
            text += " " + self._rng.choice(WORDS)
        return text[:most].strip() or self._rng.choice(string.ascii_lowercase)


def _names(operation: Operation) -> list[str]:
    schema = operation.body_schema()
    if schema is None:
        return []
    inner = [name for child in schema.properties.values() for name in child.properties]
    return [*schema.properties, *inner]


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


@dataclass
class Driven:
    """What came of the traffic: the exchanges to learn from, and how often each operation was taken."""

    cases: list[Case]
    taken: dict[str, int]


def drive(traffic: Traffic, *, wanted: int, rounds: int, leaves: Callable[[Operation], bool]) -> Driven:
    """Call all operations in turn until each was taken `wanted` times, or `rounds` have gone by."""
    makers = {one.key: Maker(traffic, one) for one in traffic.api.operations if not leaves(one)}
    by_key = {one.key: one for one in traffic.api.operations}
    taken = dict.fromkeys(makers, 0)
    tried = dict.fromkeys(makers, 0)
    feeding = {key for key in makers if by_key[key].method == "POST" and not _is_costly(by_key[key])}
    cases: list[Case] = []
    for _ in range(rounds):
        open_keys = [key for key, count in taken.items() if count < wanted and (count or tried[key] < PATIENCE)]
        if not open_keys:
            break
        is_feeding = any(by_key[key].method == "DELETE" or "{" in by_key[key].path for key in open_keys)
        for key, maker in makers.items():
            if taken[key] >= wanted and not (is_feeding and key in feeding):
                continue
            if not taken[key] and tried[key] >= PATIENCE:
                continue
            case = _once(traffic, by_key[key], maker)
            tried[key] += 1
            if case is None or case.answer is None:
                continue
            if taken[key] < wanted:
                cases.append(case)
                taken[key] += 200 <= case.answer.status < 300
    return Driven(cases, taken)


def _is_costly(operation: Operation) -> bool:
    """Whether it hashes a password, or sends mail."""
    tests = (accounts.is_log_in, accounts.is_sign_up, accounts.is_password_reset, accounts.is_password_change)
    return any(test(operation) for test in tests)


def _once(traffic: Traffic, operation: Operation, maker: Maker) -> Case | None:
    person = traffic.caller(operation)
    made = maker.make(person)
    if made is None:
        return None
    shows = operation.is_secured or not (accounts.is_log_in(operation) or accounts.is_sign_up(operation))
    case = traffic.send(person, made.method, made.target, made.body, made.media_type, shows=shows)
    if case.answer is None:
        return case
    person.failures += 1
    if case.answer.status < 300:
        person.failures = 0
        if made.new_password:
            person.password = made.new_password
        traffic.learn(operation, case, person)
    elif case.answer.status == 403:
        traffic.barred.add((operation.key, person.number))
    if shows and person.failures >= (3 if case.answer.status == 401 else 12):
        person.failures = 0
        probe = traffic.log_in(traffic, person)
        if probe is None:
            traffic.people[person.number] = traffic.person(person.number)
        else:
            person.header = probe
    return case
