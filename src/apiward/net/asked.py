"""The request that another proxy asks about (nginx `auth_request`, Caddy `forward_auth`, Traefik `forwardAuth`).

A caller can send any of the headers that name it. So one whole pair must be there, once, and nothing of the other
pair: a proxy that sets one pair itself then never has a caller's word believed. Whatever is not clear is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from apiward.core.call import RawHeaders


class Pair(Enum):
    """The two headers in which a proxy names method and target."""

    ORIGINAL = (b"x-original-method", b"x-original-uri")
    FORWARDED = (b"x-forwarded-method", b"x-forwarded-uri")


class UnclearError(Exception):
    """Nobody can say for sure which request is meant: the header at fault, and a short fact."""

    def __init__(self, place: str, saw: str) -> None:
        super().__init__(f"{place}: {saw}")
        self.place = place
        self.saw = saw


@dataclass(frozen=True, slots=True)
class Asked:
    """The request itself. `path` and `query` are bytes as the caller sent them to the proxy."""

    pair: Pair
    method: str
    path: bytes
    query: bytes
    scheme: str
    headers: RawHeaders


_METHOD: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}")
_TARGET: Final = re.compile(rb"/[\x21\x22\x24-\x7e]{0,16383}")
_HOST: Final = re.compile(rb"[A-Za-z0-9.\-_:\[\]]{1,255}")
_SCHEMES: Final = {b"http": "http", b"https": "https", b"ws": "http", b"wss": "https"}
_NAMES: Final = frozenset(name for pair in Pair for name in pair.value)
_ABOUT: Final = (b"x-forwarded-host", b"x-forwarded-proto")
# Of the connection between that proxy and the guard, not of the request.
_HOP: Final = frozenset(b"connection keep-alive proxy-connection te trailer transfer-encoding upgrade".split())
_SIGNS: Final = bytes(byte for byte in range(256) if not chr(byte).isalnum() or byte > 0x7F)
_FOLDED: Final = bytes.maketrans(_SIGNS, b"-" * len(_SIGNS))


def read_asked(headers: RawHeaders) -> Asked:
    """Return the request that is meant; raises UnclearError."""
    for name, _ in headers:
        if name not in _NAMES and name.translate(_FOLDED) in _NAMES:
            raise UnclearError("header", "a header that names the request, in another spelling")
    pair = _pair(headers)
    method, target = (_one(headers, name) for name in pair.value)
    if _METHOD.fullmatch(method) is None:
        raise UnclearError(f"header {pair.value[0].decode()}", "no method")
    if _TARGET.fullmatch(target) is None:
        raise UnclearError(f"header {pair.value[1].decode()}", "no plain path")
    path, _, query = target.partition(b"?")
    scheme = _SCHEMES.get(_at_most_one(headers, b"x-forwarded-proto").lower())
    if scheme is None:
        raise UnclearError("header x-forwarded-proto", "neither http nor https")
    return Asked(pair, method.decode("ascii"), path, query, scheme, list(_of_the_request(headers, pair)))


def _pair(headers: RawHeaders) -> Pair:
    names = {name for name, _ in headers} & _NAMES
    found = [pair for pair in Pair if names & set(pair.value)]
    if len(found) != 1:
        raise UnclearError("header", "named in two ways at once" if found else "not named")
    missing = set(found[0].value) - names
    if missing:
        raise UnclearError(f"header {missing.pop().decode()}", "missing")
    return found[0]


def _one(headers: RawHeaders, name: bytes) -> bytes:
    values = [value for key, value in headers if key == name]
    if len(values) != 1:
        raise UnclearError(f"header {name.decode()}", f"{len(values)} times")
    return values[0]


def _at_most_one(headers: RawHeaders, name: bytes) -> bytes:
    return _one(headers, name) if any(key == name for key, _ in headers) else b"http"


def _of_the_request(headers: RawHeaders, pair: Pair) -> Iterator[tuple[bytes, bytes]]:
    """Yield the headers of the request itself, with the host that its caller asked for."""
    host = b""
    if pair is Pair.FORWARDED and any(name == b"x-forwarded-host" for name, _ in headers):
        host = _one(headers, b"x-forwarded-host")
        if _HOST.fullmatch(host) is None:
            raise UnclearError("header x-forwarded-host", "no host")
        yield b"host", host
    for name, value in headers:
        if name in _NAMES or name in _HOP or name in _ABOUT or (host and name == b"host"):
            continue
        yield name, value
