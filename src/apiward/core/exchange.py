"""One request and what came back."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from apiward.core.jsonvalue import Json, NotJson, parse_json

Headers = tuple[tuple[str, str], ...]


class Failure(StrEnum):
    """Why there is no usable answer. None of them says anything about security."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    HUNG_UP = "hung-up"
    BAD_PROTOCOL = "bad-protocol"
    TLS = "tls"
    NOT_SENDABLE = "not-sendable"


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. `url` is absolute and already percent-encoded; header names keep their spelling."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first header of that name, whatever its case."""
        return _first(self.headers, name)


@dataclass(frozen=True, slots=True)
class Response:
    """What was answered. `body` is decoded (gzip, br) and cut at the client's limit: `is_cut` says so."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    is_cut: bool = False

    def header(self, name: str) -> str | None:
        """Return the first header of that name, whatever its case."""
        return _first(self.headers, name)

    def all_headers(self, name: str) -> tuple[str, ...]:
        """Return every header of that name in order (Set-Cookie may repeat)."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 are replaced."""
        return self.body.decode("utf-8", "replace")

    @property
    def media_type(self) -> str:
        """The content type without parameters, in lower case; empty where none is given."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    def json(self) -> Json | NotJson:
        """Return the body as JSON, whatever its declared type, or NOT_JSON."""
        return parse_json(self.body)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its response or the reason why there is none.

    `started_s` is seconds on the scan's clock, `elapsed_s` from the first byte sent to the last
    byte read. Exactly one of `response` and `failure` is set.
    """

    request: Request
    response: Response | None = None
    failure: Failure | None = None
    failure_detail: str = ""
    started_s: float = 0.0
    elapsed_s: float = 0.0
    came: Response | None = None
    """The answer as it came, where `response` tells what it says of one field of a GraphQL schema."""

    def __post_init__(self) -> None:
        if (self.response is None) == (self.failure is None):
            raise ValueError("an exchange has either a response or a failure")

    @property
    def status(self) -> int:
        """The status code, or 0 where there was no answer."""
        return self.response.status if self.response else 0

    @property
    def is_success(self) -> bool:
        """Whether a 2xx came back. Says nothing about what was really done."""
        return 200 <= self.status < 300

    @property
    def is_doubtful(self) -> bool:
        """Whether this exchange cannot speak for anything: no answer, a 5xx, or "slow down"."""
        return self.status == 0 or self.status >= 500 or self.status == 429

    @property
    def text(self) -> str:
        """The answer's body as text, empty where there is none."""
        return self.response.text if self.response else ""


def _first(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)
