"""What the answer of a receiver means: taken, not now, or never."""

import re
from typing import Final

from apiward.core.exchange import Exchange, Response
from apiward.core.outgoing import NotSentError, RefusedError

_NEVER: Final = frozenset({400, 405, 411, 413, 414, 415, 422, 431})
"""Statuses that speak of what was sent. All others speak of the receiver, which may be put right."""
_SECONDS: Final = re.compile(r"\d{1,5}")
_MOST_WAIT_S: Final = 3_600.0


def taken(exchange: Exchange) -> Response:
    """Return the answer to what was taken. Raises NotSentError, RefusedError."""
    response = exchange.response
    if response is None:
        failure = exchange.failure.value if exchange.failure is not None else "no answer"
        raise NotSentError(f"no answer came ({failure})")
    if 200 <= response.status < 300:
        return response
    said = f"it was answered with {response.status}"
    if response.status in _NEVER:
        raise RefusedError(said)
    after = response.header("retry-after") or ""
    raise NotSentError(said, wait_s=min(float(after), _MOST_WAIT_S) if _SECONDS.fullmatch(after) else 0.0)
