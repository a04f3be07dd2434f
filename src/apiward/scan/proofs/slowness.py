"""Measures how the time to answer grows with a text, in few seconds of the target's time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from apiward.core.exchange import Exchange, Failure
from apiward.scan.proofs.slow_texts import Family

SHORT: Final = (12, 15, 18, 21, 24)
LONG: Final = (400, 6_000)
NOTED_S: Final = 0.03
ENOUGH_S: Final = 0.15
LONG_ENOUGH_S: Final = 0.3  # a long text may take a moment longer: only what a few thousand characters cost counts
MOST_S: Final = 4.0
TIMEOUT_S: Final = 6.0
TRIES: Final = 2
"""How often a late answer is followed up: a busy server blurs times."""
_SHORT_GROWTH: Final = 1.5
_LONG_GROWTH: Final = 2.6

Send = Callable[[str, float], Awaitable[Exchange]]


@dataclass(slots=True)
class Budget:
    """What may still be spent on one operation: requests, and seconds of the target's time beyond the usual.

    `was_uneven` says that some answer was late, but nothing came of it.
    """

    requests: int = 60
    seconds: float = MOST_S
    has_timed_out: bool = False
    was_uneven: bool = False

    @property
    def is_spent(self) -> bool:
        """Whether to stop."""
        return self.requests <= 0 or self.seconds <= 0 or self.has_timed_out


@dataclass(frozen=True, slots=True)
class Growth:
    """What was measured: the slow answer, a harmless one as long, a shorter slow text, and their lengths."""

    slow: Exchange
    control: Exchange
    shorter: Exchange
    length: int
    shorter_length: int
    usual_s: float


@dataclass(slots=True)
class Meter:
    """Sends texts of one family into one slot. `usual_s` is how long a harmless answer takes."""

    send: Send
    family: Family
    budget: Budget
    usual_s: float
    first: Exchange | None = None
    _noted: list[float] = field(default_factory=list)

    async def measure(self) -> Growth | None:
        """Return proof of growth, or None where the time stays flat, is noisy, or the budget is spent.

        Where a short text comes late and nothing could be shown, no long one is sent: if each letter doubles the time,
        and a busy machine blurs that, four hundred letters keep the target busy for ever.
        """
        for counts, growth, enough_s in ((SHORT, _SHORT_GROWTH, ENOUGH_S), (LONG, _LONG_GROWTH, LONG_ENOUGH_S)):
            for _ in range(TRIES):
                count = await self._noticeable(counts, enough_s)
                if count and not self.budget.is_spent:
                    proof = await self._proved(count, is_long=counts is LONG, growth=growth)
                    # On a busy machine late answers may look like growth: once by chance, hardly twice.
                    proof = proof and await self._proved(count, is_long=counts is LONG, growth=growth)
                    if proof is not None:
                        return proof
                self.budget.was_uneven = self.budget.was_uneven or bool(count)
                if not count or self.budget.is_spent:
                    break
            if self.budget.is_spent or (counts is SHORT and self.budget.was_uneven and not await self._is_flat()):
                return None
        return None

    async def _is_flat(self) -> bool:
        """Whether each short text is quick at least once in three tries, step by step: what came late was chance."""
        for count in SHORT:
            for _ in range(3):
                if await self._late(count) < NOTED_S:
                    break
            else:
                return False
        return not self.budget.is_spent

    async def _noticeable(self, counts: tuple[int, ...], enough_s: float) -> int:
        """Return the first count whose answer is clearly late, going on in small steps until it is late enough."""
        for count in counts:
            late_s = await self._late(count)
            if late_s >= enough_s:
                return count
            if late_s >= NOTED_S:
                return await self._late_enough(count, enough_s, is_long=counts is LONG)
            if self.budget.is_spent:
                return 0
        return 0

    async def _late_enough(self, count: int, enough_s: float, *, is_long: bool) -> int:
        for _ in range(6):
            count = int(count * 1.6) if is_long else count + 1
            if count > LONG[-1] or self.budget.is_spent:
                return 0
            late_s = await self._late(count)
            if late_s >= enough_s:
                return count
            if late_s < NOTED_S:
                return 0
        return count

    async def _late(self, count: int) -> float:
        exchange = await self._timed(self.family.text(count))
        self.first = self.first or exchange
        return exchange.elapsed_s - self.usual_s

    async def _timed(self, text: str) -> Exchange:
        self.budget.requests -= 1
        exchange = await self.send(text, TIMEOUT_S)
        self.budget.seconds -= max(exchange.elapsed_s - self.usual_s, 0.0)
        self.budget.has_timed_out = self.budget.has_timed_out or exchange.failure is Failure.TIMEOUT
        return exchange

    async def _proved(self, count: int, *, is_long: bool, growth: float) -> Growth | None:
        """Measure twice, interleaved: this count, a smaller one, and harmless texts of the same length."""
        less = count // 2 if is_long else count - 2
        slow, shorter, harmless = [], [], []
        for _ in range(2):
            harmless.append(await self._timed(self.family.harmless(count)))
            slow.append(await self._timed(self.family.text(count)))
            shorter.append(await self._timed(self.family.text(less)))
        harmless.append(await self._timed(self.family.harmless(count)))
        if any(exchange.status in (0, 429, 503) for exchange in (*slow, *shorter, *harmless)):
            return None
        usual_s = median(exchange.elapsed_s for exchange in harmless)
        late_s = min(exchange.elapsed_s for exchange in slow) - usual_s
        less_s = max(exchange.elapsed_s for exchange in shorter) - usual_s
        is_slow = late_s >= 0.8 * (LONG_ENOUGH_S if is_long else ENOUGH_S) and late_s > 4 * max(
            exchange.elapsed_s for exchange in harmless
        )
        if not is_slow or late_s < growth * max(less_s, 0.005):
            return None
        return Growth(
            slow[-1], harmless[-1], shorter[-1], len(self.family.text(count)), len(self.family.text(less)), usual_s
        )
