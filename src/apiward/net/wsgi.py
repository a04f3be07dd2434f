"""A WSGI app in this process, spoken to as if it were a server (PEP 3333): each request on a thread of its own."""

import asyncio
import io
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias
from urllib.parse import unquote_to_bytes

from apiward.core.exchange import Failure, Headers, Request
from apiward.net.target import Target, target_of
from apiward.net.transport import CutShortError, NoAnswerError

WsgiApp: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

MAX_RUNNING: Final = 40
"""Requests that may be in the app at a time, those included for which nobody waits any more: no thread can be ended."""
AHEAD: Final = 4
"""Pieces of a body that the app may make before they are read."""
_APART: Final = frozenset({"content-type", "content-length"})


class WsgiTransport:
    """Runs `app` once per request. A run that hangs is left behind, and does not keep the process alive."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        self._answers: set[WsgiAnswer] = set()

    async def open(self, request: Request) -> "WsgiAnswer":
        """Start the app on `request` and return when its answer begins; raises NoAnswerError."""
        self._answers = {answer for answer in self._answers if answer.is_running}
        if len(self._answers) >= MAX_RUNNING:
            raise NoAnswerError(Failure.TIMEOUT, f"{MAX_RUNNING} earlier requests are still running in the app")
        answer = WsgiAnswer(self._app, environ_of(request, target_of(request.url)), is_head=request.method == "HEAD")
        self._answers.add(answer)
        try:
            await answer.begun()
        except BaseException:
            answer.close()
            raise
        return answer

    async def aclose(self) -> None:
        """Tell apps that still run that nobody listens."""
        for answer in self._answers:
            answer.close()


class WsgiAnswer:
    """One run of an app. It waits while `AHEAD` pieces are unread, as it would for a slow client."""

    def __init__(self, app: WsgiApp, environ: dict[str, Any], *, is_head: bool) -> None:
        self.status = 500
        self.headers: Headers = ()
        self.sent_at_s = time.monotonic()
        self._is_head = is_head
        self._loop = asyncio.get_running_loop()
        self._has_begun = asyncio.Event()
        self._pieces: asyncio.Queue[bytes | CutShortError] = asyncio.Queue()
        self._room = threading.Semaphore(AHEAD)
        self._is_left = threading.Event()
        self._started: tuple[int, Headers] | None = None
        self._is_head_sent = False
        self._thread = threading.Thread(target=self._run, args=(app, environ), daemon=True, name="apiward-wsgi")
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether the app has not returned yet."""
        return self._thread.is_alive()

    async def begun(self) -> None:
        """Return once the app has given its status, or has failed to."""
        await self._has_begun.wait()

    async def read(self) -> bytes:
        """Return the next piece of the body, empty at its end; raises CutShortError."""
        piece = await self._pieces.get()
        if isinstance(piece, CutShortError):
            raise piece
        self._room.release()
        return piece

    def close(self) -> None:
        """Tell the app, at its next piece, that nobody listens any more."""
        self._is_left.set()
        self._room.release()

    def _run(self, app: WsgiApp, environ: dict[str, Any]) -> None:
        # Whatever an app raises, a real server would turn it into a 500 or a broken connection.
        try:
            pieces = app(environ, self._start_response)
            try:
                for piece in pieces:
                    self._write(piece)
            finally:
                close = getattr(pieces, "close", None)
                if close is not None:
                    close()
            self._send_head()
        except (Exception, SystemExit):  # noqa: BLE001 - the app is not ours
            self._fail()
        else:
            self._tell(b"")

    def _start_response(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: Any = None,  # noqa: ANN401 - as PEP 3333 has it
    ) -> Callable[[bytes], None]:
        if self._is_head_sent and exc_info:
            raise exc_info[1].with_traceback(exc_info[2])
        self._started = int(status[:3]), tuple((str(name), str(value)) for name, value in headers)
        return self._write

    def _write(self, piece: bytes) -> None:
        if piece:
            self._send_head()
        if piece and not self._is_head:
            self._room.acquire()
            self._tell(piece)
        if self._is_left.is_set():
            raise ConnectionAbortedError("nobody listens any more")

    def _send_head(self) -> None:
        if self._is_head_sent:
            return
        if self._started is None:
            raise RuntimeError("the app gave a body and no status")
        self.status, self.headers = self._started
        self._is_head_sent = True
        self._on_loop(self._has_begun.set)

    def _fail(self) -> None:
        if self._is_head_sent:
            self._tell(CutShortError("the app failed in the middle of the body"))
            return
        self.status, self.headers = 500, (("content-type", "text/plain"),)
        self._on_loop(self._has_begun.set)
        self._tell(b"Internal Server Error")
        self._tell(b"")

    def _tell(self, piece: bytes | CutShortError) -> None:
        self._on_loop(lambda: self._pieces.put_nowait(piece))

    def _on_loop(self, act: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(act)
        except RuntimeError:  # the scan is over, and its loop closed
            self._is_left.set()


class _Nowhere(io.TextIOBase):
    """Takes what an app writes to its server's log."""

    def write(self, text: str) -> int:
        return len(text)


def environ_of(request: Request, target: Target) -> dict[str, Any]:
    """Return the environment of one request."""
    raw_path, _, query = target.path.partition(b"?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw_path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "REQUEST_URI": target.path.decode("latin-1"),
        "RAW_URI": target.path.decode("latin-1"),
        "SERVER_NAME": target.host,
        "SERVER_PORT": str(target.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": target.authority.decode("latin-1"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if target.is_tls else "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": _Nowhere(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    length = {"CONTENT_LENGTH": str(len(request.body))} if request.body else {}
    return environ | length | _fields(request.headers)


def _fields(headers: Headers) -> dict[str, str]:
    """Return the headers as CGI names them. Names with `_` are left out, as servers do: they would pass for others."""
    found: dict[str, str] = {}
    for name, value in headers:
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if name.lower() in _APART else f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ","
        found[key] = f"{found[key]}{between}{value}" if key in found else value
    return found
