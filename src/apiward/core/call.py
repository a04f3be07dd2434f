"""A live request at the guard and its answer, with what the stages found out about them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeAlias

from apiward.core.api import Operation
from apiward.core.decision import Ruling
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.core.principal import ANONYMOUS, Principal

RawHeaders = list[tuple[bytes, bytes]]
"""Header names in lower case, in the order they came, as ASGI gives them."""

Pairs: TypeAlias = Sequence[tuple[str, str]]
"""Names and values, in the order they came."""

MOST_READY: Final = 64
"""Things of one kind that are kept ready with the headers that many requests share."""


class HeaderBlock(RawHeaders):
    """The headers that many requests share, as one list that nobody may change.

    `ready` holds what was made of it for the next time, and `heads` those that go upstream, by whatever else that
    depends on.
    """

    __slots__ = ("heads", "ready")

    def __init__(self, headers: RawHeaders) -> None:
        super().__init__(headers)
        self.ready: dict[Hashable, object] = {}
        self.heads: dict[Hashable, object] = {}

    def keep(self, key: Hashable, made: object) -> None:
        """Keep what was made of it."""
        _keep(self.ready, key, made)

    def keep_head(self, key: Hashable, made: object) -> None:
        """Keep a head that goes upstream: there is one for each client."""
        _keep(self.heads, key, made)


def _keep(kept: dict[Hashable, object], key: Hashable, made: object) -> None:
    if len(kept) >= MOST_READY:
        kept.clear()
    kept[key] = made


class AnswerBlock(RawHeaders):
    """The headers that many answers share, as one list that nobody may change; `names` are those of its headers.

    `media_type` is the content type without parameters, in lower case; empty where none is given. `is_json` says that
    it names JSON. `content_type` is all of it as it came, None where there is none.
    """

    __slots__ = ("content_type", "is_json", "media_type", "names")

    def __init__(self, headers: RawHeaders) -> None:
        super().__init__(headers)
        names = self.names = tuple([name for name, _ in headers])
        kind = self.content_type = headers[names.index(b"content-type")][1] if b"content-type" in names else None
        self.media_type = b"" if kind is None else kind.partition(b";")[0].strip().lower()
        self.is_json = b"json" in self.media_type


class BodyKind(StrEnum):
    """How a body is to be read."""

    NONE = "none"
    JSON = "json"
    FORM = "form"
    MULTIPART = "multipart"
    XML = "xml"
    TEXT = "text"
    BINARY = "binary"


@dataclass(slots=True)
class Call:
    """One live request. Made by an adapter; what stands below the line is found by the stages, in their order.

    `target_path` and `query` are the bytes as they came, `peer` is the address at the other end
    of the connection, `certificate` the client certificate in DER form where one was shown.
    """

    method: str
    target_path: bytes
    query: bytes
    headers: RawHeaders
    peer: str
    scheme: str = "http"
    http_version: str = "1.1"
    started_s: float = 0.0
    certificate: bytes | None = None

    # --- found on the way
    header: Mapping[bytes, bytes] = field(default_factory=dict)
    """The headers by name; of repeated ones the first (protocol)."""
    block: HeaderBlock | None = None
    """The headers as they came, where the same ones came before (protocol)."""
    path: str = ""
    """The path in its normal form, decoded (protocol)."""
    client: str = ""
    """The true address of the client (origin)."""
    principal: Principal = ANONYMOUS
    """Who calls (authenticate)."""
    operation: Operation | None = None
    """The described operation (the engine's route table)."""
    operation_key: str = ""
    """`operation.key`, or empty where the request is not described; what stages look their compiled parts up by."""
    path_arguments: tuple[str, ...] = ()
    """The values of the path parameters, decoded, in the order of the template."""
    body_kind: BodyKind = BodyKind.NONE
    body: bytes = b""
    is_body_whole: bool = True
    """False where the body streams past the guard unread, or only its beginning was read."""
    piece: bytes = b""
    """The next piece of a body that streams by (adapter)."""
    is_last_piece: bool = False
    value: Json | NotJson = NOT_JSON
    """The body as JSON, read once."""
    query_pairs: Pairs = ()
    form_pairs: Pairs = ()
    incident: str = ""
    """The id under which the event is kept, and which a refused caller is told; made by the engine."""
    own_s: float = 0.0
    """Seconds that the stages took for it so far."""
    is_judged: bool = False
    """Whether it was judged to its end already with its head, as it tells of no body (the engine)."""
    steps: Any = None
    """What the engine runs for it; nobody else looks at it."""
    rulings: list[Ruling] = field(default_factory=list)
    notes: dict[str, object] = field(default_factory=dict)
    """What one phase of a stage leaves for another phase of the same stage, by the stage's name."""

    @property
    def host(self) -> bytes:
        """The Host that was asked for, empty where none was named."""
        return self.header.get(b"host", b"")

    def may_have_body(self) -> bool:
        """Whether there may be a body: told by its length or coding; in HTTP/2 it may come untold (RFC 9113, 8.1)."""
        header = self.header
        length = header.get(b"content-length")
        if length is not None:
            return length != b"0"
        return b"transfer-encoding" in header or self.http_version[0] != "1"


@dataclass(slots=True)
class Answer:
    """What the API answers, before it goes to the client. `body` is None where it streams past unread."""

    status: int
    headers: RawHeaders
    body: bytes | None = None
    value: Json | NotJson = NOT_JSON
    _block: AnswerBlock | None = field(default=None, init=False, repr=False, compare=False)
    _of: RawHeaders | None = field(default=None, init=False, repr=False, compare=False)

    def header(self, name: bytes) -> bytes | None:
        """Return the first header of that (lower-case) name."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    def head(self) -> AnswerBlock:
        """Return the headers, with what many stages ask of them; nobody may change it. A property costs thrice."""
        headers = self.headers
        return headers if headers.__class__ is AnswerBlock else self._read(headers)

    @property
    def media_type(self) -> bytes:
        """The content type without parameters, in lower case; empty where none is given."""
        return self.head().media_type

    @property
    def names(self) -> tuple[bytes, ...]:
        """The names of the headers, in their order."""
        return self.head().names

    def _read(self, headers: RawHeaders) -> AnswerBlock:
        """Read what many stages ask for; whoever changes headers makes new ones."""
        block = self._block
        if block is None or self._of is not headers:
            block, self._of = AnswerBlock(headers), headers
            self._block = block
        return block
