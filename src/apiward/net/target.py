"""An address cut into what to connect to and what to ask for, with not one byte changed."""

import re
from dataclasses import dataclass
from typing import Final

from apiward.core.exchange import Failure
from apiward.net.transport import NoAnswerError

_ADDRESS: Final = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)", re.IGNORECASE)
_AUTHORITY: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+(?:%[\w.~-]+)?\]|[^\[\]@:]+)(?::(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `host` has no brackets, `authority` is the Host header, `path` has the query."""

    is_tls: bool
    host: str
    port: int
    authority: bytes
    path: bytes

    @property
    def origin(self) -> tuple[bool, str, int]:
        """What two requests must share to share a connection."""
        return self.is_tls, self.host, self.port


def target_of(url: str) -> Target:
    """Cut `url` (absolute http or https) without normalising it; raises NoAnswerError (NOT_SENDABLE)."""
    found = _ADDRESS.fullmatch(url.partition("#")[0])
    place = _AUTHORITY.fullmatch(found["authority"]) if found else None
    if not found or not place:
        raise NoAnswerError(Failure.NOT_SENDABLE, "the address is not one that HTTP can reach")
    is_tls = found["scheme"].lower() == "https"
    port = int(place["port"] or (443 if is_tls else 80))
    if not 0 < port < 65536:
        raise NoAnswerError(Failure.NOT_SENDABLE, f"there is no port {port}")
    host = _ascii_host(place["host"])
    rest = found["rest"]
    path = rest if rest.startswith("/") else f"/{rest}"
    authority = f"{host}:{place['port']}" if place["port"] else host
    return Target(is_tls, host.strip("[]"), port, authority.encode(), _ascii(path))


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError as error:
        raise NoAnswerError(Failure.NOT_SENDABLE, "the host name has characters that names cannot have") from error


def _ascii(text: str) -> bytes:
    try:
        return text.encode("ascii")
    except UnicodeEncodeError as error:
        raise NoAnswerError(Failure.NOT_SENDABLE, "the address has characters that are not encoded") from error
