"""An API as it is described: operations, their parameters, bodies, answers and security."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from apiward.core.schema import Schema

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
DISCOVERED: Final = "discovered"
"""The dialect of an API that nothing describes: its operations were found by looking around."""
LOOKING_AROUND: Final = "looking around"
OTHER_SERVERS: Final = "other servers"
"""Where something was left out on purpose, in place of a pointer: no part of a description is at fault."""


class Place(StrEnum):
    """Where a parameter stands in a request."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"


class SchemeKind(StrEnum):
    """What a security scheme asks a caller to show."""

    BASIC = "basic"
    BEARER = "bearer"
    API_KEY = "api-key"
    OAUTH2 = "oauth2"
    OPENID = "openid"
    MUTUAL_TLS = "mutual-tls"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `style` and `explode` as in OpenAPI 3 (section "Style Values")."""

    name: str
    place: Place
    schema: Schema = field(default_factory=Schema)
    is_required: bool = False
    description: str = ""
    style: str | None = None
    explode: bool | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent or answered in one media type (lower case, without parameters)."""

    media_type: str
    schema: Schema = field(default_factory=Schema)
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One declared answer: `status` is "200", "4XX" or "default"."""

    status: str
    description: str = ""
    bodies: tuple[Body, ...] = ()
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """One way to show who calls. `place` and `field_name` are set for API keys."""

    name: str
    kind: SchemeKind
    place: Place | None = None
    field_name: str | None = None
    token_url: str | None = None
    flows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path template.

    `security` is None where the description says nothing, an empty tuple where it says that
    nobody needs to log in, else the alternatives, each a tuple of scheme names that go together
    (an empty alternative means that anonymous callers are allowed as well). `scopes` are the
    OAuth 2 scopes that go with each alternative, in the same order; empty where none asks for any.
    `base_path` is the path part of the server address, without a trailing slash.
    """

    method: str
    path: str
    base_path: str = ""
    operation_id: str | None = None
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    bodies: tuple[Body, ...] = ()
    answers: tuple[Answer, ...] = ()
    security: tuple[tuple[str, ...], ...] | None = None
    is_deprecated: bool = False
    scopes: tuple[frozenset[str], ...] = ()

    @property
    def key(self) -> str:
        """The stable name of the operation: `GET /users/{id}`."""
        return f"{self.method} {self.base_path}{self.path}"

    @property
    def is_safe(self) -> bool:
        """Whether the method promises to change nothing (RFC 9110, section 9.2.1)."""
        return self.method in SAFE_METHODS

    @property
    def is_secured(self) -> bool:
        """Whether the description says that callers must show who they are."""
        return bool(self.security) and all(self.security or ())

    def parameters_in(self, place: Place) -> tuple[Parameter, ...]:
        """Return the parameters that stand in `place`, in declared order."""
        return tuple(p for p in self.parameters if p.place is place)

    def body_schema(self) -> Schema | None:
        """Return the schema of the body that apiward would send, or None where there is none."""
        body = self.preferred_body()
        return body.schema if body else None

    def preferred_body(self) -> Body | None:
        """Return the body to send: JSON first, then forms, then whatever is declared first."""
        return min(self.bodies, key=lambda body: _media_rank(body.media_type), default=None)

    def answer_schemas(self) -> tuple[Schema, ...]:
        """Return the schemas of all declared 2xx answers with a body."""
        good = (a for a in self.answers if a.status.startswith("2") or a.status == "default")
        return tuple(body.schema for answer in good for body in answer.bodies)


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a description that could not be read: where (JSON pointer, RFC 6901) and why."""

    pointer: str
    message: str

    @property
    def is_unreadable(self) -> bool:
        """Whether a part of a description is at fault, rather than how far apiward has looked."""
        return self.pointer not in {LOOKING_AROUND, OTHER_SERVERS}


@dataclass(frozen=True, slots=True)
class Api:
    """An API as described. `source` says where the description came from, `dialect` which it is."""

    title: str
    version: str
    operations: tuple[Operation, ...]
    schemes: Mapping[str, SecurityScheme] = field(default_factory=lambda: MappingProxyType({}))
    servers: tuple[str, ...] = ()
    source: str = ""
    dialect: str = ""
    problems: tuple[Problem, ...] = ()


def _media_rank(media_type: str) -> int:
    if media_type == "application/json":
        return 0
    if media_type.endswith("+json") or media_type == "*/*":
        return 1
    if media_type == "application/x-www-form-urlencoded":
        return 2
    return 3 if media_type == "multipart/form-data" else 4
