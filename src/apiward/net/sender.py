"""The sender that scans and probes use: one request out, one exchange back, whatever the server does."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from types import TracebackType
from typing import Final, Self

from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.core.ports import Clock
from apiward.net.pacing import Pacer
from apiward.net.sockets import SocketTransport
from apiward.net.transport import Answer, CutShortError, NoAnswerError, Transport
from apiward.net.unpacking import Unpacker

CONNECTIONS: Final = 10
TIMEOUT_S: Final = 15.0
BODY_LIMIT_BYTES: Final = 2_000_000


class HttpSender:
    """Implements `core.ports.Sender`. Follows no redirect, keeps no cookie, reads no proxy settings.

    Once the head of an answer is here, `send` returns a response; whatever goes wrong after that
    (too long, too slow, broken off, damaged) makes it cut, and `failure_detail` says why. Before
    that, there is a failure. `timeout_s` bounds the whole exchange, waiting for a free connection
    or for one's turn not counted. Nothing is added to a request but Host and Content-Length where
    they are missing. An answer's time starts when the request is sent on an open connection.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        connections: int = CONNECTIONS,
        timeout_s: float = TIMEOUT_S,
        body_limit_bytes: int = BODY_LIMIT_BYTES,
        rate_per_s: float | None = None,
        verify_tls: bool = True,
        certificate: tuple[str, str] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        transport: Transport | None = None,
    ) -> None:
        self.sent_count = 0
        self._clock = clock
        self._timeout_s = timeout_s
        self._body_limit_bytes = body_limit_bytes
        self._slots = asyncio.Semaphore(connections)
        self._pacer = Pacer(rate_per_s, time.monotonic, sleep)
        self._transport = transport or SocketTransport(verify_tls=verify_tls, certificate=certificate)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections that are kept open."""
        await self._transport.aclose()

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Send `request` and return what came of it, within `timeout_s` (else the sender's own bound)."""
        limit_s = self._timeout_s if timeout_s is None else timeout_s
        async with self._slots:
            await self._pacer.turn()
            self.sent_count += 1
            return await self._exchange(request, limit_s)

    async def _exchange(self, request: Request, limit_s: float) -> Exchange:
        progress = _Progress(request, self._clock(), time.monotonic())
        try:
            async with asyncio.timeout(limit_s):
                await self._receive(progress)
        except TimeoutError:
            return progress.cut_or_failed(Failure.TIMEOUT, f"the answer was not complete within {limit_s:g} s")
        except CutShortError as error:
            return progress.cut_or_failed(Failure.HUNG_UP, error.detail)
        except NoAnswerError as error:
            self.sent_count -= error.failure is Failure.NOT_SENDABLE
            return progress.failed(error.failure, error.detail)
        return progress.done()

    async def _receive(self, progress: "_Progress") -> None:
        answer = await self._transport.open(progress.request)
        with closing(answer):
            unpacker = progress.begin(answer, self._body_limit_bytes)
            while not unpacker.is_cut:
                data = await answer.read()
                if not data:
                    unpacker.finish()
                    return
                unpacker.feed(data)


class _Progress:
    """How far one exchange has come, so that it can be told at any moment."""

    def __init__(self, request: Request, started_s: float, began_s: float) -> None:
        self.request = request
        self._started_s = started_s
        self._began_s = began_s
        self._answer: Answer | None = None
        self._unpacker = Unpacker("", 0)

    def begin(self, answer: Answer, limit_bytes: int) -> Unpacker:
        """Note that the head is here; return where the body goes."""
        self._answer = answer
        self._began_s = answer.sent_at_s
        codings = ",".join(value for name, value in answer.headers if name.lower() == "content-encoding")
        self._unpacker = Unpacker(codings, limit_bytes)
        return self._unpacker

    def failed(self, failure: Failure, detail: str) -> Exchange:
        """Tell an exchange without an answer."""
        return Exchange(
            self.request,
            failure=failure,
            failure_detail=detail,
            started_s=self._started_s,
            elapsed_s=time.monotonic() - self._began_s,
        )

    def cut_or_failed(self, failure: Failure, detail: str) -> Exchange:
        """Tell an exchange that broke off: cut where the head was here, else failed."""
        if self._answer is None:
            return self.failed(failure, detail)
        self._unpacker.cut(detail)
        return self.done()

    def done(self) -> Exchange:
        """Tell an exchange with an answer."""
        answer, unpacker = self._answer, self._unpacker
        if answer is None:
            raise RuntimeError("an exchange cannot be done before its answer began")
        response = Response(answer.status, answer.headers, unpacker.body, is_cut=unpacker.is_cut)
        return Exchange(
            self.request,
            response,
            failure_detail=unpacker.detail,
            started_s=self._started_s,
            elapsed_s=time.monotonic() - self._began_s,
        )
