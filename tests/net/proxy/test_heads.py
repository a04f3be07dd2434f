"""The head of an answer: what is understood, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import AnswerBlock
from apiward.net.proxy.failures import BadAnswerError
from apiward.net.proxy.heads import CHUNKED, UNTIL_CLOSE, HeadReader, parse_head

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("lines", "length", "keeps"),
    [
        (b"Content-Length: 5\r\n", 5, True),
        (b"content-length:5\r\n", 5, True),
        (b"Content-Length: 5\r\nContent-Length: 5\r\n", 5, True),
        (b"Content-Length: 5\r\nConnection: close\r\n", 5, False),
        (b"Content-Length: 5\r\nConnection: Keep-Alive, Close\r\n", 5, False),
        (b"Transfer-Encoding: Chunked\r\n", CHUNKED, True),
        (b"", UNTIL_CLOSE, True),
    ],
)
def test_the_framing_is_read(lines: bytes, length: int, *, keeps: bool) -> None:
    head = parse_head(OK + lines + b"\r\n")
    assert (head.length, head.keeps) == (length, keeps)


def test_an_old_server_never_keeps_the_line() -> None:
    assert not parse_head(b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n").keeps


def test_fields_are_lowered_trimmed_and_kept_in_order() -> None:
    head = parse_head(OK + b"X-A:  1 \r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n")
    assert head.fields == [(b"x-a", b"1"), (b"set-cookie", b"a"), (b"set-cookie", b"b")]


def test_fields_of_one_connection_do_not_pass() -> None:
    lines = b"Connection: X-Mine, Cache-Control\r\nX-Mine: 1\r\nCache-Control: no-store\r\nUpgrade: a\r\n"
    assert parse_head(OK + lines + b"\r\n").fields == [(b"cache-control", b"no-store")]


@pytest.mark.parametrize("line", [b"HTTP/1.1 200\r\n", b"HTTP/1.1 200 \r\n", b"HTTP/1.1 599 \xe9t\xe9\r\n"])
def test_the_reason_may_be_anything_or_nothing(line: bytes) -> None:
    assert parse_head(line + b"\r\n").status in {200, 599}


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 600 X\r\n\r\n",
        b"HTTP/1.1 20 X\r\n\r\n",
        b"http/1.1 200 X\r\n\r\n",
        b"HTTP/1.2 200 X\r\n\r\n",
        b" HTTP/1.1 200 X\r\n\r\n",
        OK + b"A : 1\r\n\r\n",
        OK + b": 1\r\n\r\n",
        OK + b"A\r\n\r\n",
        OK + b"A: 1\r\n B: 2\r\n\r\n",
        OK + b"A: 1\rB: 2\r\n\r\n",
        OK + b"A: 1\nB: 2\r\n\r\n",
        OK + b"A: \x00\r\n\r\n",
        OK + b"A: \x7f\r\n\r\n",
        OK + b"Content-Length: 0x10\r\n\r\n",
        OK + b"Content-Length: \r\n\r\n",
        OK + b"Content-Length: 9999999999999999999\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        OK + b"Transfer-Encoding: chunked, identity\r\n\r\n",
    ],
)
def test_what_is_no_clean_head_is_refused(raw: bytes) -> None:
    with pytest.raises(BadAnswerError):
        parse_head(raw)


@given(st.binary(max_size=200))
def test_any_bytes_are_understood_or_refused(data: bytes) -> None:
    try:
        head = parse_head(OK + data + b"\r\n\r\n")
    except BadAnswerError:
        return
    assert all(name == name.lower() and b"\n" not in value and b"\r" not in value for name, value in head.fields)


COMMON = OK + b"Server: x\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n"


def test_a_head_that_came_before_is_the_same_and_nobody_elses() -> None:
    reader = HeadReader()
    heads = [reader.read(COMMON) for _ in range(4)]
    assert heads[0] == heads[3] == parse_head(COMMON)
    block = heads[3].fields
    assert isinstance(block, AnswerBlock)
    assert (block.names, block.media_type) == ((b"server", b"content-type", b"content-length"), b"text/plain")


def test_no_head_with_a_secret_is_kept_whole() -> None:
    reader = HeadReader()
    raw = COMMON.replace(b"Server: x", b"Set-Cookie: sid=7")
    for _ in range(3):
        reader.read(raw)
    assert "sid=7" not in repr(vars(reader))
