"""What the scan sends: counted, within a budget, at a polite pace, backing off when asked to."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from apiward.core.exchange import Exchange, Failure, Request
from apiward.core.ports import Clock, Sender

MAX_RETRIES: Final = 3
MAX_WAIT_S: Final = 20.0
MOST_ASKED_S: Final = MAX_RETRIES * MAX_WAIT_S
"""Who asks for more patience than all waiting would bring is believed, and not waited for in vain."""
SILENT_IN_A_ROW: Final = 12
WORN_OUT_S: Final = 60.0
"""How long an operation that stayed at 429 or 503 through all waiting is not waited for again."""
_BUSY: Final = (429, 503)


class TargetLostError(Exception):
    """The scan ends here, honestly: the target is silent, or the request budget is used up.

    `limit` is the id of the catalogue's words for it.
    """

    def __init__(self, why: str, limit: str) -> None:
        super().__init__(why)
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds of one scan: requests in all, requests at a time, and seconds of waiting in vain.

    `patience_s` is what may be spent, in a row, on requests that get no whole answer.
    """

    requests: int = 20_000
    at_a_time: int = 10
    patience_s: float = 120.0


def budget_for(operation_count: int, *, at_a_time: int = 10) -> Budget:
    """Return the usual bounds for an API of that size: some 90 requests an operation are needed."""
    return Budget(requests=5_000 + 200 * operation_count, at_a_time=at_a_time)


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
        self._worn_out_until_s: dict[str, float] = {}
        self._beyond = 0
        self._silent = 0
        self._in_vain_s = 0.0
        self.answered_count = 0
        self.sent_count = 0
        self.slowed_count = 0
        self.started_s = clock()

    @property
    def rate_per_s(self) -> float:
        """Requests per second since the start."""
        return self.sent_count / max(self._clock() - self.started_s, 0.001)

    async def send(
        self, request: Request, *, timeout_s: float | None = None, backs_off: bool = True, key: str = ""
    ) -> Exchange:
        """Send one request. On 429 or 503 wait as asked (RFC 9110, section 10.2.3) and try again.

        `key` names what is asked for. Where all waiting was or would be in vain, it is not waited for again
        for a while: some limits last for an hour, and would stretch the scan by as much.
        """
        exchange = await self._once(request, timeout_s)
        if not backs_off or self._clock() < self._worn_out_until_s.get(key, 0.0):
            return exchange
        for attempt in range(MAX_RETRIES):
            if exchange.status not in _BUSY:
                return exchange
            self.slowed_count += 1
            pause_s = _pause_s(exchange, attempt, self._clock())
            if pause_s > MOST_ASKED_S:
                break
            await self._wait(min(pause_s, MAX_WAIT_S))
            exchange = await self._once(request, timeout_s)
        if key and exchange.status in _BUSY:
            self._worn_out_until_s[key] = self._clock() + WORN_OUT_S
        return exchange

    def grant(self, more: int) -> None:
        """Allow some requests beyond the budget: what was changed must still be set back."""
        self._beyond += more

    async def pause(self, wait_s: float) -> None:
        """Send nothing of one's own for a while."""
        await self._wait(wait_s)

    async def _once(self, request: Request, timeout_s: float | None) -> Exchange:
        if self.sent_count >= self._budget.requests + self._beyond:
            raise TargetLostError(f"the budget of {self._budget.requests} requests is used up", "request-budget")
        async with self._places:
            self.sent_count += 1
            exchange = await self._sender.send(request, timeout_s=timeout_s)
        self._judge_silence(exchange)
        return exchange

    def _judge_silence(self, exchange: Exchange) -> None:
        """Count what came back; a target that gives nothing for long is lost."""
        if exchange.failure is Failure.NOT_SENDABLE:
            return
        if exchange.response is not None:
            self._silent = 0
            self.answered_count += 1
        else:
            self._silent += 1
        is_whole = exchange.response is not None and not exchange.response.is_cut
        self._in_vain_s = 0.0 if is_whole else self._in_vain_s + exchange.elapsed_s
        if self._silent >= SILENT_IN_A_ROW or self._in_vain_s > self._budget.patience_s:
            raise TargetLostError("it gave no answers any more", self._limit_of_silence)

    @property
    def _limit_of_silence(self) -> str:
        return "went-silent" if self.answered_count else "unreachable"


def _pause_s(exchange: Exchange, attempt: int, now_s: float) -> float:
    """Return how long to wait: as asked (RFC 9110, section 10.2.3: seconds or a date), else longer each time."""
    asked = ((exchange.response.header("retry-after") if exchange.response else None) or "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    until_s = _date_s(asked)
    if until_s is not None:
        return max(until_s - now_s, 0.0)
    return 0.5 * 2.0**attempt


def _date_s(text: str) -> float | None:
    """Return an HTTP date (RFC 9110, section 5.6.7) as seconds since the epoch, or None where it is none."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
