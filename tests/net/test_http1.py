import asyncio
import time

import pytest

from apiward.core.exchange import Exchange, Failure, Headers, Request
from apiward.net.http1 import encoded
from apiward.net.sender import HttpSender
from apiward.net.target import target_of
from apiward.net.transport import NoAnswerError
from tests.net.recording import recording_server


def _bytes(request: Request) -> bytes:
    return encoded(request, target_of(request.url))[1]


def test_method_target_and_headers_stand_as_given() -> None:
    headers = (
        ("x-ODD_name.~!", "va\tlue"),
        ("X-Empty", ""),
        ("X-Latin", "caf\u00e9"),
        ("X-Twice", "1"),
        ("X-Twice", "2"),
    )
    sent = _bytes(Request("PurgE", "http://a.test/a/..//%2F%2e?x=%zz", headers))
    assert sent == (
        b"PurgE /a/..//%2F%2e?x=%zz HTTP/1.1\r\nHost: a.test\r\nx-ODD_name.~!: va\tlue\r\nX-Empty: \r\n"
        b"X-Latin: caf\xe9\r\nX-Twice: 1\r\nX-Twice: 2\r\n\r\n"
    )


def test_the_bytes_on_the_wire_are_those() -> None:
    async def run() -> tuple[bytes, Exchange]:
        async with recording_server() as server, HttpSender(clock=time.time) as sender:
            request = Request("GET", f"{server.address}/a/../b//c/%2f%2E?q=%0d%0a&r=[]{{}}|", (("hoST", "other.test"),))
            exchange = await sender.send(request)
            return server.heads[0], exchange

    head, exchange = asyncio.run(run())
    assert head == b"GET /a/../b//c/%2f%2E?q=%0d%0a&r=[]{}| HTTP/1.1\r\nhoST: other.test\r\n\r\n"
    assert exchange.is_success


@pytest.mark.parametrize(
    ("method", "headers", "body", "field"),
    [
        ("POST", (), b"", b"Content-Length: 0\r\n"),
        ("DELETE", (), b"{}", b"Content-Length: 2\r\n"),
        ("POST", (("content-length", "2"),), b"{}", b"content-length: 2\r\n"),
        ("POST", (("Transfer-Encoding", "chunked"),), b"{}", b"Transfer-Encoding: chunked\r\n"),
    ],
)
def test_the_length_is_said_once(method: str, headers: Headers, body: bytes, field: bytes) -> None:
    sent = _bytes(Request(method, "http://a.test/", headers, body))
    assert field in sent
    assert sent.lower().count(b"content-length") + sent.lower().count(b"transfer-encoding") == 1


def test_a_get_has_no_length() -> None:
    assert b"content-length" not in _bytes(Request("GET", "http://a.test/")).lower()


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "http://a.test/", (("X-A", "one\r\ntwo"),)),
        Request("GET", "http://a.test/", (("X-A", "one\ntwo"),)),
        Request("GET", "http://a.test/", (("X-A", "nul\0"),)),
        Request("GET", "http://a.test/", (("X-A", "\u20ac"),)),
        Request("GET", "http://a.test/", (("X A", "space in the name"),)),
        Request("GET", "http://a.test/", (("", "no name"),)),
        Request("GET", "http://a.test/", (("Host", "a"), ("Host", "b"))),
        Request("GE T", "http://a.test/"),
        Request("G\u00c9T", "http://a.test/"),
        Request("", "http://a.test/"),
        Request("GET", "http://a.test/a b"),
        Request("POST", "http://a.test/", (("Content-Length", "1"),), b"{}"),
        Request("POST", "http://a.test/", (("Content-Length", "9"),), b"{}"),
    ],
)
def test_what_http_cannot_carry_is_not_sendable(request_: Request) -> None:
    with pytest.raises(NoAnswerError) as caught:
        _bytes(request_)
    assert caught.value.failure is Failure.NOT_SENDABLE
    assert "bytearray" not in caught.value.detail
