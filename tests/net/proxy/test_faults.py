"""What the client gets when the upstream fails, in every way that we could think of."""

import asyncio
import json
import struct
import time
from collections.abc import Callable

import pytest

from apiward.net.proxy.breaker import BreakerSettings
from apiward.net.proxy.forwarding import ForwardSettings
from apiward.net.proxy.pool import PoolSettings
from apiward.net.proxy.upstreams import HealthSettings
from tests.net.hostile import answer
from tests.net.proxy.rig import (
    FAST,
    PLAIN,
    Line,
    Upstream,
    answering,
    body_in,
    fields_of,
    free_port,
    proxied,
    status_of,
    upstream,
)

QUICK = ForwardSettings(answer_s=0.2, read_s=0.2, send_s=5.0, watch_s=0.0)


def _kind(raw: bytes) -> tuple[int, str]:
    """Return the status and the title of a problem."""
    assert "content-type: application/problem+json" in fields_of(raw)
    return status_of(raw), json.loads(body_in(raw))["title"]


def _reply(data: bytes, *, hangs_up: bool = True, settings: ForwardSettings = FAST) -> bytes:
    async def serve(line: Line) -> None:
        await line.head()
        await line.say(data)
        if not hangs_up:
            await line.reader.read()

    async def run() -> bytes:
        async with upstream(serve) as seen, proxied(seen.address, settings=settings) as proxy:
            return await proxy.get("/", method="POST")

    return asyncio.run(run())


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 99 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\r\n folded\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
        b"HTTP/1.1 200 OK\nContent-Length: 0\n\n\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\na",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\na",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
    ],
)
def test_an_answer_that_is_none_is_a_502(data: bytes) -> None:
    assert _kind(_reply(data)) == (502, "The answer is broken")


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"])
def test_an_upstream_that_hangs_up_too_early_is_a_502(data: bytes) -> None:
    assert _kind(_reply(data)) == (502, "The service broke off")


def test_a_reset_is_a_502() -> None:
    async def serve(line: Line) -> None:
        await line.head()
        sock = line.writer.get_extra_info("socket")
        sock.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER of no time: closing resets

    async def run() -> bytes:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            return await proxy.get("/", method="POST")

    assert _kind(asyncio.run(run())) == (502, "The service broke off")


def test_silence_is_a_504() -> None:
    assert _kind(_reply(b"", hangs_up=False, settings=QUICK)) == (504, "The service is slow")
    assert _kind(_reply(b"HTTP/1.1 200 OK\r\n", hangs_up=False, settings=QUICK)) == (504, "The service is slow")


@pytest.mark.parametrize(
    ("address", "said"),
    [("http://127.0.0.1:1", "The service is down"), ("http://no-such-host.invalid:80", "The service is down")],
)
def test_nobody_there_is_a_502(address: str, said: str) -> None:
    async def run() -> bytes:
        async with proxied(address) as proxy:
            return await proxy.get("/")

    assert _kind(asyncio.run(run())) == (502, said)


def test_no_free_connection_is_a_503_with_a_time_to_come_again() -> None:
    has_come, release = asyncio.Event(), asyncio.Event()

    async def serve(line: Line) -> None:
        await line.head()
        has_come.set()
        await release.wait()
        await line.say(PLAIN)

    async def run() -> tuple[bytes, bytes]:
        pool = PoolSettings(connections=1, wait_s=0.05)
        async with upstream(serve) as seen, proxied(seen.address, pool=pool) as proxy:
            first = asyncio.create_task(proxy.get("/"))
            await has_come.wait()
            second = await proxy.get("/")
            release.set()
            return await first, second

    first, second = asyncio.run(run())
    assert status_of(first) == 200
    assert _kind(second) == (503, "The service is busy")
    assert "retry-after: 1" in fields_of(second)


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ],
)
@pytest.mark.parametrize("end", [b"", b"zz\r\n"])
def test_an_answer_that_breaks_off_never_looks_complete(start: bytes, end: bytes) -> None:
    was_read = asyncio.Event()

    async def serve(line: Line) -> None:
        await line.head()
        await line.say(start)
        await was_read.wait()
        await line.say(end)

    async def run() -> bytes:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            raw = await reader.readuntil(b"abc")
            was_read.set()
            async with asyncio.timeout(5):
                raw += await reader.read()
            writer.close()
            return raw

    raw = asyncio.run(run())
    assert status_of(raw) == 200
    assert not raw.endswith(b"0\r\n\r\n")
    assert len(body_in(raw)) < 100


def test_silence_in_the_middle_ends_the_answer_visibly() -> None:
    start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
    raw = _reply(start, hangs_up=False, settings=QUICK)
    assert b"abc" in raw
    assert not raw.endswith(b"0\r\n\r\n")


def test_an_answer_until_close_is_complete() -> None:
    raw = _reply(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nabc")
    assert status_of(raw) == 200
    assert raw.endswith((b"abc", b"3\r\nabc\r\n0\r\n\r\n"))


def test_bytes_behind_an_answer_are_never_taken_for_the_next_one() -> None:
    async def run() -> tuple[list[bytes], Upstream]:
        replies = (answer(b"{}") + answer(b'"foreign"'), answer(b'"own"'))
        async with answering(*replies) as seen, proxied(seen.address) as proxy:
            return [body_in(await proxy.get("/")) for _ in range(2)], seen

    bodies, seen = asyncio.run(run())
    assert bodies == [b"{}", b'"own"']
    assert seen.connections == 2


@pytest.mark.parametrize(
    ("method", "body", "asked", "status"),
    [("GET", b"", 2, 200), ("HEAD", b"", 2, 200), ("OPTIONS", b"", 2, 200), ("POST", b"", 1, 502),
     ("PUT", b"", 1, 502), ("DELETE", b"", 1, 502), ("GET", b"abc", 1, 502)],
)  # fmt: skip
def test_only_safe_requests_without_a_body_are_sent_twice(method: str, body: bytes, asked: int, status: int) -> None:
    heads: list[bytes] = []

    async def serve(line: Line) -> None:
        heads.append(await line.head())
        if len(heads) > 1:
            await line.say(PLAIN)

    async def run() -> bytes:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            return await proxy.get("/", *[f"Content-Length: {len(body)}"] * bool(body), method=method, body=body)

    assert status_of(asyncio.run(run())) == status
    assert len(heads) == asked


def test_an_answer_that_had_begun_is_not_asked_for_again() -> None:
    heads: list[bytes] = []

    async def serve(line: Line) -> None:
        heads.append(await line.head())
        await line.say(b"HTTP/1.1 200")

    async def run() -> bytes:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            return await proxy.get("/")

    assert status_of(asyncio.run(run())) == 502
    assert len(heads) == 1


def test_a_server_that_is_down_costs_nothing_while_another_is_up() -> None:
    async def run() -> tuple[list[int], int]:
        async with answering() as seen, proxied("http://127.0.0.1:1", seen.address) as proxy:
            statuses = [
                status_of(await proxy.get("/", "Content-Length: 3", method=method, body=b"abc"))
                for method in ("GET", "POST", "PUT") * 4
            ]
            return statuses, len(seen.heads)

    statuses, asked = asyncio.run(run())
    assert statuses == [200] * 12
    assert asked == 12


def test_servers_are_taken_in_turn() -> None:
    async def run() -> tuple[int, int]:
        async with answering() as one, answering() as two, proxied(one.address, two.address) as proxy:
            for _ in range(10):
                await proxy.get("/")
            return len(one.heads), len(two.heads)

    assert asyncio.run(run()) == (5, 5)


def test_the_breaker_opens_and_closes_again() -> None:
    breaker = BreakerSettings(failures=3, rest_s=10.0)
    now_s = [0.0]

    async def run() -> tuple[list[int], bytes, int]:
        port = free_port()
        async with proxied(f"http://127.0.0.1:{port}", breaker=breaker, clock=lambda: now_s[0]) as proxy:
            down = [status_of(await proxy.get("/", method="POST")) for _ in range(3)]
            resting = await proxy.get("/", method="POST")
            server = await asyncio.start_server(_ok, "127.0.0.1", port)
            now_s[0] += 10.1
            up = status_of(await proxy.get("/"))
            server.close()
            return down, resting, up

    down, resting, up = asyncio.run(run())
    assert down == [502] * 3
    assert _kind(resting) == (503, "The service is down")
    assert "retry-after: 10" in fields_of(resting)
    assert up == 200


async def _ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(PLAIN)
    writer.close()


def test_an_upstream_that_starts_anew_is_found_again() -> None:
    async def run() -> list[int]:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        async with proxied(address) as proxy:
            statuses = []
            for _ in range(3):
                server = await asyncio.start_server(_ok, "127.0.0.1", port)
                statuses.append(status_of(await proxy.get("/")))
                server.close()
                await server.wait_closed()
                statuses.append(status_of(await proxy.get("/")))
            return statuses

    assert asyncio.run(run()) == [200, 502] * 3


def test_a_connection_that_was_closed_while_idle_costs_nothing() -> None:
    async def serve(line: Line) -> None:
        await line.head()
        await line.say(PLAIN)

    async def run() -> list[int]:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            return [status_of(await proxy.get("/", method="POST")) for _ in range(20)]

    assert asyncio.run(run()) == [200] * 20


def test_a_sick_server_is_left_alone_until_it_is_well() -> None:
    is_sick = asyncio.Event()

    async def serve(line: Line) -> None:
        head = await line.head()
        is_check = head.startswith(b"GET /health ")
        await line.say(answer(b"{}", status=b"500 Sick") if is_check and is_sick.is_set() else PLAIN)

    async def run() -> tuple[int, bytes, int]:
        health = HealthSettings(path="/health", interval_s=0.02, timeout_s=1.0, failures=1)
        async with upstream(serve) as seen, proxied(seen.address, health=health) as proxy:
            well = status_of(await proxy.get("/"))
            server = proxy.forwarder.servers[0]
            is_sick.set()
            await _until(lambda: not server.is_healthy)
            sick = await proxy.get("/")
            is_sick.clear()
            await _until(lambda: server.is_healthy)
            return well, sick, status_of(await proxy.get("/"))

    well, sick, again = asyncio.run(run())
    assert (well, again) == (200, 200)
    assert _kind(sick) == (503, "The service is down")


async def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.005)
