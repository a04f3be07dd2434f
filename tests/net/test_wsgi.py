import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import pytest

from apiward.core.exchange import Exchange, Failure, Request
from apiward.net import wsgi
from apiward.net.sender import HttpSender
from apiward.net.wsgi import WsgiApp, WsgiTransport

Start: TypeAlias = Callable[..., Any]
Environ: TypeAlias = dict[str, Any]


def _sender(app: WsgiApp, timeout_s: float = 5.0, limit: int = 1_000) -> HttpSender:
    transport = WsgiTransport(app)
    return HttpSender(clock=lambda: 5.0, timeout_s=timeout_s, body_limit_bytes=limit, transport=transport)


def _sent(app: WsgiApp, request: Request | None = None, *, timeout_s: float = 5.0, limit: int = 1_000) -> Exchange:
    async def run() -> Exchange:
        async with _sender(app, timeout_s, limit) as sender:
            return await sender.send(request or Request("GET", "http://app.test/"))

    return asyncio.run(run())


def test_the_app_sees_the_request_as_it_is() -> None:
    seen: Environ = {}

    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        environ["wsgi.errors"].write("a line of the server's log")
        start("201 Created", [("X-Kind", "app")])
        return [b"do", b"", b"ne"]

    headers = (("X-Key", "1"), ("X_Key", "2"), ("Cookie", "a=1"), ("Cookie", "b=2"), ("Content-Type", "text/plain"))
    exchange = _sent(app, Request("PUT", "https://app.test:444/a%20b/../c?x=%2f", headers, b"{}"))
    assert (exchange.status, exchange.text) == (201, "done")
    assert exchange.response is not None
    assert exchange.response.headers == (("X-Kind", "app"),)
    assert (seen["REQUEST_METHOD"], seen["wsgi.url_scheme"], seen["SERVER_PORT"]) == ("PUT", "https", "444")
    assert (seen["PATH_INFO"], seen["QUERY_STRING"], seen["HTTP_HOST"]) == ("/a b/../c", "x=%2f", "app.test:444")
    assert (seen["HTTP_X_KEY"], seen["HTTP_COOKIE"], seen["CONTENT_TYPE"]) == ("1", "a=1; b=2", "text/plain")
    assert (seen["CONTENT_LENGTH"], seen["body"]) == ("2", b"{}")


def test_a_host_that_is_told_counts() -> None:
    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return [environ["HTTP_HOST"].encode()]

    assert _sent(app, Request("GET", "http://app.test/", (("Host", "other.test"),))).text == "other.test"


@pytest.mark.parametrize("error", [KeyError("our bug"), SystemExit(1)])
def test_what_an_app_raises_becomes_a_500(error: BaseException) -> None:
    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        raise error

    exchange = _sent(app)
    assert (exchange.status, exchange.text) == (500, "Internal Server Error")


def test_an_app_that_gives_no_status_is_a_500() -> None:
    assert _sent(lambda _environ, _start: [b"body"]).status == 500


def test_an_error_in_the_body_cuts_it_and_the_app_is_closed() -> None:
    ended: list[str] = []

    def app(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        try:
            yield b"half"
            raise KeyError("our bug")
        finally:
            ended.append("closed")

    exchange = _sent(app)
    assert exchange.response is not None
    assert (exchange.text, exchange.response.is_cut, ended) == ("half", True, ["closed"])


def test_an_answer_may_be_taken_back_until_its_body_begins() -> None:
    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        write = start("200 OK", [])
        try:
            if environ["PATH_INFO"] == "/late":
                write(b"begun")
            environ["our bug"]
        except KeyError as error:
            start("503 Later", [], (type(error), error, error.__traceback__))
        return [b"later"]

    assert (_sent(app).status, _sent(app).text) == (503, "later")
    late = _sent(app, Request("GET", "http://app.test/late"))
    assert (late.status, late.text) == (200, "begun")
    assert late.response is not None
    assert late.response.is_cut


def test_an_endless_app_is_cut_at_the_limit_and_ends() -> None:
    ended = threading.Event()

    def app(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        try:
            while True:
                yield b"a" * 100
        finally:
            ended.set()

    exchange = _sent(app)
    assert exchange.response is not None
    assert (len(exchange.response.body), exchange.response.is_cut) == (1_000, True)
    assert ended.wait(5)


def test_head_has_no_body() -> None:
    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return [b"body"]

    exchange = _sent(app, Request("HEAD", "http://app.test/"))
    assert (exchange.status, exchange.text) == (200, "")


def test_a_hanging_app_times_out_and_no_thread_is_made_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsgi, "MAX_RUNNING", 2)
    over = threading.Event()

    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        over.wait(10)
        return []

    async def run() -> list[Exchange]:
        async with _sender(app, 0.02) as sender:
            return [await sender.send(Request("GET", "http://app.test/")) for _ in range(3)]

    exchanges = asyncio.run(run())
    over.set()
    assert [exchange.failure for exchange in exchanges] == [Failure.TIMEOUT] * 3
    assert "2 earlier requests are still running" in exchanges[2].failure_detail


def test_many_requests_at_once_do_not_mix() -> None:
    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        yield environ["PATH_INFO"].encode()

    async def run() -> list[Exchange]:
        async with _sender(app) as sender:
            return await asyncio.gather(*(sender.send(Request("GET", f"http://app.test/{n}")) for n in range(30)))

    assert [exchange.text for exchange in asyncio.run(run())] == [f"/{n}" for n in range(30)]
