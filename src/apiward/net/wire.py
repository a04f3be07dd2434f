"""One TCP or TLS connection, seen as bytes in and bytes out."""

import asyncio
from typing import Final, cast

_PAUSE_BYTES: Final = 256_000
_READ_BYTES: Final = 65_536


class Wire(asyncio.Protocol):
    """Buffers what arrives. Unlike a StreamReader it can tell whether anything came unasked."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._waiter: asyncio.Future[None] | None = None
        self._is_over = False
        self._error: Exception | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether the other side has neither sent anything unread nor hung up."""
        return not self._is_over and not self._buffer

    def write(self, data: bytes) -> None:
        """Queue `data`; a lost connection shows when reading."""
        if self._transport is not None:
            self._transport.write(data)

    async def read(self) -> bytes:
        """Return what has arrived, empty once the other side is done; raises OSError when it reset."""
        if not self._buffer and not self._is_over:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if not self._buffer and self._error is not None:
            raise self._error
        return self._take()

    def close(self) -> None:
        """Drop the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport to write to (asyncio)."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Keep `data`, and hold the sender back when too much is unread (asyncio)."""
        self._buffer += data
        if len(self._buffer) > _PAUSE_BYTES and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Note that nothing more will come (asyncio)."""
        self._is_over = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end and its reason (asyncio)."""
        self._is_over = True
        self._error = exc
        self._wake()

    def _take(self) -> bytes:
        data = bytes(self._buffer[:_READ_BYTES])
        del self._buffer[:_READ_BYTES]
        if self._transport is not None and not self._is_over and len(self._buffer) <= _PAUSE_BYTES:
            self._transport.resume_reading()
        return data

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
