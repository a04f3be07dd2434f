"""What an answer means. Status codes are hints: a weak API may refuse with 200, a sound one do nothing with 204."""

import re
from typing import Final

from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, walk
from apiward.spec.meaning import failures

_LOG_IN_AGAIN: Final = re.compile(
    r"log(ged)? ?-?in|sign(ed)? ?-?in|unauthori[sz]ed|not authori[sz]ed|unauthenticated|not authenticated|"
    r"authentication|token|session|credential|expired|jwt|api.?key",
    re.IGNORECASE,
)
_VOLATILE: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]*|\b[0-9a-f]{16,}\b|\b\d{6,}(\.\d+)?\b",
    re.IGNORECASE,
)
MAX_JUDGED: Final = 20_000
ABOUT_FORM: Final = (400, 415, 422)
"""Statuses that complain about the form of a request, and say nothing about who asks."""


def says_failure(exchange: Exchange) -> bool:
    """Whether the answer says, by status or in its body, that it did not do what was asked."""
    if not exchange.is_success:
        return True
    body = exchange.response.json() if exchange.response else None
    if isinstance(body, NotJson):
        return is_log_in_page(exchange)
    return failures.says_failure(body)


def is_accepted(exchange: Exchange) -> bool:
    """Whether the answer says that the request was served. What really changed must be read back."""
    return exchange.is_success and not says_failure(exchange)


def is_refused(exchange: Exchange) -> bool:
    """Whether the answer is a clear no. Doubtful answers (none, 5xx, 429) are neither yes nor no."""
    return not exchange.is_doubtful and says_failure(exchange)


def is_logged_out(exchange: Exchange) -> bool:
    """Whether the answer means "log in (again)", also where its status is 200 or 403."""
    if exchange.is_doubtful:
        return False
    if exchange.status in (401, 407, 419, 440, 498):
        return True
    if 300 <= exchange.status < 400 and exchange.response:
        return bool(_LOG_IN_AGAIN.search(exchange.response.header("location") or ""))
    if exchange.is_success and not says_failure(exchange):
        return False
    return exchange.status in (200, 400, 403, 422) and bool(_LOG_IN_AGAIN.search(exchange.text[:1_000]))


def is_log_in_page(exchange: Exchange) -> bool:
    """Whether the answer is an HTML page that asks for a password."""
    text = exchange.text[:MAX_JUDGED].lower()
    return "<form" in text and 'type="password"' in text.replace("'", '"')


def steady_text(exchange: Exchange, *secrets: str) -> str:
    """Return the answer without what changes from call to call: times, long ids, tokens, and `secrets`."""
    text = exchange.text[:MAX_JUDGED]
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "…")
    return steady(text)


def steady(text: str) -> str:
    """Return a text without what changes from call to call: times, long ids, tokens."""
    return _VOLATILE.sub("…", text)


def shape(value: Json) -> frozenset[str]:
    """Return the names of a JSON value with their places, list positions left out."""
    return frozenset(
        ".".join(str(step) for step in pointer if isinstance(step, str)) for pointer, _ in walk(value) if pointer
    )


def is_alike(one: Exchange, other: Exchange) -> bool:
    """Whether two answers have the same status class and the same shape, whatever their values."""
    if one.status // 100 != other.status // 100 or one.response is None or other.response is None:
        return False
    first, second = one.response.json(), other.response.json()
    if isinstance(first, NotJson) or isinstance(second, NotJson):
        return steady_text(one) == steady_text(other)
    return shape(first) == shape(second)
