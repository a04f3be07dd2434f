"""Name and value pairs of a query or a form (`application/x-www-form-urlencoded`)."""

from typing import Final

from apiward.guard.wire.escapes import PERCENT, percent_decoded
from apiward.guard.wire.unfit import UnfitError

Pairs = list[tuple[str, str]]

_PRINTABLE: Final = bytes(range(0x21, 0x7F)).replace(b"#", b"")


def read_query(raw: bytes, *, longest: int, most: int) -> Pairs:
    """Return the pairs of a query, in order. Raises UnfitError where it is too long or badly encoded."""
    if not raw:
        return []
    size = len(raw)
    if size > longest or (size >= most and raw.count(b"&") >= most):
        raise UnfitError("protocol.query-too-long", "query", f"{size} bytes, {raw.count(b'&') + 1} parameters")
    if raw.translate(None, _PRINTABLE):
        raise UnfitError("protocol.query-encoding", "query", "a byte that should be escaped")
    if PERCENT not in raw:  # letters and signs alone, so nothing can be wrong with them
        return _plain_pairs(raw)
    return read_pairs(raw, rule="protocol.query-encoding", place="query")


def read_pairs(raw: bytes, *, rule: str, place: str) -> Pairs:
    """Return the pairs of `raw`, in order; empty ones are left out. Raises UnfitError(rule, place)."""
    if b"\x00" in raw or b"%00" in raw:
        raise UnfitError(rule, place, "NUL character")
    try:
        if b"%" not in raw:
            return _plain_pairs(raw)
        return [_decoded(pair) for pair in raw.replace(b"+", b" ").split(b"&") if pair]
    except KeyError:
        raise UnfitError(rule, place, "broken escape") from None
    except UnicodeDecodeError:
        raise UnfitError(rule, place, "no UTF-8") from None


def _plain_pairs(raw: bytes) -> Pairs:
    """Return the pairs of `raw`, in which nothing is escaped. Raises UnicodeDecodeError."""
    text = raw.decode().replace("+", " ")
    return [(pair[0], pair[2]) for one in text.split("&") if one and (pair := one.partition("="))]


def _decoded(pair: bytes) -> tuple[str, str]:
    name, _, value = pair.partition(b"=")
    if b"%" in name:
        name = percent_decoded(name)
    if b"%" in value:
        value = percent_decoded(value)
    return name.decode(), value.decode()
