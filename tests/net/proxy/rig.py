"""A real upstream on raw sockets, the real proxy in front of it (granian in this process), and a raw client."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from granian.constants import Interfaces
from granian.server.embed import Server

from apiward.core.ports import Clock
from apiward.net.proxy.breaker import BreakerSettings
from apiward.net.proxy.forwarding import Forwarder, ForwardSettings
from apiward.net.proxy.messages import App
from apiward.net.proxy.pool import PoolSettings
from apiward.net.proxy.upstreams import HealthSettings, TlsSettings, Upstreams, UpstreamSettings
from tests.net.hostile import answer

Serve: TypeAlias = Callable[["Line"], Awaitable[None]]
PLAIN = answer(b"{}")
WAIT_S = 60.0


@dataclass
class Line:
    """One connection at the upstream."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def head(self) -> bytes:
        """Read one request's head."""
        return await self.reader.readuntil(b"\r\n\r\n")

    async def say(self, data: bytes) -> None:
        """Send `data`."""
        self.writer.write(data)
        await self.writer.drain()


@dataclass
class Upstream:
    """What the upstream saw: heads and bodies in order, and how many connections there were."""

    address: str = ""
    heads: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0

    def lines(self, at: int = -1) -> list[str]:
        """Return the lines of a head, sorted, names in lower case, without the request line."""
        return sorted(line.decode("latin-1") for line in self.heads[at].split(b"\r\n")[1:] if line)

    def target(self, at: int = -1) -> bytes:
        """Return the request line of a head."""
        return self.heads[at].partition(b"\r\n")[0]


@asynccontextmanager
async def upstream(serve: Serve) -> AsyncIterator[Upstream]:
    """Run `serve` for every connection."""
    seen = Upstream()
    tasks: set[asyncio.Task[None]] = set()

    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.connections += 1
        task = asyncio.current_task()
        if task is not None:
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        # A proxy that hangs up is no fault of the server's.
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            await serve(Line(reader, writer))
        writer.close()

    server = await asyncio.start_server(run, "127.0.0.1", 0)
    seen.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield seen
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.sleep(0)


@asynccontextmanager
async def answering(*replies: bytes) -> AsyncIterator[Upstream]:
    """Run an upstream that keeps what it is sent and gives `replies` in order, the last one again and again."""
    given = list(replies) or [PLAIN]

    async def serve(line: Line) -> None:
        while True:
            head = await line.head()
            seen.heads.append(head)
            seen.bodies.append(await body_of(line.reader, head))
            await line.say(given[min(len(seen.heads), len(given)) - 1])

    async with upstream(serve) as seen:
        yield seen


async def body_of(reader: asyncio.StreamReader, head: bytes) -> bytes:
    """Read the body that `head` announces."""
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
    if fields.get(b"transfer-encoding") == b"chunked":
        data = b""
        while size := int(await reader.readline(), 16):
            data += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return data
    return await reader.readexactly(int(fields.get(b"content-length", b"0")))


@dataclass
class Proxy:
    """A running proxy."""

    port: int
    forwarder: Forwarder

    @property
    def address(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def ask(self, request: bytes) -> bytes:
        """Send `request` as it is and return all that comes until the proxy hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            async with asyncio.timeout(WAIT_S):
                return await reader.read()
        finally:
            writer.close()

    async def get(self, target: str = "/", *fields: str, method: str = "GET", body: bytes = b"") -> bytes:
        """Send one request and return the raw answer."""
        lines = [f"{method} {target} HTTP/1.1", "Host: shop.test", "Connection: close", *fields]
        return await self.ask("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


@asynccontextmanager
async def proxied(
    *servers: str,
    settings: ForwardSettings | None = None,
    wrap: Callable[[App], App] | None = None,
    keeps_host: bool = False,
    pool: PoolSettings | None = None,
    breaker: BreakerSettings | None = None,
    health: HealthSettings | None = None,
    tls: TlsSettings | None = None,
    clock: Clock = time.monotonic,
) -> AsyncIterator[Proxy]:
    """Run a proxy with one rule for `servers`."""
    rule = UpstreamSettings(
        servers,
        keeps_host=keeps_host,
        pool=pool or PoolSettings(),
        breaker=breaker or BreakerSettings(),
        health=health or HealthSettings(),
        tls=tls or TlsSettings(),
    )
    forwarder = Forwarder(Upstreams([rule], clock), settings or FAST, clock=clock)
    async with running(forwarder, wrap) as proxy:
        yield proxy


@asynccontextmanager
async def running(forwarder: Forwarder, wrap: Callable[[App], App] | None = None) -> AsyncIterator[Proxy]:
    """Run `forwarder` behind granian."""
    app = wrap(forwarder) if wrap else forwarder
    async with served(app) as port:
        yield Proxy(port, forwarder)


@asynccontextmanager
async def served(app: App) -> AsyncIterator[int]:
    """Serve any ASGI app with granian in this process; gives the port."""
    port = free_port()
    server = Server(app, port=port, interface=Interfaces.ASGI, log_enabled=False)
    task = asyncio.create_task(server.serve())
    await listening(port)
    try:
        yield port
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        await task


async def listening(port: int) -> None:
    """Return when something listens there."""
    async with asyncio.timeout(WAIT_S):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.01)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fields_of(answer_: bytes) -> list[str]:
    """Return an answer's field lines."""
    return answer_.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]


def status_of(answer_: bytes) -> int:
    """Return an answer's status."""
    return int(answer_.split(b" ", 2)[1])


def body_in(answer_: bytes) -> bytes:
    """Return what stands behind the head."""
    return answer_.partition(b"\r\n\r\n")[2]


FAST = ForwardSettings(body_s=5.0, answer_s=5.0, read_s=5.0, send_s=5.0, watch_s=0.0)
