"""Several rules in one proxy, for HTTP and for WebSocket."""

import asyncio
import time

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from apiward.net.proxy.forwarding import Forwarder
from apiward.net.proxy.upstreams import Upstreams, UpstreamSettings
from tests.net.hostile import answer
from tests.net.proxy.rig import FAST, Line, answering, body_in, running, status_of, upstream


def test_each_request_goes_to_its_rule() -> None:
    async def run() -> tuple[list[bytes], bytes]:
        async with answering(answer(b"shop")) as shop, answering(answer(b"api")) as api:
            rules = [
                UpstreamSettings((shop.address,), hosts=("shop.test",)),
                UpstreamSettings((api.address,), hosts=("shop.test",), prefix="/api"),
            ]
            forwarder = Forwarder(Upstreams(rules, time.monotonic), FAST, clock=time.monotonic)
            async with running(forwarder) as proxy:
                found = [body_in(await proxy.get(path)) for path in ("/", "/api", "/api/x", "/apis")]
                lost = await proxy.ask(b"GET / HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n")
                return found, lost

    found, lost = asyncio.run(run())
    assert found == [b"shop", b"api", b"api", b"shop"]
    assert status_of(lost) == 404


def test_a_websocket_that_is_refused_does_no_harm() -> None:
    refusal = b"HTTP/1.1 401 No\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno"

    async def serve(line: Line) -> None:
        head = await line.head()
        await line.say(refusal if b"upgrade" in head.lower() else answer(b"{}"))

    async def run() -> tuple[int, bytes, int]:
        async with upstream(serve) as seen:
            rules = [UpstreamSettings((seen.address,), keeps_host=True)]
            forwarder = Forwarder(Upstreams(rules, time.monotonic), FAST, clock=time.monotonic)
            async with running(forwarder) as proxy:
                with pytest.raises(InvalidStatus) as no:
                    await connect(f"ws://127.0.0.1:{proxy.port}/")
                answered = no.value.response
                return answered.status_code, bytes(answered.body), status_of(await proxy.get("/"))

    assert asyncio.run(run()) == (401, b"no", 200)
