import asyncio
import time

import pytest

from apiward.core.exchange import Exchange, Failure, Headers, Request
from apiward.core.ports import Sender
from apiward.net.sender import HttpSender
from apiward.net.transport import CutShortError, NoAnswerError
from tests.net.hostile import answer, hostile_server
from tests.net.recording import recording_server

REQUEST = Request("GET", "http://a.test/")


class FakeAnswer:
    status = 201
    headers: Headers = (("X-Kind", "fake"),)

    def __init__(self, *pieces: bytes | CutShortError) -> None:
        self.sent_at_s = time.monotonic()
        self.closed_count = 0
        self._pieces = list(pieces)

    async def read(self) -> bytes:
        piece = self._pieces.pop(0) if self._pieces else b""
        if isinstance(piece, CutShortError):
            raise piece
        return piece

    def close(self) -> None:
        self.closed_count += 1


class FakeTransport:
    def __init__(self, *answers: FakeAnswer | NoAnswerError) -> None:
        self._answers = list(answers)
        self.is_closed = False

    async def open(self, request: Request) -> FakeAnswer:
        given = self._answers.pop(0)
        if isinstance(given, NoAnswerError):
            raise given
        return given

    async def aclose(self) -> None:
        self.is_closed = True


def _sent(transport: FakeTransport, *requests: Request) -> tuple[HttpSender, list[Exchange]]:
    async def run() -> tuple[HttpSender, list[Exchange]]:
        async with HttpSender(clock=lambda: 77.0, transport=transport) as sender:
            return sender, [await sender.send(request) for request in requests]

    return asyncio.run(run())


def test_an_answer_becomes_an_exchange_and_is_closed() -> None:
    given = FakeAnswer(b"one ", b"two")
    transport = FakeTransport(given)
    sender, (exchange,) = _sent(transport, REQUEST)
    assert exchange.request is REQUEST
    assert exchange.response is not None
    assert (exchange.status, exchange.text, exchange.response.headers) == (201, "one two", FakeAnswer.headers)
    assert (exchange.started_s, given.closed_count, sender.sent_count) == (77.0, 1, 1)
    assert transport.is_closed


def test_an_answer_that_breaks_off_is_cut_and_says_why() -> None:
    given = FakeAnswer(b"one", CutShortError("it broke"))
    _, (exchange,) = _sent(FakeTransport(given), REQUEST)
    assert exchange.response is not None
    assert (exchange.response.body, exchange.response.is_cut, exchange.failure_detail) == (b"one", True, "it broke")
    assert given.closed_count == 1


@pytest.mark.parametrize("failure", Failure)
def test_each_failure_is_handed_on(failure: Failure) -> None:
    sender, (exchange,) = _sent(FakeTransport(NoAnswerError(failure, "because")), REQUEST)
    assert (exchange.failure, exchange.failure_detail, exchange.response) == (failure, "because", None)
    assert sender.sent_count == (failure is not Failure.NOT_SENDABLE)


def test_redirects_are_not_followed_and_cookies_not_kept() -> None:
    async def run() -> list[bytes]:
        reply = answer(b"", b"Location: /next\r\nSet-Cookie: a=b\r\n", b"302 Found")
        async with recording_server(reply) as server, HttpSender(clock=time.time) as sender:
            for _ in range(2):
                assert (await sender.send(Request("GET", f"{server.address}/"))).status == 302
            return server.heads

    heads = asyncio.run(run())
    assert len(heads) == 2
    assert heads[0] == heads[1]


def test_proxy_settings_of_the_environment_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def run() -> Exchange:
        async with recording_server() as server, HttpSender(clock=time.time) as sender:
            return await sender.send(Request("GET", f"{server.address}/"))

    assert asyncio.run(run()).is_success


def test_a_request_may_have_its_own_time_bound() -> None:
    async def run() -> Exchange:
        async with hostile_server("no-answer") as address, HttpSender(clock=time.time) as sender:
            return await sender.send(Request("GET", address), timeout_s=0.05)

    exchange = asyncio.run(run())
    assert exchange.failure is Failure.TIMEOUT
    assert 0.04 < exchange.elapsed_s < 5


def test_the_sender_goes_on_after_every_connection_timed_out() -> None:
    async def slow_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/quick" in head:
            writer.write(answer(b"{}"))
        await reader.read()

    async def run() -> Exchange:
        async with (
            hostile_server(slow_first, reads_head=False) as address,
            HttpSender(clock=time.time, connections=2) as sender,
        ):
            slow = (sender.send(Request("GET", f"{address}/slow"), timeout_s=0.05) for _ in range(6))
            assert {exchange.failure for exchange in await asyncio.gather(*slow)} == {Failure.TIMEOUT}
            return await sender.send(Request("GET", f"{address}/quick"))

    assert asyncio.run(run()).is_success


def test_no_more_connections_than_allowed() -> None:
    async def run() -> int:
        async with recording_server() as server, HttpSender(clock=time.time, connections=3) as sender:
            await asyncio.gather(*(sender.send(Request("GET", f"{server.address}/{n}")) for n in range(30)))
            assert sender.sent_count == 30
            return server.connection_count

    assert asyncio.run(run()) <= 3


def test_the_rate_spaces_requests() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def run() -> None:
        sender: Sender = HttpSender(
            clock=time.time, rate_per_s=0.001, sleep=sleep, transport=FakeTransport(FakeAnswer(), FakeAnswer())
        )
        for _ in range(2):
            await sender.send(REQUEST)

    asyncio.run(run())
    assert [round(seconds, -2) for seconds in slept] == [1_000]


def test_giving_up_from_outside_is_not_swallowed() -> None:
    async def run() -> None:
        async with hostile_server("slow-body") as address, HttpSender(clock=time.time) as sender:
            async with asyncio.timeout(0.05):
                await sender.send(Request("GET", address))

    with pytest.raises(TimeoutError):
        asyncio.run(run())
