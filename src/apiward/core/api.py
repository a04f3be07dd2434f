"""An API as it is described: operations, their parameters, bodies, answers and security."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    openid_url: str | None = None


@dataclass(frozen=True, slots=True)
class GraphqlField:
    """A field of a GraphQL schema that is called as an operation: `document` by POST to `endpoint`, a path.

    `kind` is "query" or "mutation". `scalars` are the variables of the document that take a built-in scalar, by name.
    Where what is sent stands in one variable, `wrapper` names it and `beside` the variables that stand next to it.
    `only_type` is set where the field may answer with several types and one is meant.
    """

    kind: str
    name: str
    endpoint: str
    document: str
    scalars: tuple[tuple[str, str], ...] = ()
    wrapper: str = ""
    beside: frozenset[str] = frozenset()
    only_type: str = ""
    is_truth: bool = False
    """Whether the answer is only true or false, which says whether it was done."""
    way: tuple[str, ...] = ()
    circle: tuple[str, ...] = ()
    """Fields of the answer that lead back to themselves after `way`, so that a query can be as deep as it likes."""
    has_lists: bool = False
    """Whether lists lie on `way` or `circle`, so that a deep answer may grow without end."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path template.

    Where `field` is set, GraphQL carries the operation: method, path, parameters and bodies say what the field does
    as if it were called by HTTP alone, so that its meaning is told in one way, and `field` says how it is called.

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
    field: GraphqlField | None = None

    @property
    def key(self) -> str:
        """The stable name of the operation: `GET /users/{id}`, or `POST /graphql query user`."""
        if self.field is not None:
            only = f" {self.field.only_type}" if self.field.only_type else ""
            return f"POST {self.field.endpoint} {self.field.kind} {self.field.name}{only}"
        return f"{self.method} {self.base_path}{self.path}"

    @property
    def carrier(self) -> "Operation":
        """The operation that is called in truth: itself, or the POST by which GraphQL carries it."""
        if self.field is None:
            return self
        return Operation("POST", self.field.endpoint, bodies=(Body("application/json", is_required=True),))

    @property
    def address(self) -> str:
        """The path template to which requests go."""
        return self.field.endpoint if self.field is not None else f"{self.base_path}{self.path}"

    @property
    def has_address(self) -> bool:
        """Whether method and path are what is sent: they are not where GraphQL carries the operation."""
        return self.field is None

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

    def by_address(self) -> "Api":
        """Return the API as it is seen on the way: of all that GraphQL carries, one operation for each endpoint."""
        if all(op.has_address for op in self.operations):
            return self
        plain = [op for op in self.operations if op.has_address]
        known = {op.key for op in plain}
        carriers = {op.carrier.key: op.carrier for op in self.operations if not op.has_address}
        return replace(self, operations=(*plain, *(one for key, one in carriers.items() if key not in known)))

    @property
    def tells_all(self) -> bool:
        """Whether it was written to name all operations, and is not made from what was called or found."""
        return self.dialect.startswith(("OpenAPI", "Swagger"))


def _media_rank(media_type: str) -> int:
    if media_type == "application/json":
        return 0
    if media_type.endswith("+json") or media_type == "*/*":
        return 1
    if media_type == "application/x-www-form-urlencoded":
        return 2
    return 3 if media_type == "multipart/form-data" else 4
