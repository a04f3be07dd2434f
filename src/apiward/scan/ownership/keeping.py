"""Keeps large answers small: long lists lose their middle, so that what is left can still be read as JSON."""

import json
from dataclasses import replace
from typing import Final

from apiward.core.exchange import Exchange, Response
from apiward.core.jsonvalue import MAX_WALK_DEPTH, Json, NotJson

KEPT_BYTES: Final = 24_000
_ENDS: Final = (40, 10, 3)


def kept(exchange: Exchange) -> Exchange:
    """Return the exchange with an answer of at most about `KEPT_BYTES`; one that lost something says that it is cut."""
    response = exchange.response
    if response is None or len(response.body) <= KEPT_BYTES:
        return exchange
    body = response.json()
    short = response.body[:KEPT_BYTES] if isinstance(body, NotJson) else _short(body)
    return replace(exchange, response=Response(response.status, response.headers, short, is_cut=True))


def _short(body: Json) -> bytes:
    """Return the body with the first and last items of its lists, as many as fit."""
    text = b""
    for ends in _ENDS:
        text = json.dumps(_pruned(body, ends, MAX_WALK_DEPTH), ensure_ascii=False).encode("utf-8", "replace")
        if len(text) <= KEPT_BYTES:
            return text
    return text[:KEPT_BYTES]


def _pruned(value: Json, ends: int, depth: int) -> Json:
    if depth == 0:
        return None
    if isinstance(value, list):
        chosen = value if len(value) <= 2 * ends else [*value[:ends], *value[-ends:]]
        return [_pruned(item, ends, depth - 1) for item in chosen]
    if isinstance(value, dict):
        return {key: _pruned(child, ends, depth - 1) for key, child in value.items()}
    return value
