"""The body of a request on its way through the guard: what was read, then what is left, as long as it comes in time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from apiward.core.decision import Decision
from apiward.net.messages import Message, Receive

Judge: TypeAlias = Callable[[bytes, bool], Awaitable[Decision | None]]
"""Takes a piece of the body, and whether it is the last one; returns why it must not go on."""
TOO_SLOW: Final = Decision("guard.body-too-slow", place="body")
BROKEN: Final = Decision("guard.body-broken", place="body")


class ClientGoneError(Exception):
    """Nobody is there any more to answer to."""


class Replay:
    """Gives the app the body that was read, then what is left of it."""

    def __init__(self, body: bytes, receive: Receive, *, is_whole: bool) -> None:
        self._first: Message | None = {"type": "http.request", "body": body, "more_body": not is_whole}
        self._receive = receive

    @property
    def why(self) -> Decision | None:
        """Why the rest of the body did not come to its end."""
        return self._receive.why if isinstance(self._receive, Patient) else None

    async def __call__(self) -> Message:
        """Return the next message for the app."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return await self._receive()


class Patient:
    """Gives the app a body that streams, as long as each piece comes in time and `judge` lets it pass.

    After that the client counts as gone.
    """

    def __init__(self, receive: Receive, patience_s: float, judge: Judge) -> None:
        self._receive = receive
        self._patience_s = patience_s
        self._judge = judge
        self._is_over = False
        self.why: Decision | None = None
        """Why the body did not come to its end."""

    async def __call__(self) -> Message:
        """Return the next message for the app."""
        if self._is_over:  # what comes now is only the news that the client has left
            return await self._receive()
        try:
            async with asyncio.timeout(self._patience_s):
                message = await self._receive()
        except TimeoutError:
            message, self.why = {"type": "http.disconnect"}, TOO_SLOW
        else:
            if message["type"] == "http.disconnect":
                self.why = BROKEN
            else:
                self.why = await self._judge(message.get("body", b""), not message.get("more_body", False))
                message = message if self.why is None else {"type": "http.disconnect"}
        self._is_over = not message.get("more_body", False)
        return message
