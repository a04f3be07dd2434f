"""JSON that can be trusted to mean one thing: no duplicate keys, no NaN, bounded in depth (RFC 8725, section 2.4)."""

import json
from typing import Final

from apiward.core.jsonvalue import Json

MAX_DEPTH: Final = 12


class UnsafeJsonError(ValueError):
    """Says why a text is refused: "duplicate-key", "too-deep" or "no-object"."""


def read_object(text: bytes) -> dict[str, Json]:
    """Return the JSON object in `text` (UTF-8). Raises UnsafeJsonError, and nothing else, for any bytes."""
    try:
        value = _DECODER.decode(text.decode("utf-8"))
    except UnsafeJsonError:
        raise
    except RecursionError:
        raise UnsafeJsonError("too-deep") from None
    except ValueError:
        raise UnsafeJsonError("no-object") from None
    if not isinstance(value, dict):
        raise UnsafeJsonError("no-object")
    if text.count(b"{") + text.count(b"[") > MAX_DEPTH and _is_deeper(value, MAX_DEPTH):
        raise UnsafeJsonError("too-deep")
    return value


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise UnsafeJsonError("duplicate-key")
    return members


def _no_constant(name: str) -> Json:
    raise UnsafeJsonError(f"no-object: {name}")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def _is_deeper(value: Json, depth: int) -> bool:
    if not isinstance(value, dict | list) or not value:
        return False
    if depth == 0:
        return True
    children = value.values() if isinstance(value, dict) else value
    return any(_is_deeper(child, depth - 1) for child in children)
