"""Compressed bodies, inflated within bounds: to a size, and to so many times of what came."""

import zlib
from typing import Final

import brotli  # type: ignore[import-untyped] # it ships no types

from apiward.guard.wire.unfit import UnfitError

_WINDOWS: Final = {"gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
_SMALL: Final = 65_536
"""Bodies that stay below this may grow at any ratio: short repetitive text compresses very well."""


def inflated(raw: bytes, encoding: str, *, largest: int, most_times: int) -> bytes:
    """Return the body inflated. Raises UnfitError where it is damaged, goes on after its end, or grows too large.

    `encoding` is gzip, deflate (with the zlib frame, RFC 9110, section 8.4.1.2) or br.
    """
    limit = min(largest, max(_SMALL, len(raw) * most_times))
    try:
        body, is_whole = _brotli(raw, limit + 1) if encoding == "br" else _zlib(raw, encoding, limit + 1)
    except (zlib.error, brotli.error):
        raise UnfitError("protocol.inflation", "body", f"damaged {encoding}") from None
    if len(body) > limit:
        raise UnfitError("protocol.inflated-too-large", "body", f"{len(raw)} bytes grow beyond {limit}")
    if not is_whole:
        raise UnfitError("protocol.inflation", "body", f"{encoding} is cut off, or followed by more")
    return body


def _zlib(raw: bytes, encoding: str, most: int) -> tuple[bytes, bool]:
    inflater = zlib.decompressobj(_WINDOWS[encoding])
    body = inflater.decompress(raw, most)
    return body, inflater.eof and not inflater.unused_data


def _brotli(raw: bytes, most: int) -> tuple[bytes, bool]:
    inflater = brotli.Decompressor()
    pieces, size = [], 0
    while size < most:
        piece = inflater.process(raw, output_buffer_limit=most - size)
        raw = b""
        pieces.append(piece)
        size += len(piece)
        if not piece or inflater.can_accept_more_data() or inflater.is_finished():
            break
    return b"".join(pieces), inflater.is_finished()
