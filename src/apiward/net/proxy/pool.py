"""The connections to one server: opened when needed, used again while they are fresh, never more than a limit."""

import asyncio
import socket
import ssl
from collections import deque
from dataclasses import dataclass
from typing import Final

from apiward.core.ports import Clock
from apiward.net.proxy.connection import Connection
from apiward.net.proxy.failures import BusyError, ConnectTimeoutError, UnreachableError, UnresolvedError
from apiward.net.proxy.heads import HeadReader

# A connection that lay idle for less than this is used without asking the system whether it still stands.
_FRESH_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """Times are seconds. `idle_s` should be shorter than the upstream's own keep-alive (uvicorn and Node: 5 s)."""

    connections: int = 256
    idle_s: float = 4.0
    connect_s: float = 5.0
    wait_s: float = 5.0


class Pool:
    """Hands out connections, last used first, so that those not needed grow old and are closed."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, settings: PoolSettings, clock: Clock) -> None:
        self._host = host
        self._port = port
        self._tls = tls
        self._settings = settings
        self._clock = clock
        self._idle: deque[Connection] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._opening = 0
        self._heads = HeadReader()
        self.busy: set[Connection] = set()

    @property
    def open_count(self) -> int:
        """How many connections there are, those being opened included."""
        return len(self.busy) + len(self._idle) + self._opening

    def take_idle(self, now_s: float) -> Connection | None:
        """Return a connection that lay idle and still stands, if there is one."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open and (now_s - connection.idle_since_s < _FRESH_S or connection.is_still_open()):
                self.busy.add(connection)
                return connection
            connection.close()
        return None

    def give_back(self, connection: Connection) -> None:
        """Take a connection back: it is kept where it may be used again."""
        self.busy.discard(connection)
        if connection.is_reusable() and len(self._idle) < self._settings.connections:
            connection.idle_since_s = self._clock()
            self._idle.append(connection)
        elif connection.is_finished:
            connection.close()
        elif connection.is_open:
            connection.cut()
        if self._waiting:
            self._wake_one()

    def prune(self, now_s: float) -> None:
        """Close connections that have been idle for too long."""
        while self._idle and now_s - self._idle[0].idle_since_s >= self._settings.idle_s:
            self._idle.popleft().close()

    def close(self) -> None:
        """Close every idle connection; those in use end with their exchange."""
        while self._idle:
            self._idle.pop().close()

    async def take_new(self) -> Connection:
        """Return a new connection, or where there may be no more the next that comes free; raises UpstreamError."""
        if self.open_count >= self._settings.connections:
            await self._wait()
            connection = self.take_idle(self._clock())
            if connection is not None:
                return connection
        self._opening += 1
        try:
            connection = await self.connect()
        except BaseException:  # whatever it is, somebody else may try now
            self._opening -= 1
            self._wake_one()
            raise
        self._opening -= 1
        self.busy.add(connection)
        return connection

    async def _wait(self) -> None:
        while len(self.busy) + self._opening >= self._settings.connections:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                async with asyncio.timeout(self._settings.wait_s):
                    await turn
            except BaseException as error:
                self._give_up(turn)
                if isinstance(error, TimeoutError):
                    raise BusyError("no connection to the upstream came free in time") from None
                raise

    def _give_up(self, turn: asyncio.Future[None]) -> None:
        """Leave the queue; a turn that came too late for us is the next one's."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        elif not turn.cancelled():
            self._wake_one()

    def _wake_one(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    async def connect(self) -> Connection:
        """Open a connection that the pool does not know of; raises UpstreamError."""
        loop = asyncio.get_running_loop()
        name = self._host if self._tls is not None else None
        try:
            async with asyncio.timeout(self._settings.connect_s):
                _, connection = await loop.create_connection(
                    lambda: Connection(loop, self._heads), self._host, self._port, ssl=self._tls, server_hostname=name
                )
        except TimeoutError:
            raise ConnectTimeoutError("the upstream did not accept a connection in time") from None
        except socket.gaierror as error:
            raise UnresolvedError(f"the upstream's name has no address: {error.strerror}") from error
        except OSError as error:  # ssl.SSLError is one
            raise UnreachableError(f"no connection to the upstream: {error.strerror or error}") from error
        return connection
