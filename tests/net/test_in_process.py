import asyncio

import pytest

from apiward.core.exchange import Exchange, Failure, Request
from apiward.net.asgi import AsgiTransport
from apiward.net.in_process import OwnHost
from apiward.net.messages import Message, Receive, Send
from apiward.net.sender import HttpSender

SEEN: list[Message] = []


async def _app(scope: Message, receive: Receive, send: Send) -> None:
    SEEN.append(scope)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here"})


def _sent(url: str, *headers: tuple[str, str]) -> Exchange:
    async def run() -> Exchange:
        SEEN.clear()
        transport = OwnHost(AsgiTransport(_app, {"pool": 1}), "localhost")
        async with HttpSender(clock=lambda: 5.0, transport=transport) as sender:
            return await sender.send(Request("GET", url, headers))

    return asyncio.run(run())


def test_the_app_is_reached_under_its_own_host_with_its_state() -> None:
    assert _sent("http://LOCALHOST/a").text == "here"
    assert (SEEN[0]["path"], SEEN[0]["state"]) == ("/a", {"pool": 1})


def test_nothing_is_sent_to_another_host() -> None:
    exchange = _sent("http://elsewhere.test/a")
    assert (exchange.failure, SEEN) == (Failure.UNREACHABLE, [])
    assert "elsewhere.test is another host" in exchange.failure_detail


@pytest.mark.parametrize("header", [("X-A", "a\r\nX-B: b"), ("X A", "a"), ("X-A", "\u20ac")])
def test_what_http_cannot_carry_does_not_reach_the_app(header: tuple[str, str]) -> None:
    assert (_sent("http://localhost/", header).failure, SEEN) == (Failure.NOT_SENDABLE, [])
