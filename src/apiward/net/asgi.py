"""An ASGI app in this process, spoken to as if it were a server: for scans of an app object, and for tests."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from apiward.core.exchange import Headers, Request
from apiward.core.ports import Clock
from apiward.net.sender import BODY_LIMIT_BYTES, TIMEOUT_S, HttpSender
from apiward.net.target import Target, target_of
from apiward.net.transport import CutShortError

# ASGI's own types: messages are loose mappings (ASGI 3.0, "HTTP & WebSocket format").
Message: TypeAlias = MutableMapping[str, Any]
App: TypeAlias = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Any]


def asgi_sender(
    app: App, *, clock: Clock, timeout_s: float = TIMEOUT_S, body_limit_bytes: int = BODY_LIMIT_BYTES
) -> HttpSender:
    """Return a sender whose every request goes to `app`, whatever host it names.

    An exception in the app becomes a 500, as with a real server. Start-up and shut-down
    ("lifespan") events are not sent: an app that needs them must be started by its owner.
    """
    return HttpSender(clock=clock, timeout_s=timeout_s, body_limit_bytes=body_limit_bytes, transport=AsgiTransport(app))


class AsgiTransport:
    """Runs `app` once per request, and hands its answer on piece by piece. `state` is what its start has left."""

    def __init__(self, app: App, state: Mapping[str, Any] | None = None) -> None:
        self._app = app
        self._state = state
        self._open: set[AsgiAnswer] = set()

    async def open(self, request: Request) -> "AsgiAnswer":
        """Start the app on `request` and return when its answer begins; raises NoAnswerError."""
        answer = AsgiAnswer(self._app, request, target_of(request.url), self._state)
        try:
            await answer.begun()
        except BaseException:
            answer.stop()
            raise
        self._open = {other for other in self._open if other.is_running} | {answer}
        return answer

    async def aclose(self) -> None:
        """Stop apps that still run."""
        for answer in self._open:
            answer.stop()
        self._open.clear()
        await asyncio.sleep(0)


class AsgiAnswer:
    """One run of an app. The app waits while its last piece is unread, as it would for a slow client."""

    def __init__(self, app: App, request: Request, target: Target, state: Mapping[str, Any] | None = None) -> None:
        self.status = 500
        self.headers: Headers = ()
        self.sent_at_s = time.monotonic()
        self._is_complete = False
        self._is_head = request.method == "HEAD"
        self._unsent = [request.body]
        self._has_begun = asyncio.Event()
        self._is_gone = asyncio.Event()
        self._pieces: asyncio.Queue[bytes | CutShortError] = asyncio.Queue(maxsize=1)
        scope = _scope(request, target)
        if state is not None:
            scope["state"] = dict(state)
        self._task = asyncio.create_task(self._run(app, scope))

    @property
    def is_running(self) -> bool:
        """Whether the app has not returned yet."""
        return not self._task.done()

    async def begun(self) -> None:
        """Return once the app has given its status, or has failed to."""
        await self._has_begun.wait()

    async def read(self) -> bytes:
        """Return the next piece of the body, empty at its end; raises CutShortError."""
        piece = await self._pieces.get()
        if isinstance(piece, CutShortError):
            raise piece
        return piece

    def close(self) -> None:
        """Tell the app that nobody listens any more; what it does after its answer goes on."""
        self._is_gone.set()
        if not self._is_complete:
            self.stop()

    def stop(self) -> None:
        """End the app's run."""
        self._task.cancel()

    async def _run(self, app: App, scope: Message) -> None:
        # Whatever an app raises, a real server would turn it into a 500 or a broken connection.
        with contextlib.suppress(Exception, SystemExit):
            await app(scope, self._receive, self._send)
        if not self._is_complete:
            await self._fail()

    async def _fail(self) -> None:
        if self._has_begun.is_set():
            await self._pieces.put(CutShortError("the app failed in the middle of the body"))
            return
        self.status, self.headers = 500, (("content-type", "text/plain"),)
        self._has_begun.set()
        await self._pieces.put(b"Internal Server Error")
        await self._pieces.put(b"")

    async def _receive(self) -> Message:
        if self._unsent:
            return {"type": "http.request", "body": self._unsent.pop(), "more_body": False}
        await self._is_gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            fields = message.get("headers", ())
            self.headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields)
        elif message["type"] == "http.response.body":
            self._has_begun.set()
            await self._send_body(bytes(message.get("body", b"")), is_last=not message.get("more_body", False))

    async def _send_body(self, data: bytes, *, is_last: bool) -> None:
        if data and not self._is_head:
            await self._pieces.put(data)
        if is_last and not self._is_complete:
            await self._pieces.put(b"")
            self._is_complete = True


def _scope(request: Request, target: Target) -> Message:
    raw_path, _, query = target.path.partition(b"?")
    fields = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers]
    if request.header("host") is None:
        fields.insert(0, (b"host", target.authority))
    if request.body and request.header("content-length") is None:
        fields.append((b"content-length", str(len(request.body)).encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "https" if target.is_tls else "http",
        "path": unquote(raw_path.decode("ascii")),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": fields,
        "client": ("127.0.0.1", 1),
        "server": (target.host, target.port),
    }
