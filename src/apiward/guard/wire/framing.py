"""Headers that say where a message ends, what becomes of the connection, or that another request is meant.

Two servers that read these differently take one byte stream for different requests (smuggling).
Only few requests carry any of them, so they are looked at only where one is there.
"""

from collections.abc import Callable, Mapping
from typing import Final

from apiward.guard.wire.unfit import UnfitError

METHOD_OVERRIDES: Final = frozenset(
    {b"x-http-method-override", b"x-http-method", b"x-method-override", b"x-original-method"}
)
METHODS_ELSEWHERE: Final = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT".split())
PATH_OVERRIDES: Final = frozenset(
    {b"x-original-url", b"x-rewrite-url", b"x-original-uri", b"x-override-url", b"x-forwarded-uri", b"x-forwarded-path"}
)
_PROXY_CONNECTION: Final = frozenset({b"keep-alive", b"proxy-connection", b"upgrade", b"http2-settings"})
_HOP_WORDS: Final = frozenset({b"keep-alive", b"close", b"upgrade", b"te", b"trailers", b""})
_MOST_DIGITS: Final = 15
_MOST_RANGES: Final = 10

RARE: Final = METHOD_OVERRIDES | _PROXY_CONNECTION | {b"transfer-encoding", b"te", b"expect", b"range", b"connection"}
"""The headers that `check_framing` is about."""

Header = Mapping[bytes, bytes]


def check_framing(header: Header, *, is_http1: bool, allows_override: bool) -> None:
    """Raise UnfitError where framing or connection headers are odd, together or alone."""
    if not is_http1:
        _check_later_versions(header)
    for name, check in _CHECKS:
        if name in header:
            check(header)
    if not allows_override and not METHOD_OVERRIDES.isdisjoint(header):
        raise UnfitError("protocol.method-override", "header", "a header names another method")


def has_body(header: Header) -> bool:
    """Return whether the headers announce a body. Raises UnfitError where the length is odd."""
    length = header.get(b"content-length")
    if length is None:
        return b"transfer-encoding" in header
    if announced_length(header) is None:
        raise UnfitError("protocol.length", "header content-length", "not a plain number")
    if b"transfer-encoding" in header:
        raise UnfitError("protocol.length", "header content-length", "together with transfer-encoding")
    return length.strip(b"0") != b""


def announced_length(header: Header) -> int | None:
    """Return the content length, or None where there is none, or no plain number."""
    length = header.get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) <= _MOST_DIGITS else None


def _check_later_versions(header: Header) -> None:
    for name in (*_PROXY_CONNECTION, b"connection", b"transfer-encoding"):
        if name in header:
            raise UnfitError("protocol.connection", f"header {name.decode()}", "not part of HTTP/2 and later")


def _check_transfer_encoding(header: Header) -> None:
    if header[b"transfer-encoding"].lower() != b"chunked":
        raise UnfitError("protocol.transfer-encoding", "header transfer-encoding", "other than chunked")


def _check_te(header: Header) -> None:
    if header[b"te"].lower() not in {b"trailers", b""}:
        raise UnfitError("protocol.transfer-encoding", "header te", "other than trailers")


def _check_connection(header: Header) -> None:
    value = header[b"connection"].lower()
    if value in _HOP_WORDS:
        return
    for word in value.split(b","):
        name = word.strip()
        # a header that is named here is taken off on the way: after it was judged, before the API sees it
        if name not in _HOP_WORDS and (name in header or name == b"http2-settings"):
            raise UnfitError("protocol.connection", "header connection", "names a header that has its own meaning")


def _check_upgrade(header: Header) -> None:
    if header[b"upgrade"].lower() != b"websocket":
        raise UnfitError("protocol.upgrade", "header upgrade", "other than websocket")


def _check_expect(header: Header) -> None:
    if header[b"expect"].lower() != b"100-continue":
        raise UnfitError("protocol.expectation", "header expect", "other than 100-continue")


def _check_range(header: Header) -> None:
    if header[b"range"].count(b",") >= _MOST_RANGES:
        raise UnfitError("protocol.range", "header range", f"more than {_MOST_RANGES} ranges")


_CHECKS: Final[tuple[tuple[bytes, Callable[[Header], None]], ...]] = (
    (b"transfer-encoding", _check_transfer_encoding),
    (b"te", _check_te),
    (b"connection", _check_connection),
    (b"upgrade", _check_upgrade),
    (b"expect", _check_expect),
    (b"range", _check_range),
)
