"""Whether an answer comes later by just as long as it was told to: a line through waits of several lengths."""

from collections.abc import Awaitable, Callable
from typing import Final

from apiward.core.exchange import Exchange

TIMEOUT_S: Final = 8.0
_ORDER: Final = (0, 2, 1, 0, 2, 1)
_NEAR_S: Final = 0.35
"""How far an answer may be from the line: a busy machine is late, but seldom by as much."""
_QUICKEST: Final = 0.9
_SLOWEST: Final = 1.3

Ask = Callable[[int], Awaitable[Exchange]]


async def keeps_time(ask: Ask, usual_s: float) -> tuple[Exchange, Exchange, tuple[Exchange, ...]] | None:
    """Return the longest wait, an answer without one, and the rest, where the time follows what was asked.

    One second is asked for first, and only where that is noticed two, one and none, twice each.
    """
    first = await ask(1)
    if not _is_late(first, usual_s, 1):
        return None
    asked = [(wait_s, await ask(wait_s)) for wait_s in _ORDER]
    if any(exchange.status in (0, 429, 503) for _, exchange in asked):
        return None
    slope, start = _line([(float(wait_s), exchange.elapsed_s) for wait_s, exchange in asked])
    is_near = all(abs(exchange.elapsed_s - start - slope * wait_s) < _NEAR_S for wait_s, exchange in asked)
    if not (is_near and _QUICKEST < slope < _SLOWEST):
        return None
    longest = max((exchange for wait_s, exchange in asked if wait_s == 2), key=lambda one: one.elapsed_s)
    none = next(exchange for wait_s, exchange in asked if wait_s == 0)
    return longest, none, tuple(exchange for _, exchange in asked if exchange not in (longest, none))


def _is_late(exchange: Exchange, usual_s: float, wait_s: float) -> bool:
    return exchange.status not in (0, 429, 503) and usual_s + 0.9 * wait_s < exchange.elapsed_s < usual_s + 4 * wait_s


def _line(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Return slope and start of the straight line nearest to the points (least squares)."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)
    return slope, middle_y - slope * middle_x
