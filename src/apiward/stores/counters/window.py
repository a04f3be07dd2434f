"""The arithmetic of a sliding window: this window's count, and the part of the last one that still reaches in.

The last window is taken as evenly spread, so the count may be off by what was sent unevenly
within it, but needs two numbers for each key, whatever the limit.
"""

from typing import Final

from apiward.core.ports import Count

_FAR_BACK_S: Final = 3_600


class Window:
    """The counts of one key: `index` is the number of the current window since the epoch."""

    __slots__ = ("current", "index", "previous")

    def __init__(self, index: int, current: int = 0, previous: int = 0) -> None:
        self.index = index
        self.current = current
        self.previous = previous

    def count(self, limit: int, window_s: int, now_s: float, cost: int) -> Count:
        """Count `cost` where it fits within `limit`, and say how things stand.

        A clock that went back moves nothing, for slow requests are counted at the time when they
        began. One that went back by more than an hour was wrong before: counting goes on from what
        it says now, or all callers would be held to the limit of one window until it is as late again.
        """
        windows = now_s / window_s
        index = int(windows)
        if index > self.index or (self.index - index) * window_s > _FAR_BACK_S + window_s:
            self.previous = self.current if index <= self.index + 1 else 0
            self.current = 0
            self.index = index
        left = 1.0 - (windows - index) if index == self.index else 1.0
        used = self.current + self.previous * left
        is_within = used + cost <= limit
        if is_within:
            self.current += cost
            used += cost
        reset_s = window_s * (left + 1.0 if self.current else left)
        return Count(is_within, int(limit - used) if used < limit else 0, reset_s)
