"""JSON in and out of answers: fast where that loses nothing, exact where it would."""

import json
import re
import zlib
from typing import Final

import orjson

from apiward.core.jsonvalue import Json, NotJson, parse_json

MAX_UNPACKED: Final = 8 * 1024 * 1024
"""Bytes that a packed answer may have when unpacked, to be looked at."""
_ANY_HEADER: Final = 47  # zlib finds out itself whether it is gzip or deflate
# orjson reads integers of more than 64 bits as floats.
_LONG_NUMBER: Final = re.compile(rb"\d{19}")


def read(body: bytes) -> Json | NotJson:
    """Return the JSON value of `body`, or NOT_JSON. Never raises."""
    try:
        value: Json = orjson.loads(body)
    except ValueError:
        return parse_json(body)
    return value


def read_exactly(body: bytes) -> Json | NotJson:
    """Return the JSON value of `body` so that `write` loses no digit of a long whole number."""
    return parse_json(body) if _LONG_NUMBER.search(body) else read(body)


def write(value: Json) -> bytes:
    """Return `value` as JSON in UTF-8."""
    try:
        return orjson.dumps(value)
    except (TypeError, ValueError):
        # Whole numbers beyond 64 bits, and lone surrogates.
        return json.dumps(value, separators=(",", ":")).encode()


def unpacked(body: bytes, encoding: bytes | None) -> bytes | None:
    """Return a body that was packed with gzip or deflate, or None where it was not, or is too large unpacked."""
    if encoding is None or encoding.strip().lower() not in (b"gzip", b"x-gzip", b"deflate"):
        return None
    work = zlib.decompressobj(_ANY_HEADER)
    try:
        plain = work.decompress(body, MAX_UNPACKED)
    except zlib.error:
        return None
    return plain if work.eof else None
