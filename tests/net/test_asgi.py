import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import pytest

from apiward.core.exchange import Exchange, Failure, Request
from apiward.net.asgi import App, Message, asgi_sender

Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
OK: Message = {"type": "http.response.start", "status": 200, "headers": [(b"x-kind", b"app")]}


def _body(data: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


def _sent(app: App, request: Request | None = None, *, timeout_s: float = 5.0, limit: int = 1_000) -> Exchange:
    async def run() -> Exchange:
        async with asgi_sender(app, clock=lambda: 5.0, timeout_s=timeout_s, body_limit_bytes=limit) as sender:
            return await sender.send(request or Request("GET", "http://app.test/"))

    return asyncio.run(run())


def test_the_app_sees_the_request_as_it_is() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        seen.update(scope)
        seen["body"] = (await receive())["body"]
        await send(OK)
        await send(_body(b"done"))

    request = Request("PUT", "https://app.test:444/a%20b/../c?x=%2f", (("X-Key", "caf\u00e9"),), b"{}")
    exchange = _sent(app, request)
    assert exchange.text == "done"
    assert exchange.response is not None
    assert exchange.response.header("X-Kind") == "app"
    assert (seen["method"], seen["scheme"], seen["server"]) == ("PUT", "https", ("app.test", 444))
    assert (seen["path"], seen["raw_path"], seen["query_string"]) == ("/a b/../c", b"/a%20b/../c", b"x=%2f")
    assert seen["headers"] == [(b"host", b"app.test:444"), (b"x-key", b"caf\xe9"), (b"content-length", b"2")]
    assert seen["body"] == b"{}"


def test_an_exception_becomes_a_500() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        raise KeyError("our bug")

    exchange = _sent(app)
    assert (exchange.status, exchange.text) == (500, "Internal Server Error")


def test_an_exception_in_the_body_cuts_it() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await send(OK)
        await send(_body(b"half", more=True))
        raise KeyError("our bug")

    exchange = _sent(app)
    assert exchange.response is not None
    assert (exchange.text, exchange.response.is_cut) == ("half", True)


@pytest.mark.parametrize("says_status", [True, False])
def test_an_app_that_returns_without_an_answer_gives_a_500(says_status: bool) -> None:  # noqa: FBT001 - a parameter
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if says_status:
            await send(OK)

    assert _sent(app).status == 500


def test_an_endless_app_is_cut_at_the_limit_and_stopped() -> None:
    ended: list[str] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        try:
            await send(OK)
            while True:
                await send(_body(b"a" * 100, more=True))
        finally:
            ended.append("stopped")

    exchange = _sent(app)
    assert exchange.response is not None
    assert (len(exchange.response.body), exchange.response.is_cut, ended) == (1_000, True, ["stopped"])


def test_a_silent_app_times_out() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    assert _sent(app, timeout_s=0.05).failure is Failure.TIMEOUT


def test_what_an_app_does_after_its_answer_goes_on() -> None:
    done: list[str] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await send(OK)
        await send(_body(b"{}"))
        assert (await receive())["type"] == "http.request"
        assert (await receive())["type"] == "http.disconnect"
        done.append("later")

    async def run() -> None:
        async with asgi_sender(app, clock=lambda: 5.0) as sender:
            await sender.send(Request("GET", "http://app.test/"))
            await sender.send(Request("GET", "http://app.test/"))
            await asyncio.sleep(0)

    asyncio.run(run())
    assert "later" in done


def test_head_has_no_body() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await send(OK)
        await send(_body(b"body"))

    assert _sent(app, Request("HEAD", "http://app.test/")).text == ""


def test_many_requests_at_once_do_not_mix() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await send(OK)
        await asyncio.sleep(0)
        await send(_body(scope["path"].encode()))

    async def run() -> list[Exchange]:
        async with asgi_sender(app, clock=lambda: 5.0) as sender:
            sends = (sender.send(Request("GET", f"http://app.test/{n}")) for n in range(50))
            return await asyncio.gather(*sends)

    assert [exchange.text for exchange in asyncio.run(run())] == [f"/{n}" for n in range(50)]
