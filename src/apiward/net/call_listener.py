"""A small web server of our own, at which calls arrive that a target makes because of a probe.

It takes little, keeps little and ends with the scan: one thread, a few callers at a time, one short read from each,
and of the calls only the first for each token that is waited for. Of very many tokens, the oldest are waited for no
longer. Whoever else comes is told 404.
"""

import asyncio
import contextlib
import hashlib
import re
import secrets
import socket
import threading
from typing import Final, Self

from apiward.core.exchange import Exchange, Headers, Request, Response
from apiward.core.ports import Clock
from apiward.net.hosts import Scope, literal_address, scope_of

MAX_HEAD: Final = 16_384
MAX_CALLERS: Final = 32
MAX_TOKENS: Final = 10_000
READING_S: Final = 3.0
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_NOT_FOUND: Final = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class OwnListener:
    """Listens from `start` to `close`. `host` and `port` are how the target reaches it (port 0: any that is free)."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, *, clock: Clock) -> None:
        self._host, self._port = host, port
        self._clock = clock
        self._salt = secrets.token_bytes(16)
        self._expected: dict[str, Response | None] = {}
        self._heard: dict[str, Exchange] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._callers = asyncio.Semaphore(MAX_CALLERS)
        self._thread = threading.Thread(target=self._run, name="apiward-listener", daemon=True)
        self._is_ready = threading.Event()
        self._socket: socket.socket | None = None

    def start(self) -> Self:
        """Begin to listen; raises OSError where that is not possible."""
        self._socket = _bound(self._host, self._port)
        self._port = int(self._socket.getsockname()[1])
        self._thread.start()
        self._is_ready.wait()
        return self

    def close(self) -> None:
        """Stop listening, and cut off who is still there."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
        if self._socket is not None:
            self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def origin(self) -> str:
        """Scheme, host and port by which the target reaches it."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def is_inside(self) -> bool:
        """Whether it stands on this machine or in a private network."""
        address = literal_address(self._host)
        return self._host == "localhost" if address is None else scope_of(address) is not Scope.PUBLIC

    def expect(self, token: str, answer: Response | None = None) -> str:
        """Wait for a call with `token` (32 hex digits), and return the text that answers it without an `answer`."""
        if not _TOKEN.fullmatch(token):
            raise ValueError("no token")
        if len(self._expected) >= MAX_TOKENS:
            oldest = next(iter(self._expected))
            del self._expected[oldest]
            self._heard.pop(oldest, None)
        self._expected[token] = answer
        return self._text_for(token)

    def heard(self, token: str) -> Exchange | None:
        """Return the first call that came with `token`."""
        return self._heard.get(token)

    def _text_for(self, token: str) -> str:
        return hashlib.sha256(self._salt + token.encode()).hexdigest()[:24]

    def _run(self) -> None:
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._serve, sock=self._socket, limit=MAX_HEAD)
        self._is_ready.set()
        try:
            await self._stop.wait()
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not self._callers.locked():
                async with self._callers:
                    with contextlib.suppress(OSError, TimeoutError, ValueError, EOFError, asyncio.LimitOverrunError):
                        async with asyncio.timeout(READING_S):
                            head = await reader.readuntil(b"\r\n\r\n")
                            writer.write(self._answered(head))
                            await writer.drain()
        finally:
            writer.close()

    def _answered(self, head: bytes) -> bytes:
        """Keep a call that is waited for, and return the bytes of our answer."""
        first, *rest = head.decode("latin-1").split("\r\n")
        method, _, target = first.rpartition(" ")[0].partition(" ")
        token = next((found for found in _TOKEN.findall(target) if found in self._expected), "")
        if not token or not target:
            return _NOT_FOUND
        text = Response(200, (("Content-Type", "text/plain"),), self._text_for(token).encode())
        answer = self._expected.get(token) or text
        fields = tuple(
            (name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in rest if line)
        )
        call = Request(method, self._url(target, fields), fields)
        self._heard.setdefault(token, Exchange(call, answer, started_s=self._clock()))
        return _written(answer, has_body=method != "HEAD")

    def _url(self, target: str, fields: Headers) -> str:
        if not target.startswith("/"):
            return target[:MAX_HEAD]
        host = next((value for name, value in fields if name.lower() == "host"), "")
        return f"http://{host or self.origin.removeprefix('http://')}{target}"


def _written(answer: Response, *, has_body: bool) -> bytes:
    fields = (*answer.headers, ("Content-Length", str(len(answer.body))), ("Connection", "close"))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {answer.status} OK\r\n{head}\r\n".encode() + (answer.body if has_body else b"")


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens at `host` where that is ours, else at all addresses of this machine."""
    address = literal_address(host)
    family = socket.AF_INET6 if address is not None and address.version == 6 else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((host, port))
        except OSError:
            if address is not None and address.is_loopback:
                raise
            made.bind(("", port))  # the target knows this machine by a name or an address that stands before it
        made.listen(MAX_CALLERS)
    except BaseException:
        made.close()
        raise
    return made
