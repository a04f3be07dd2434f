"""Even spacing of requests, so that a scan never comes as a burst."""

from collections.abc import Awaitable, Callable


class Pacer:
    """Lets one request start every 1 / `rate_per_s` seconds; None means without waiting."""

    def __init__(
        self, rate_per_s: float | None, now: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        if rate_per_s is not None and rate_per_s <= 0:
            raise ValueError("the rate must be more than 0 requests per second")
        self._gap_s = 1 / rate_per_s if rate_per_s else 0.0
        self._now = now
        self._sleep = sleep
        self._next_s = now()

    async def turn(self) -> None:
        """Wait until it is this request's turn; turns are given in the order of asking."""
        if not self._gap_s:
            return
        now_s = self._now()
        turn_s = max(now_s, self._next_s)
        self._next_s = turn_s + self._gap_s
        if turn_s > now_s:
            await self._sleep(turn_s - now_s)
