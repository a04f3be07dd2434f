"""Percent escapes (RFC 3986, section 2.1), decoded once and strictly."""

import string
from typing import Final

PERCENT: Final = ord("%")
"""The sign as a number: bytes in bytes are looked for as one number first, which costs an error each time."""
_BYTE_OF: Final = {
    (high + low).encode(): bytes([int(high + low, 16)]) for high in string.hexdigits for low in string.hexdigits
}


def percent_decoded(raw: bytes) -> bytes:
    """Return `raw` with every escape replaced. Raises KeyError where one is broken (`%`, `%1`, `%u0041`)."""
    head, *rest = raw.split(b"%")
    return head + b"".join([_BYTE_OF[piece[:2]] + piece[2:] for piece in rest])
