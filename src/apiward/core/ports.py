"""What the engines ask of the outside world; adapters in `net` and `stores` answer."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from apiward.core.exchange import Exchange, Request

Clock: TypeAlias = Callable[[], float]
"""Seconds since the epoch, as a float."""


class Sender(Protocol):
    """Sends one request and says what came back. Never raises for what a server or network does."""

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Send `request`, follow no redirect, keep no cookie, and return the exchange."""
        ...
