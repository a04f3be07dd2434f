"""A place for checkpoints of the audit record on another machine: they are posted there."""

import asyncio
from collections.abc import Callable
from typing import Final

from apiward.core.exchange import Headers, Request
from apiward.core.outgoing import NotSentError, RefusedError
from apiward.core.ports import Clock
from apiward.net.forwarding.answers import taken
from apiward.net.forwarding.posting import shown_address
from apiward.net.sender import HttpSender

TIMEOUT_S: Final = 5.0
_HEADERS: Final[Headers] = (("Content-Type", "text/plain; charset=utf-8"), ("User-Agent", "apiward"))


class CheckpointPost:
    """Implements `core.ports.CheckpointPlace`. The note is signed, so nothing else needs to be."""

    def __init__(self, address: str, clock: Clock, opened: Callable[..., HttpSender] = HttpSender) -> None:
        self.name = shown_address(address)
        self._address = address
        self._clock = clock
        self._opened = opened

    def put(self, note: str) -> None:
        """Post a checkpoint, and wait for the answer; raises OSError."""
        try:
            asyncio.run(self._post(note))
        except (NotSentError, RefusedError) as error:
            raise OSError(5, str(error)) from error

    async def _post(self, note: str) -> None:
        async with self._opened(clock=self._clock) as sender:
            request = Request("POST", self._address, _HEADERS, note.encode())
            taken(await sender.send(request, timeout_s=TIMEOUT_S))
