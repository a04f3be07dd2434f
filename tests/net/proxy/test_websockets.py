"""WebSocket through the whole proxy, with a real server behind and a real client in front."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.http11 import Request, Response

from apiward.net.proxy.forwarding import ForwardSettings
from tests.net.proxy.rig import Line, Proxy, proxied, upstream

Handler = Callable[[ServerConnection], Awaitable[None]]
SMALL = ForwardSettings(watch_s=0.0, message_bytes=1000)


@asynccontextmanager
async def _through(
    handler: Handler,
    settings: ForwardSettings | None = None,
    subprotocols: list[str] | None = None,
    process: Callable[[ServerConnection, Request], Response | None] | None = None,
) -> AsyncIterator[Proxy]:
    options = {"subprotocols": subprotocols, "process_request": process, "max_size": None}
    async with serve(handler, "127.0.0.1", 0, **options) as server:  # type: ignore[arg-type]
        port = next(iter(server.sockets)).getsockname()[1]
        async with proxied(f"http://127.0.0.1:{port}", settings=settings) as proxy, asyncio.timeout(10):
            yield proxy


def _client(proxy: Proxy, path: str = "/", **options: object) -> connect:
    return connect(f"ws://127.0.0.1:{proxy.port}{path}", max_size=None, compression=None, **options)  # type: ignore[arg-type]


async def _echo(line: ServerConnection) -> None:
    async for message in line:
        await line.send(message)


def test_text_and_binary_come_back_in_order() -> None:
    messages: list[str | bytes] = ["", "héllo", b"\x00\xff", "x" * 200_000, b"y" * 200_000]

    async def run() -> list[str | bytes]:
        async with _through(_echo) as proxy, _client(proxy) as client:
            for message in messages:
                await client.send(message)
            return [await client.recv() for _ in messages]

    assert asyncio.run(run()) == messages


def test_what_the_upstream_is_told() -> None:
    seen: list[Request] = []

    def keep(_: ServerConnection, request: Request) -> None:
        seen.append(request)

    async def run() -> None:
        headers = {"X-Forwarded-For": "6.6.6.6", "Cookie": "a=1"}
        async with _through(_echo, process=keep) as proxy:
            client = await _client(proxy, "/a%2fb/../c?q=%20", origin="https://a.test", additional_headers=headers)
            await client.close()

    asyncio.run(run())
    assert seen[0].path == "/a%2fb/../c?q=%20"
    assert seen[0].headers["Origin"] == "https://a.test"
    assert seen[0].headers["Cookie"] == "a=1"
    assert seen[0].headers.get_all("X-Forwarded-For") == ["127.0.0.1"]
    assert seen[0].headers["X-Forwarded-Proto"] == "http"
    assert len(seen[0].headers.get_all("Host")) == 1


def test_a_subprotocol_is_agreed_on_end_to_end() -> None:
    async def run() -> str | None:
        async with _through(_echo, subprotocols=["b"]) as proxy, _client(proxy, subprotocols=["a", "b"]) as client:
            return client.subprotocol

    assert asyncio.run(run()) == "b"


@pytest.mark.parametrize(("code", "reason"), [(1000, "done"), (1001, ""), (3000, "own"), (4321, "own too")])
def test_close_codes_pass_down(code: int, reason: str) -> None:
    async def bye(line: ServerConnection) -> None:
        await line.recv()
        await line.send("bye")
        await line.recv()
        await line.close(code, reason)

    async def run() -> tuple[int | None, str | None]:
        async with _through(bye) as proxy, _client(proxy) as client:
            await client.send("1")
            assert await client.recv() == "bye"
            await client.send("2")
            with pytest.raises(ConnectionClosed):
                await client.recv()
            return client.close_code, client.close_reason

    assert asyncio.run(run()) == (code, reason)


@pytest.mark.parametrize("code", [1000, 4321])
def test_close_codes_pass_up(code: int) -> None:
    async def run() -> int | None:
        seen: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

        async def wait(line: ServerConnection) -> None:
            await line.wait_closed()
            seen.set_result(line.close_code)

        async with _through(wait) as proxy, _client(proxy) as client:
            await client.close(code)
            return await seen

    assert asyncio.run(run()) == code


def test_a_client_that_vanishes_ends_the_upstream() -> None:
    async def run() -> None:
        has_ended = asyncio.Event()

        async def wait(line: ServerConnection) -> None:
            await line.wait_closed()
            has_ended.set()

        async with _through(wait) as proxy:
            client: ClientConnection = await _client(proxy)
            client.transport.abort()
            await has_ended.wait()

    asyncio.run(run())


def test_an_upstream_that_vanishes_ends_the_client() -> None:
    async def vanish(line: ServerConnection) -> None:
        line.transport.abort()

    async def run() -> int | None:
        async with _through(vanish) as proxy, _client(proxy) as client:
            with pytest.raises(ConnectionClosed):
                await client.recv()
            return client.close_code

    assert asyncio.run(run()) == 1011


@pytest.mark.parametrize("message", ["x" * 1001, b"x" * 1001, "é" * 501])
def test_a_message_that_is_too_big_ends_both(message: str | bytes) -> None:
    async def run() -> tuple[int | None, int | None]:
        seen: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

        async def wait(line: ServerConnection) -> None:
            await line.wait_closed()
            seen.set_result(line.close_code)

        async with _through(wait, SMALL) as proxy, _client(proxy) as client:
            await client.send("x" * 1000)
            await client.send(message)
            with pytest.raises(ConnectionClosed):
                await client.recv()
            return client.close_code, await seen

    assert asyncio.run(run()) == (1009, 1009)


def test_a_message_from_the_upstream_that_is_too_big_ends_both() -> None:
    async def shout(line: ServerConnection) -> None:
        await line.send("x" * 1001)
        await line.wait_closed()

    async def run() -> int | None:
        async with _through(shout, SMALL) as proxy, _client(proxy) as client:
            with pytest.raises(ConnectionClosed):
                await client.recv()
            return client.close_code

    assert asyncio.run(run()) == 1009


def test_a_refusal_is_passed_on() -> None:
    def refuse(line: ServerConnection, _: Request) -> Response:
        return line.respond(403, "not you\n")

    async def run() -> Response:
        async with _through(_echo, process=refuse) as proxy:
            with pytest.raises(InvalidStatus) as refusal:
                await _client(proxy)
            return refusal.value.response

    answer = asyncio.run(run())
    assert answer.status_code == 403
    assert answer.body == b"not you\n"


@pytest.mark.parametrize(
    ("reply", "status"),
    [(b"HTTP/1.1 101 Sure\r\n\r\n", 502), (b"", 502), (b"HTTP/1.1 302 F\r\nLocation: ws://a/\r\n\r\n", 302)],
)
def test_an_opening_that_fails_is_answered(reply: bytes, status: int) -> None:
    async def half(line: Line) -> None:
        await line.head()
        await line.say(reply)

    async def run() -> int:
        async with upstream(half) as seen, proxied(seen.address) as proxy:
            with pytest.raises(InvalidStatus) as refusal:
                await _client(proxy)
            return refusal.value.response.status_code

    assert asyncio.run(run()) == status


def test_nobody_there_is_a_502() -> None:
    async def run() -> Response:
        async with proxied("http://127.0.0.1:1") as proxy:
            with pytest.raises(InvalidStatus) as refusal:
                await _client(proxy)
            return refusal.value.response

    answer = asyncio.run(run())
    assert answer.status_code == 502
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_slow_reader_holds_the_writer_back() -> None:
    sent = 0

    async def pour(line: ServerConnection) -> None:
        nonlocal sent
        while sent < 400:
            await line.send(b"x" * 500_000)
            sent += 1

    async def run() -> int:
        async with _through(pour) as proxy:
            client = connect(f"ws://127.0.0.1:{proxy.port}/", max_size=None, compression=None, max_queue=1)
            async with client as line:
                await line.recv()
                await _settled(lambda: sent)
                early = sent
                for _ in range(399):
                    await line.recv()
                return early

    assert asyncio.run(run()) < 100


async def _settled(value: Callable[[], int]) -> None:
    """Return when `value` has stood still for a while."""
    last, since = value(), time.monotonic()
    while time.monotonic() - since < 0.2:
        await asyncio.sleep(0.01)
        if value() != last:
            last, since = value(), time.monotonic()


def test_pings_are_answered_on_the_side_where_they_come() -> None:
    async def run() -> None:
        async def ping(line: ServerConnection) -> None:
            await (await line.ping())
            await line.send("pong")
            await line.wait_closed()

        async with _through(ping) as proxy, _client(proxy) as client:
            assert await client.recv() == "pong"
            await (await client.ping())

    asyncio.run(run())
