"""Whether answers tell an account that exists from one that does not: in status, text, headers or time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson, dotted, leaves
from apiward.scan.meaning import judging

Ask = Callable[[], Awaitable[Exchange]]
PAIRS: Final = 3
MORE_PAIRS: Final = 2
TIMED_PAIRS: Final = 8
MIN_GAP_S: Final = 0.03
MIN_RATIO: Final = 3.0
_HEADERS: Final = frozenset("location www-authenticate content-type content-language x-error x-reason".split())


@dataclass(frozen=True, slots=True)
class Series:
    """Answers for accounts that exist and for invented ones, in the order of asking."""

    real: Sequence[Exchange]
    invented: Sequence[Exchange]
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_doubtful(self) -> bool:
        """Whether one of the answers cannot speak for anything."""
        return any(exchange.is_doubtful for exchange in (*self.real, *self.invented))

    def difference(self) -> str | None:
        """Return in words what always differs between the two kinds and never within one; None for nothing."""
        real = [features(exchange, self.secrets) for exchange in self.real]
        invented = [features(exchange, self.secrets) for exchange in self.invented]
        for name in dict.fromkeys([*real[0], *invented[0]]):
            one = {row.get(name) for row in real}
            other = {row.get(name) for row in invented}
            if len(one) == 1 and len(other) == 1 and one != other:
                return name
        return None

    @property
    def is_alike(self) -> bool:
        """Whether nothing differs between the two kinds but what varies within both of them."""
        real = [features(exchange, self.secrets) for exchange in self.real]
        invented = [features(exchange, self.secrets) for exchange in self.invented]
        for name in {name for row in (*real, *invented) for name in row}:
            one, other = {row.get(name) for row in real}, {row.get(name) for row in invented}
            if one != other and min(len(one), len(other)) == 1:
                return False
        return True

    def lag(self) -> float | None:
        """Return by how many times real accounts are clearly slower (below 1: faster), or None."""
        real = sorted(exchange.elapsed_s for exchange in self.real)
        invented = sorted(exchange.elapsed_s for exchange in self.invented)
        slow, fast = (real, invented) if median(real) > median(invented) else (invented, real)
        is_clear = slow[0] > fast[-1] and median(slow) - median(fast) >= MIN_GAP_S
        if not is_clear or median(slow) < MIN_RATIO * median(fast):
            return None
        return median(real) / max(median(invented), 1e-6)


def features(exchange: Exchange, secrets: tuple[str, ...]) -> Mapping[str, str]:
    """Return what an answer may tell by, each under the words for it: status, headers, every value of its text."""
    response, came = exchange.response, exchange.came or exchange.response
    found = {"the status": str(came.status if came is not None else 0)}
    if response is None:
        return found
    for name, value in response.headers:
        if name.lower() in _HEADERS:
            found[f"the header {name.lower()}"] = _steady(value, secrets)
    text = judging.steady_text(exchange, *secrets)
    body = response.json()
    if isinstance(body, NotJson):
        found["the text"] = text
        return found
    for pointer, leaf in leaves(body):
        found[f"the text ({dotted(pointer)})" if pointer else "the text"] = _steady(str(leaf), secrets)
    found["the set of fields"] = " ".join(sorted(judging.shape(body)))
    return found


async def compare(asks: tuple[Ask, Ask], secrets: tuple[str, ...], *, may_time: bool) -> Series:
    """Ask in pairs of alternating order: three, two more to confirm a difference, eight to time a clear lag."""
    real: list[Exchange] = []
    invented: list[Exchange] = []
    await _more(asks, real, invented, PAIRS)
    series = Series(real, invented, secrets)
    if series.is_doubtful:
        return series
    if series.difference():
        await _more(asks, real, invented, MORE_PAIRS)
    elif may_time and _may_lag(series):
        await _more(asks, real, invented, TIMED_PAIRS - PAIRS)
    return Series(real, invented, secrets)


async def _more(asks: tuple[Ask, Ask], real: list[Exchange], invented: list[Exchange], pairs: int) -> None:
    for turn in range(pairs):
        order = ((real, asks[0]), (invented, asks[1]))
        for kept, ask in order if turn % 2 == 0 else reversed(order):
            kept.append(await ask())


def _may_lag(series: Series) -> bool:
    real = median(exchange.elapsed_s for exchange in series.real)
    invented = median(exchange.elapsed_s for exchange in series.invented)
    return abs(real - invented) >= MIN_GAP_S and max(real, invented) >= 2 * min(real, invented)


def _steady(text: str, secrets: tuple[str, ...]) -> str:
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "…")
    return judging.steady(text)
