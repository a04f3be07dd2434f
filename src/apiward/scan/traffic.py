"""What the scan sends: counted, within a budget, at a polite pace, backing off when asked to."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from apiward.core.exchange import Exchange, Failure, Request
from apiward.core.ports import Clock, Sender

MAX_RETRIES: Final = 3
MAX_WAIT_S: Final = 20.0
SILENT_IN_A_ROW: Final = 12


class TargetLostError(Exception):
    """The target stopped answering, or the request budget is used up: the scan ends here, honestly."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds of one scan: requests in all, requests at a time."""

    requests: int = 20_000
    at_a_time: int = 10


class Traffic:
    """The one way out. `wait` sleeps for seconds; `clock` tells seconds."""

    def __init__(
        self, sender: Sender, budget: Budget, *, clock: Clock, wait: Callable[[float], Awaitable[None]]
    ) -> None:
        self._sender = sender
        self._budget = budget
        self._places = asyncio.Semaphore(budget.at_a_time)
        self._clock = clock
        self._wait = wait
        self._silent = 0
        self.sent_count = 0
        self.slowed_count = 0
        self.waited_s = 0.0
        self.started_s = clock()

    @property
    def rate_per_s(self) -> float:
        """Requests per second since the start."""
        return self.sent_count / max(self._clock() - self.started_s, 0.001)

    async def send(self, request: Request, *, timeout_s: float | None = None, backs_off: bool = True) -> Exchange:
        """Send one request. On 429 or 503 wait as asked (RFC 9110, section 10.2.3) and try again."""
        exchange = await self._once(request, timeout_s)
        for attempt in range(MAX_RETRIES if backs_off else 0):
            if exchange.status not in (429, 503):
                break
            self.slowed_count += 1
            pause_s = _pause_s(exchange, attempt)
            self.waited_s += pause_s
            await self._wait(pause_s)
            exchange = await self._once(request, timeout_s)
        return exchange

    async def _once(self, request: Request, timeout_s: float | None) -> Exchange:
        if self.sent_count >= self._budget.requests:
            raise TargetLostError(f"the budget of {self._budget.requests} requests is used up")
        async with self._places:
            self.sent_count += 1
            exchange = await self._sender.send(request, timeout_s=timeout_s)
        self._silent = self._silent + 1 if exchange.failure is Failure.UNREACHABLE else 0
        if self._silent >= SILENT_IN_A_ROW:
            raise TargetLostError("the server stopped taking connections")
        return exchange


def _pause_s(exchange: Exchange, attempt: int) -> float:
    asked = exchange.response.header("retry-after") if exchange.response else None
    if asked and asked.strip().isdigit():
        return min(float(asked), MAX_WAIT_S)
    return min(0.5 * 2.0**attempt, MAX_WAIT_S)
