"""A sender that remembers what went through it, masked as evidence is: for the file of all that a scan sent."""

from collections.abc import Callable, Iterator
from typing import Final

from apiward.app.scanning import Sending
from apiward.classify.masking import Masker
from apiward.core.exchange import Exchange, Failure, Request, Response

MOST_ENTRIES: Final = 20_000
MOST_BYTES: Final = 100_000_000
"""Of addresses, headers and bodies, as they are remembered."""


class Remembering:
    """Sends by `inner`. `secrets` are those of the scan that are known by now; asked for again at each exchange.

    What is remembered is masked at once, so that no body is kept as it came; and again when it is read, as a secret may
    be known only later. Beyond its bounds, `left_out` counts on.
    """

    def __init__(self, inner: Sending, secrets: Callable[[], frozenset[str]]) -> None:
        self._inner = inner
        self._secrets = secrets
        self._known: frozenset[str] = frozenset()
        self._masker = Masker()
        self._kept: list[Exchange] = []
        self._bytes = 0
        self.left_out = 0

    @property
    def sent_count(self) -> int:
        """How many requests were sent."""
        return self._inner.sent_count

    def __len__(self) -> int:
        return len(self._kept)

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Send `request`, and remember what came of it."""
        exchange = await self._inner.send(request, timeout_s=timeout_s)
        if exchange.failure is not Failure.NOT_SENDABLE:
            self._remember(exchange)
        return exchange

    def exchanges(self) -> Iterator[Exchange]:
        """Yield what is remembered, in the order in which it ended."""
        masker = self._current()
        return (masker.mask_exchange(exchange) for exchange in self._kept)

    def _remember(self, exchange: Exchange) -> None:
        if len(self._kept) >= MOST_ENTRIES or self._bytes >= MOST_BYTES:
            self.left_out += 1
            return
        masked = self._current().mask_exchange(exchange)
        self._bytes += _size(masked.request) + (_size(masked.response) if masked.response is not None else 0)
        self._kept.append(masked)

    def _current(self) -> Masker:
        secrets = self._secrets()
        if secrets != self._known:
            self._known, self._masker = secrets, Masker(secrets)
        return self._masker


def _size(part: Request | Response) -> int:
    address = len(part.url) if isinstance(part, Request) else 0
    return address + len(part.body) + sum(len(name) + len(value) for name, value in part.headers)
