"""A server that behaves badly, one named way at a time. Loopback only; nothing here is patient.

`BEHAVIOURS` maps a name to what is done with a connection once the head of a request was read.
"""

import asyncio
import gzip
import socket
import ssl
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from types import MappingProxyType
from typing import Final, TypeAlias

Behaviour: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

DRIP_S: Final = 0.02
OK: Final = b"HTTP/1.1 200 OK\r\n"
JSON: Final = b"Content-Type: application/json\r\n"
CHUNKED: Final = b"Transfer-Encoding: chunked\r\n\r\n"


def answer(body: bytes, fields: bytes = JSON, status: bytes = b"200 OK") -> bytes:
    """Return a well-formed answer around `body`."""
    return b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n%b" % (status, fields, len(body), body)


def says(data: bytes) -> Behaviour:
    """Send `data` and hang up."""

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return behave


def says_then_waits(data: bytes) -> Behaviour:
    """Send `data` and never hang up."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await reader.read()

    return behave


def endless(start: bytes, piece: bytes) -> Behaviour:
    """Send `start`, then `piece` as fast as it is taken, for ever."""

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()

    return behave


def drips(start: bytes, piece: bytes) -> Behaviour:
    """Send `start`, then a small `piece` now and then, for ever."""

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(DRIP_S)

    return behave


def resets(data: bytes) -> Behaviour:
    """Send `data`, then RST instead of FIN."""

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return behave


def packed(raw: bytes, coding: bytes = b"gzip") -> bytes:
    """Return an answer whose body claims to be packed as `coding`."""
    return answer(raw, JSON + b"Content-Encoding: %b\r\n" % coding)


def redirect(place: bytes, status: bytes = b"302 Found") -> bytes:
    """Return a redirect to `place`."""
    return answer(b"", b"Location: %b\r\n" % place, status)


def _bomb(layers: int) -> bytes:
    data = b"0" * 20_000_000
    for _ in range(layers):
        data = gzip.compress(data, 9, mtime=0)
    return data


_SMALL: Final = b'{"id": 1}'
_PACKED: Final = gzip.compress(_SMALL, mtime=0)
_MANY_COOKIES: Final = b"".join(b"Set-Cookie: c%d=%d; Path=/\r\n" % (n, n) for n in range(1_000))
_MANY_FIELDS: Final = b"".join(b"X-Field-%d: value of a field\r\n" % n for n in range(10_000))

_CONNECTION: Final[dict[str, Behaviour]] = {
    "no-answer": says_then_waits(b""),
    "hang-up-at-once": says(b""),
    "hang-up-in-status-line": says(b"HTTP/1.1 20"),
    "hang-up-in-headers": says(OK + b"Content-Ty"),
    "hang-up-after-headers": says(OK + b"Content-Length: 10\r\n\r\n"),
    "hang-up-mid-body": says(OK + b"Content-Length: 100\r\n\r\n" + _SMALL),
    "reset-at-once": resets(b""),
    "reset-in-headers": resets(OK + b"Content-Ty"),
    "reset-mid-body": resets(OK + b"Content-Length: 100\r\n\r\n" + _SMALL),
    "close-announced": says(answer(_SMALL, b"Connection: close\r\n")),
    "close-unannounced": says(answer(_SMALL, b"Connection: keep-alive\r\n")),
    "stays-open-without-length": says_then_waits(OK + b"\r\n" + _SMALL),
    "second-answer-unasked": says_then_waits(answer(_SMALL) + answer(b'{"id": 666}')),
    "tls-bytes": says(b"\x15\x03\x01\x00\x02\x02\x50"),
    "tls-hello-and-wait": says_then_waits(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
}

_SLOW: Final[dict[str, Behaviour]] = {
    "slow-status-line": drips(b"", b"H"),
    "slow-headers": drips(OK + b"X-Slow: ", b"a"),
    "slow-header-fields": drips(OK, b"X-Slow: a\r\n"),
    "slow-body": drips(OK + b"Content-Length: 1000000\r\n\r\n", b"a"),
    "slow-chunks": drips(OK + CHUNKED, b"1\r\na\r\n"),
    "slow-chunk-size": drips(OK + CHUNKED, b"0"),
    "slow-interim-answers": drips(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "slow-packed-body": drips(OK + b"Content-Encoding: gzip\r\n\r\n" + _PACKED[:10], b"\0"),
    "headers-then-silence": says_then_waits(OK + b"Content-Length: 10\r\n\r\n"),
    "half-body-then-silence": says_then_waits(OK + b"Content-Length: 100\r\n\r\n" + _SMALL),
}

_ENDLESS: Final[dict[str, Behaviour]] = {
    "endless-body": endless(OK + b"\r\n", b"a" * 65_536),
    "endless-chunks": endless(OK + CHUNKED, b"1000\r\n" + b"a" * 4_096 + b"\r\n"),
    "endless-tiny-chunks": endless(OK + CHUNKED, b"1\r\na\r\n" * 1_000),
    "endless-headers": endless(OK, b"X-More: and more\r\n" * 100),
    "endless-header-line": endless(OK + b"X-Long: ", b"a" * 65_536),
    "endless-status-line": endless(b"HTTP/1.1 200 ", b"a" * 65_536),
    "endless-interim-answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "endless-chunk-size": endless(OK + CHUNKED, b"0" * 65_536),
    "endless-chunk-extension": endless(OK + CHUNKED + b"1;", b"a" * 65_536),
    "endless-trailers": endless(OK + CHUNKED + b"0\r\n", b"X-More: and more\r\n" * 100),
    "endless-json-array": endless(OK + JSON + b"\r\n[", b"1," * 32_768),
    "endless-garbage": endless(b"", b"\xff\xfe\xfd" * 20_000),
    "endless-blank-lines": endless(b"", b"\r\n" * 30_000),
    "endless-nothing-packed": endless(OK + b"Content-Encoding: deflate\r\n\r\n\x78\x9c", b"\0\0\0\xff\xff" * 10_000),
    "huge-body": says(answer(b"a" * 3_000_000)),
}

_FRAMING: Final[dict[str, Behaviour]] = {
    "length-too-long": says(OK + b"Content-Length: 100\r\n\r\nshort"),
    "length-too-short": says(OK + b"Content-Length: 4\r\n\r\n12345678"),
    "length-negative": says(OK + b"Content-Length: -1\r\n\r\n" + _SMALL),
    "length-no-number": says(OK + b"Content-Length: many\r\n\r\n" + _SMALL),
    "length-huge": says(OK + b"Content-Length: 99999999999999999999999\r\n\r\n" + _SMALL),
    "length-two-different": says(OK + b"Content-Length: 4\r\nContent-Length: 9\r\n\r\n" + _SMALL),
    "length-two-equal": says(OK + b"Content-Length: 9\r\nContent-Length: 9\r\n\r\n" + _SMALL),
    "length-and-chunked": says(OK + b"Content-Length: 4\r\n" + CHUNKED + b"9\r\n" + _SMALL + b"\r\n0\r\n\r\n"),
    "chunk-size-bad": says(OK + CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n"),
    "chunk-size-negative": says(OK + CHUNKED + b"-5\r\nabcde\r\n0\r\n\r\n"),
    "chunk-size-huge": says(OK + CHUNKED + b"FFFFFFFFFFFFFFFF\r\nabc"),
    "chunk-no-end": says(OK + CHUNKED + b"9\r\n" + _SMALL + b"\r\n"),
    "chunk-no-line-end": says(OK + CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n"),
    "chunk-long-size-line": says(OK + CHUNKED + b"1;" + b"a" * 400_000 + b"\r\na\r\n0\r\n\r\n"),
    "coding-unknown-transfer": says(OK + b"Transfer-Encoding: sparkle\r\n\r\n" + _SMALL),
}

_HEADS: Final[dict[str, Behaviour]] = {
    "garbage-text": says(b"hello, who is there?\r\n\r\n"),
    "garbage-bytes": says(bytes(range(256)) * 4),
    "another-protocol": says(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
    "http-0-9": says(b"<html>old</html>"),
    "http-9-9": says(b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
    "http-1-0": says(b"HTTP/1.0 200 OK\r\n\r\n{}"),
    "http-two-preface": says(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00"),
    "status-000": says(answer(b"{}", status=b"000 Nothing")),
    "status-999": says(answer(b"{}", status=b"999 Beyond")),
    "status-abc": says(answer(b"{}", status=b"abc What")),
    "status-four-digits": says(answer(b"{}", status=b"2000 Much")),
    "status-negative": says(answer(b"{}", status=b"-20 Less")),
    "status-101-unasked": says(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nabc"),
    "interim-then-final": says(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 5 + answer(_SMALL)),
    "interim-flood": says(b"HTTP/1.1 100 Continue\r\n\r\n" * 5_000 + answer(_SMALL)),
    "header-without-colon": says(OK + b"NoColonHere\r\nContent-Length: 2\r\n\r\n{}"),
    "header-empty-name": says(OK + b": value\r\nContent-Length: 2\r\n\r\n{}"),
    "header-folded": says(OK + b"X-Folded: one\r\n two\r\nContent-Length: 2\r\n\r\n{}"),
    "header-nul": says(OK + b"X-Nul: a\0b\r\nContent-Length: 2\r\n\r\n{}"),
    "header-latin-1": says(answer(b"{}", b"X-Name: caf\xe9\r\n")),
    "header-bare-line-feeds": says(b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"),
    "header-megabyte-line": says(answer(b"{}", b"X-Long: " + b"a" * 1_000_000 + b"\r\n")),
    "header-ten-thousand": says(answer(b"{}", _MANY_FIELDS)),
    "reason-long": says(answer(b"{}", status=b"200 " + b"very " * 10_000)),
    "reason-missing": says(answer(b"{}", status=b"200")),
    "cookie-flood": says(answer(b"{}", _MANY_COOKIES)),
}

_CODINGS: Final[dict[str, Behaviour]] = {
    "gzip-damaged": says(packed(_PACKED[:14] + b"\xff" * 40)),
    "gzip-not-at-all": says(packed(_SMALL)),
    "gzip-truncated": says(packed(gzip.compress(_SMALL * 500, mtime=0)[:-12])),
    "gzip-bomb": says(packed(_bomb(1))),
    "gzip-bomb-in-gzip": says(packed(_bomb(2), b"gzip, gzip")),
    "gzip-many-times": says(packed(_PACKED, b"gzip, " * 50 + b"gzip")),
    "gzip-twice": says(packed(gzip.compress(_PACKED, mtime=0), b"gzip, gzip")),
    "gzip-empty": says(packed(b"")),
    "deflate-plain": says(packed(zlib.compress(_SMALL), b"deflate")),
    "deflate-bare": says(packed(zlib.compress(_SMALL, wbits=-15), b"deflate")),
    "brotli-damaged": says(packed(b"\xff\xff\xff\xff", b"br")),
    "coding-unknown": says(packed(_SMALL, b"sparkle")),
}

_BODIES: Final[dict[str, Behaviour]] = {
    "json-not-utf-8": says(answer(b'{"name": "\xff\xfe\xe9"}')),
    "json-utf-16": says(answer('{"id": 1}'.encode("utf-16"))),
    "json-with-bom": says(answer(b"\xef\xbb\xbf" + _SMALL)),
    "json-deep-arrays": says(answer(b"[" * 100_000)),
    "json-deep-closed": says(answer(b"[" * 100_000 + b"]" * 100_000)),
    "json-deep-objects": says(answer(b'{"a":' * 100_000)),
    "json-huge-integer": says(answer(b'{"n": ' + b"9" * 100_000 + b"}")),
    "json-huge-exponent": says(answer(b'{"n": 1e999999999}')),
    "json-nan": says(answer(b'{"a": NaN, "b": Infinity, "c": -Infinity}')),
    "json-lone-surrogate": says(answer(b'{"a": "\\ud800"}')),
    "json-duplicate-keys": says(answer(b'{"id": 1, "id": 2}')),
    "json-long-key": says(answer(b'{"' + b"k" * 500_000 + b'": 1}')),
    "json-wide": says(answer(b"[" + b"0," * 300_000 + b"0]")),
    "json-truncated": says(answer(b'{"id": 1, "na')),
    "json-nul-bytes": says(answer(b'{"a": "\0"}\0\0')),
    "json-as-html": says(answer(_SMALL, b"Content-Type: text/html\r\n")),
    "html-as-json": says(answer(b"<html><body>no</body></html>")),
    "media-type-odd": says(answer(_SMALL, b"Content-Type: ;;;===\r\n")),
    "charset-unknown": says(answer(_SMALL, b"Content-Type: application/json; charset=klingon\r\n")),
    "empty-200": says(answer(b"")),
    "body-in-204": says(b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n" + _SMALL),
    "body-in-304": says(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n" + _SMALL),
}

_REDIRECTS: Final[dict[str, Behaviour]] = {
    "redirect-loop": says(redirect(b"/a/../loop")),
    "redirect-to-itself": says(redirect(b"/")),
    "redirect-elsewhere": says(redirect(b"http://192.0.2.1/")),
    "redirect-to-file": says(redirect(b"file:///etc/hostname")),
    "redirect-to-script": says(redirect(b"javascript:alert(1)")),
    "redirect-nowhere": says(redirect(b"")),
    "redirect-long": says(redirect(b"/" + b"a" * 60_000)),
    "redirect-308": says(redirect(b"/", b"308 Permanent Redirect")),
    "redirect-bad-address": says(redirect(b"http://[::bad:::/")),
}

BEHAVIOURS: Final[Mapping[str, Behaviour]] = MappingProxyType(
    _CONNECTION | _SLOW | _ENDLESS | _FRAMING | _HEADS | _CODINGS | _BODIES | _REDIRECTS
)


@asynccontextmanager
async def hostile_server(
    behaviour: str | Behaviour, *, reads_head: bool = True, tls: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """Serve one behaviour (of `BEHAVIOURS` by name, or given) for every connection; yields the base address."""
    behave = BEHAVIOURS[behaviour] if isinstance(behaviour, str) else behaviour
    loop = asyncio.get_running_loop()
    running: set[asyncio.Task[None]] = set()
    waiting: set[socket.socket] = set()

    async def serve(connection: socket.socket) -> None:
        waiting.discard(connection)
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        with suppress(OSError):  # a hello of TLS that never comes, or is none
            transport, _ = await loop.connect_accepted_socket(lambda: protocol, connection, ssl=tls)
            await _behave(
                behave, reader, asyncio.StreamWriter(transport, protocol, reader, loop), reads_head=reads_head
            )

    def accept() -> None:
        with suppress(BlockingIOError, ConnectionAbortedError):
            connection, _ = listener.accept()
            connection.settimeout(0)
            waiting.add(connection)
            task = loop.create_task(serve(connection))
            running.add(task)
            task.add_done_callback(running.discard)

    # Not by `asyncio.start_server`: while that one closes, it leaks the connections that it is just taking in.
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        listener.settimeout(0)
        loop.add_reader(listener, accept)
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            loop.remove_reader(listener)
            left = list(running)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            for connection in waiting:  # whose task was cancelled before it began
                connection.close()
            await asyncio.sleep(0)  # the aborted connections come to their end


async def _behave(
    behave: Behaviour, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, reads_head: bool
) -> None:
    try:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            if reads_head:
                await reader.readuntil(b"\r\n\r\n")
            await behave(reader, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()  # what was written is delivered; only the end of the server breaks off
    finally:
        writer.transport.abort()
