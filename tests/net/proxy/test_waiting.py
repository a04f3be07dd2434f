"""Who may keep whom waiting, and for how long."""

import asyncio
import gc
import json
from collections.abc import Iterator

import pytest

from apiward.net.proxy.forwarding import ForwardSettings
from tests.net.proxy.rig import PLAIN, Line, answering, body_in, proxied, status_of, upstream

SHORT = ForwardSettings(body_s=0.5, answer_s=0.6, read_s=0.6, send_s=0.3, watch_s=0.0)
POST = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"


@pytest.fixture(autouse=True)
def _without_collector() -> Iterator[None]:
    """Nothing may depend on when the garbage collector comes by."""
    gc.disable()
    yield
    gc.enable()


def _ask(*pieces: bytes, pause_s: float) -> tuple[bytes, int]:
    async def run() -> tuple[bytes, int]:
        async with answering(PLAIN) as seen, proxied(seen.address, settings=SHORT) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(pause_s)
            async with asyncio.timeout(10):
                raw = await reader.read()
            writer.close()
            return raw, sum(map(len, seen.bodies))

    return asyncio.run(run())


def test_a_body_that_never_comes_is_a_408() -> None:
    raw, _ = _ask(POST + b"Content-Length: 3\r\n\r\n", pause_s=0)
    assert status_of(raw) == 408
    assert json.loads(body_in(raw))["title"] == "The body is late"


def test_a_body_that_stops_coming_is_a_408() -> None:
    raw, _ = _ask(POST + b"Content-Length: 30\r\n\r\nabc", pause_s=0)
    assert status_of(raw) == 408


def test_a_slow_upload_may_take_longer_than_an_answer_may() -> None:
    pieces = [POST + b"Content-Length: 24\r\n\r\n", *[b"abc"] * 8]
    raw, count = _ask(*pieces, pause_s=0.1)
    assert status_of(raw) == 200
    assert count == 24


def test_an_upstream_that_does_not_take_the_body_is_a_504() -> None:
    async def serve(line: Line) -> None:
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.Event().wait()

    async def run() -> bytes:
        async with upstream(serve) as seen, proxied(seen.address, settings=SHORT) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(POST + b"Content-Length: 50000000\r\n\r\n")
            sending = asyncio.create_task(_pour(writer))
            async with asyncio.timeout(10):
                raw = await reader.readuntil(b"\r\n\r\n")
            sending.cancel()
            writer.close()
            return raw

    assert status_of(asyncio.run(run())) == 504


async def _pour(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x" * 100_000)
        await writer.drain()


def test_a_client_that_does_not_read_does_not_keep_the_upstream() -> None:
    has_ended = asyncio.Event()

    async def serve(line: Line) -> None:
        await line.head()
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 500000000\r\n\r\n")
        try:
            while True:
                await line.say(b"x" * 100_000)
        finally:
            has_ended.set()

    async def run() -> None:
        async with upstream(serve) as seen, proxied(seen.address, settings=SHORT) as proxy:
            _, writer = await asyncio.open_connection("127.0.0.1", proxy.port, limit=1000)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            async with asyncio.timeout(10):
                await has_ended.wait()
            writer.close()

    asyncio.run(run())


def test_idle_connections_are_closed_in_time() -> None:
    now_s = [0.0]
    has_ended = asyncio.Event()

    async def serve(line: Line) -> None:
        await line.head()
        await line.say(PLAIN)
        assert await line.reader.read() == b""
        has_ended.set()

    async def run() -> None:
        async with upstream(serve) as seen, proxied(seen.address, clock=lambda: now_s[0]) as proxy:
            assert status_of(await proxy.get("/")) == 200
            assert proxy.forwarder.servers[0].pool.open_count == 1
            now_s[0] += 5
            async with asyncio.timeout(10):
                await has_ended.wait()
            assert proxy.forwarder.servers[0].pool.open_count == 0

    asyncio.run(run())
