"""Senders and clocks made by hand, for tests of the engine's parts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from apiward.core.exchange import Exchange, Failure, Headers, Request, Response

Answerer = Callable[[Request], Exchange]


def answer(status: int = 200, body: bytes = b"{}", headers: Headers = (), *, elapsed_s: float = 0.0) -> Answerer:
    """Return an answerer that always says the same."""
    return lambda request: Exchange(request, Response(status, headers, body), elapsed_s=elapsed_s)


def fail(failure: Failure, *, elapsed_s: float = 0.0) -> Answerer:
    """Return an answerer that never answers."""
    return lambda request: Exchange(request, failure=failure, failure_detail="no", elapsed_s=elapsed_s)


@dataclass
class FakeSender:
    """Answers with each of `script` in turn, the last for ever; keeps what it was sent."""

    script: list[Answerer]
    sent: list[Request] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Answer the next one."""
        self.sent.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        return self.script[min(len(self.sent), len(self.script)) - 1](request)


@dataclass
class Waits:
    """A wait that takes no time; keeps what was asked of it."""

    asked_s: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.asked_s.append(seconds)
