"""Times as people type them: a day, a day with a time, or how long ago; all in UTC."""

import re
from datetime import UTC, datetime
from typing import Final

from apiward.config.errors import AdvisedError
from apiward.core.moments import utc

_AGO: Final = re.compile(r"(\d{1,6})([mhd])")
_SECONDS: Final = {"m": 60, "h": 3_600, "d": 86_400}


def moment_of(typed: str, option: str, now_s: float) -> float:
    """Return a time in seconds since 1970; raises AdvisedError."""
    ago = _AGO.fullmatch(typed.strip())
    if ago:
        return now_s - int(ago[1]) * _SECONDS[ago[2]]
    try:
        moment = datetime.fromisoformat(typed.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        why = "A time is written as 2026-11-30, 2026-11-30T08:00 (UTC), or as how long ago: 7d, 24h, 30m."
        raise AdvisedError(f"{option} {typed[:40]!a} is no time.", why) from None


def span_of(typed: str, option: str) -> float:
    """Return how many seconds a span such as 24h has; raises AdvisedError."""
    span = _AGO.fullmatch(typed.strip())
    if not span or not int(span[1]):
        raise AdvisedError(f"{option} {typed[:40]!a} is no span of time.", "It is written as 30m, 24h or 7d.")
    return float(int(span[1]) * _SECONDS[span[2]])


def shown(at_s: float) -> str:
    """Return a time for people."""
    return f"{utc(at_s):%Y-%m-%d %H:%M:%S}"
