"""How an API slows down who tries again and again: by status, by words, by waiting."""

import re
from collections.abc import Sequence
from statistics import median
from typing import Final

from apiward.core.exchange import Exchange

_SLOW_DOWN: Final = re.compile(
    r"too many|rate.?limit|captcha|try again (later|in)|locked|blocked|throttl|suspended|please wait|slow down|"
    r"temporarily|exceeded",
    re.IGNORECASE,
)


def brake(tries: Sequence[Exchange], what: str = "passwords") -> str | None:
    """Return in words how the API slowed the last try down, or None where it did not."""
    if not tries:
        return None
    first, last = tries[0], tries[-1]
    count = len(tries)
    if last.is_doubtful and last.status not in (429, 503):
        return None
    if last.status in (423, 429) or (last.status == 503 and first.status != 503):
        return f"after {count - 1} wrong {what}, the API answered with status {last.status}"
    if last.response is not None and last.response.header("retry-after") is not None:
        return f"after {count - 1} wrong {what}, the API asked to wait"
    has_new_words = _SLOW_DOWN.search(last.text[:2_000]) and not _SLOW_DOWN.search(first.text[:2_000])
    if has_new_words or last.status != first.status:
        return f"after {count - 1} wrong {what}, the API answered differently"
    return _delay(tries, what)


def _delay(tries: Sequence[Exchange], what: str) -> str | None:
    """Return in words that answers take ever longer, or None: five later ones against the first five."""
    if len(tries) < 10:
        return None
    early = median(exchange.elapsed_s for exchange in tries[:5])
    late = median(exchange.elapsed_s for exchange in tries[-5:])
    if late > early * 4 and late - early > 0.2:
        return f"the answers to wrong {what} grew slower, from {early:.2f} to {late:.2f} seconds"
    return None
