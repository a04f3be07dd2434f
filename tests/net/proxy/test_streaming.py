"""Bodies in pieces: order, back-pressure, bounded memory, and clients that go away."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.net.proxy.rig import Line, body_in, body_of, proxied, status_of, upstream

MEGABYTE = 1024 * 1024


def _forget_peak() -> int:
    """Make the system forget the most memory this process ever had; return what it has now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    """Return the most memory that this process had since, in bytes."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


needs_proc = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is read from Linux's /proc")


@pytest.mark.parametrize("kind", [b"text/event-stream", b"application/x-ndjson"])
def test_each_event_arrives_before_the_next_is_sent(kind: bytes) -> None:
    got = asyncio.Queue[bytes]()
    events = [b"data: %d\n\n" % number for number in range(5)]

    async def serve(line: Line) -> None:
        await line.head()
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nTransfer-Encoding: chunked\r\n\r\n" % kind)
        assert await got.get() == b"head"
        for event in events:
            await line.say(b"%x\r\n%b\r\n" % (len(event), event))
            assert await got.get() == event
        await line.say(b"0\r\n\r\n")

    async def run() -> bytes:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            async with asyncio.timeout(10):
                await reader.readuntil(b"\r\n\r\n")
                got.put_nowait(b"head")
                for event in events:
                    await reader.readuntil(event + b"\r\n")
                    got.put_nowait(event)
                rest = await reader.read()
            writer.close()
            return rest

    assert asyncio.run(run()) == b"0\r\n\r\n"


@needs_proc
@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_large_upload_takes_little_memory(*, is_chunked: bool) -> None:
    size = 64 * MEGABYTE
    piece = b"x" * MEGABYTE
    count = 0

    async def serve(line: Line) -> None:
        nonlocal count
        head = await line.head()
        assert (b"transfer-encoding: chunked" in head) == is_chunked
        while count < size:
            data = await line.reader.read(MEGABYTE)
            if not data:
                return
            count += data.count(b"x")
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(size // len(piece)):
            yield piece

    async def run() -> int:
        async with upstream(serve) as seen, proxied(seen.address) as proxy, httpx2.AsyncClient(timeout=60) as client:
            fields = {} if is_chunked else {"Content-Length": str(size)}
            answer = await client.post(proxy.address, content=pieces(), headers=fields)
            return answer.status_code

    before = _forget_peak()
    assert asyncio.run(run()) == 200
    assert count == size
    # Client, proxy and upstream share this process.
    assert _peak() - before < 24 * MEGABYTE


@needs_proc
def test_a_large_download_to_a_slow_reader_takes_little_memory() -> None:
    size = 64 * MEGABYTE
    sent = 0

    async def serve(line: Line) -> None:
        nonlocal sent
        await line.head()
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        while sent < size:
            await line.say(b"x" * MEGABYTE)
            sent += MEGABYTE

    async def run() -> tuple[int, int]:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port, limit=MEGABYTE)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.3)  # nobody reads: the upstream must be held back
            early = sent
            count = 0
            while data := await reader.read(MEGABYTE):
                count += len(data)
            writer.close()
            return early, count

    before = _forget_peak()
    early, count = asyncio.run(run())
    assert count == size
    assert early < 32 * MEGABYTE
    assert _peak() - before < 24 * MEGABYTE


def test_an_upload_is_sent_on_while_it_comes() -> None:
    has_come = asyncio.Event()

    async def serve(line: Line) -> None:
        await line.head()
        assert await line.reader.readexactly(8) == b"3\r\nabc\r\n"
        has_come.set()
        assert await line.reader.readuntil(b"0\r\n\r\n") == b"3\r\ndef\r\n0\r\n\r\n"
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    async def run() -> bytes:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(
                b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
            )
            async with asyncio.timeout(10):
                await has_come.wait()
                writer.write(b"3\r\ndef\r\n0\r\n\r\n")
                raw = await reader.read()
            writer.close()
            return raw

    assert body_in(asyncio.run(run())) == b"{}"


def test_an_upload_may_be_answered_before_it_ends() -> None:
    async def serve(line: Line) -> None:
        await line.head()
        await line.say(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
        await line.reader.read()

    async def run() -> bytes:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\nabc")
            async with asyncio.timeout(10):
                raw = await reader.readuntil(b"no")
            writer.close()
            return raw

    assert status_of(asyncio.run(run())) == 413


def test_a_client_is_asked_to_go_on_only_when_its_body_is_wanted() -> None:
    async def serve(line: Line) -> None:
        head = await line.head()
        assert b"expect" not in head.lower()
        assert await body_of(line.reader, head) == b"abc"
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    async def run() -> tuple[bytes, bytes]:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n")
            writer.write(b"Connection: close\r\n\r\n")
            async with asyncio.timeout(10):
                interim = await reader.readuntil(b"\r\n\r\n")
                writer.write(b"abc")
                raw = await reader.read()
            writer.close()
            return interim, raw

    interim, raw = asyncio.run(run())
    assert status_of(interim) == 100
    assert status_of(raw) == 200


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ],
)
@pytest.mark.parametrize("has_begun", [True, False])
def test_what_nobody_waits_for_is_ended_upstream(request_: bytes, *, has_begun: bool) -> None:
    has_come, has_ended = asyncio.Event(), asyncio.Event()

    async def serve(line: Line) -> None:
        await line.head()
        if has_begun:
            await line.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        has_come.set()
        try:
            while await line.reader.read(1000):
                pass
        except ConnectionError:
            pass
        has_ended.set()

    async def run() -> None:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(request_)
            async with asyncio.timeout(10):
                await has_come.wait()
                writer.transport.abort()
                await has_ended.wait()
            assert all(not server.pool.busy for server in proxy.forwarder.servers)

    asyncio.run(run())
