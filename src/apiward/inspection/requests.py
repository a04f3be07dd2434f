"""A whole request, place by place, with nothing known about the API."""

from collections.abc import Iterable
from typing import Final

from apiward.inspection.api import inspect_text
from apiward.inspection.bodies import Found, inspect_body, inspect_pairs, pairs_of
from apiward.inspection.model import NO_CLASSES, Classes, Hit, Profile

MAX_HEADERS: Final = 200
_KNOWN: Final = frozenset(
    """host accept accept-encoding accept-charset accept-language content-length connection date authorization
    proxy-authorization cache-control pragma etag if-match if-none-match if-modified-since if-unmodified-since range
    te trailer transfer-encoding upgrade upgrade-insecure-requests dnt sec-fetch-site sec-fetch-mode sec-fetch-dest
    sec-fetch-user sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform expect keep-alive age priority traceparent tracestate
    sec-websocket-key sec-websocket-version sec-websocket-extensions""".split()
)
"""Headers whose form the protocol stage already checks, or that hold credentials."""
_STRUCTURED: Final = frozenset(
    """user-agent referer origin content-type content-disposition via forwarded x-forwarded-for x-forwarded-host
    x-forwarded-proto x-real-ip link prefer baggage sec-ch-ua-full-version-list content-security-policy""".split()
)
"""Headers with a grammar of their own, full of marks."""


def inspect_request(target: str, headers: Iterable[tuple[str, str]], body: bytes) -> Found | None:
    """Return the first attack of a request and its place.

    Places: `("path",)`, `("query", name)`, `("header", name)` and `("body", …)` as `inspect_body` gives it.
    """
    path, _, query = target.partition("?")
    hit = inspect_path(path)
    if hit is not None:
        return ("path",), hit
    found = inspect_pairs(pairs_of(query)) if query else None
    if found is not None:
        return ("query", *found[0]), found[1]
    media_type = ""
    for number, (name, value) in enumerate(headers):
        if number >= MAX_HEADERS:
            break
        low = name.lower()
        media_type = value if low == "content-type" else media_type
        hit = inspect_header(low, value)
        if hit is not None:
            return ("header", low), hit
    found = inspect_body(body, media_type) if body else None
    return (("body", *found[0]), found[1]) if found is not None else None


def inspect_path(path: str, passed: Classes = NO_CLASSES) -> Hit | None:
    """Return the attack that a path (percent-encoded or not, without the query) shows."""
    return inspect_text(path[1:], Profile.PATH, passed) if len(path) > 1 else None


def inspect_header(name: str, value: str, passed: Classes = NO_CLASSES) -> Hit | None:
    """Return the attack that a header shows; `name` in lower case. Headers of the protocol itself are passed over."""
    if name in _KNOWN:
        return None
    if name == "cookie":
        return next((hit for piece in value.split(";")[:100] if (hit := _cookie(piece, passed)) is not None), None)
    return inspect_text(value, Profile.HEADER if name in _STRUCTURED else Profile.VALUE, passed)


def _cookie(piece: str, passed: Classes) -> Hit | None:
    return inspect_text(piece.partition("=")[2].strip(), Profile.HEADER, passed)
