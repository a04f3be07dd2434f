"""TLS in front of granian, where client certificates count: granian checks them, but shows them to nobody.

The door is a process of its own. It takes TLS off, writes down who is there (see `peers`), and hands the bytes on over
loopback, one connection for each. What HTTP says in them it neither reads nor changes.
"""

import asyncio
import contextlib
import signal
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiward.net.proxy.peers import INNER_HOST, MAX_CERTIFICATE, Peer, PeerTable
from apiward.net.proxy.warden import is_usable, prints_of

HANDSHAKE_S: Final = 10.0
_TRY_AGAIN_S: Final = 0.1
_TRIES: Final = 150
"""A worker that starts anew takes seconds until it listens: so long a client is kept waiting."""
_BUFFER: Final = 256 * 1024
_VERSIONS: Final = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """`inner_port` is where granian listens on loopback; `is_required`: nobody comes in without a certificate."""

    inner_port: int
    table: Path
    certificate_file: Path
    key_file: Path | None
    client_ca_file: Path
    key_password: str | None = None
    is_required: bool = True
    least_tls: str = "1.2"
    connections: int = 10_000
    drain_s: float = 30.0
    watch_s: float = 5.0

    @property
    def files(self) -> tuple[Path, ...]:
        """What is read again when it changes."""
        return tuple(file for file in (self.certificate_file, self.key_file, self.client_ca_file) if file is not None)


def run_door(listener: socket.socket, settings: DoorSettings) -> None:
    """Serve on `listener` until SIGTERM or SIGINT; then take nobody new, and end when all have gone."""
    asyncio.run(Door(settings).serve(listener))


def context_of(settings: DoorSettings) -> ssl.SSLContext:
    """Return what speaks TLS; raises OSError or ssl.SSLError for files that are no good."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = _VERSIONS[settings.least_tls]
    context.set_alpn_protocols(["h2", "http/1.1"])
    context.verify_mode = ssl.CERT_REQUIRED if settings.is_required else ssl.CERT_OPTIONAL
    context.load_cert_chain(settings.certificate_file, settings.key_file, settings.key_password)
    context.load_verify_locations(settings.client_ca_file)
    return context


class Door:
    """Holds all connections, and the way to end them."""

    def __init__(self, settings: DoorSettings) -> None:
        self.settings = settings
        self.table = PeerTable(settings.table)
        self.open: set[Outer] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.is_ending = False

    async def serve(self, listener: socket.socket) -> None:
        """Serve until a signal comes, and all who are inside have gone."""
        loop = asyncio.get_running_loop()
        ends = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ends.set)
        server = await self._listening(listener.dup())
        prints = prints_of(self.settings.files)
        while not ends.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ends.wait(), self.settings.watch_s)
            found = prints_of(self.settings.files)
            if found != prints and self._is_usable():
                prints, old = found, server
                server = await self._listening(listener.dup())
                old.close()
        self.is_ending = True
        server.close()
        listener.close()
        await self._emptied()

    async def _emptied(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.settings.drain_s):
                while self.open:  # noqa: ASYNC110 - it is looked at a few times in a process's life
                    await asyncio.sleep(0.05)

    async def _listening(self, listener: socket.socket) -> asyncio.Server:
        context = context_of(self.settings)
        return await asyncio.get_running_loop().create_server(
            lambda: Outer(self), sock=listener, ssl=context, ssl_handshake_timeout=HANDSHAKE_S
        )

    def _is_usable(self) -> bool:
        try:
            context_of(self.settings)
        except (OSError, ssl.SSLError):
            return False
        return is_usable(self.settings.certificate_file, self.settings.key_file, self.settings.key_password)


class _Side(asyncio.Protocol):
    """One end of a connection that is handed on: what comes here goes out there, no faster than it is taken."""

    transport: asyncio.Transport
    other: "_Side | None" = None

    def data_received(self, data: bytes) -> None:
        """Hand bytes on."""
        if self.other is not None:
            self.other.transport.write(data)

    def pause_writing(self) -> None:
        """Let nobody send faster than this end takes."""
        if self.other is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        if self.other is not None and not self.other.transport.is_closing():
            self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the other side, too: in order where this one ended in order."""
        other, self.other = self.other, None
        if other is None:
            return
        other.other = None
        other.transport.close() if exc is None else other.transport.abort()


class Outer(_Side):
    """The client's end, in TLS."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See who it is, and open the way in."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a stream server gives
        self.transport = transport
        transport.set_write_buffer_limits(high=_BUFFER)
        session = transport.get_extra_info("ssl_object")
        certificate = session.getpeercert(binary_form=True) or b""
        if len(self._door.open) >= self._door.settings.connections or len(certificate) > MAX_CERTIFICATE:
            transport.abort()
            return
        self._door.open.add(self)
        transport.pause_reading()
        host, port = transport.get_extra_info("peername")[:2]
        task = asyncio.get_running_loop().create_task(self._enter(Peer(host, port, certificate)))
        self._door.tasks.add(task)
        task.add_done_callback(self._door.tasks.discard)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._door.open.discard(self)
        super().connection_lost(exc)

    async def _enter(self, peer: Peer) -> None:
        for _ in range(_TRIES):
            inner = await self._inner(peer)
            if self.transport.is_closing():
                if inner is not None:
                    inner.transport.abort()
                return
            if inner is not None:
                self.other, inner.other = inner, self
                self.transport.resume_reading()
                return
            if self._door.is_ending:
                break
            await asyncio.sleep(_TRY_AGAIN_S)
        self.transport.abort()

    async def _inner(self, peer: Peer) -> "Inner | None":
        """Return the way to granian; None where nobody listens there yet. The table says first who it is for."""
        loop = asyncio.get_running_loop()
        way = socket.socket()
        port = 0
        try:
            way.setblocking(False)  # noqa: FBT003 - takes no keyword
            way.bind((INNER_HOST, 0))
            port = way.getsockname()[1]
            self._door.table.put(port, peer)
            await loop.sock_connect(way, (INNER_HOST, self._door.settings.inner_port))
            _, inner = await loop.create_connection(lambda: Inner(self._door.table, port), sock=way)
        except OSError:
            self._door.table.drop(port)
            way.close()
            return None
        return inner


class Inner(_Side):
    """The end at granian, on loopback."""

    def __init__(self, table: PeerTable, port: int) -> None:
        self._table = table
        self._port = port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a stream connection gives
        self.transport = transport
        transport.set_write_buffer_limits(high=_BUFFER)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget who it was for, before the port can be somebody else's."""
        self._table.drop(self._port)
        super().connection_lost(exc)
