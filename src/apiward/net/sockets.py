"""Connections to servers, kept open for the next request where that is safe."""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import h11

from apiward.core.api import SAFE_METHODS
from apiward.core.exchange import Failure, Request
from apiward.net.http1 import Http1Answer, encoded
from apiward.net.target import Target, target_of
from apiward.net.transport import NoAnswerError
from apiward.net.wire import Wire

# Many servers close idle connections after 5 s; ours go before, so that no request meets a closing one.
IDLE_LIMIT_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class _Idle:
    wire: Wire
    since_s: float


class UnusableCertificateError(Exception):
    """A client certificate cannot be shown; the message says why."""


class SocketTransport:
    """Sends over TCP and TLS, HTTP/1.1 only, never through a proxy.

    A connection is used again only when the last answer on it ended where it should and nothing
    came after it: else a hostile server could pass off one request's answer as another's.
    """

    def __init__(self, *, verify_tls: bool = True, certificate: tuple[str, str] | None = None) -> None:
        """`certificate` names the files of a client certificate and its key; raises UnusableCertificateError."""
        self._verify_tls = verify_tls
        self._tls: ssl.SSLContext | None = None
        if certificate is not None:
            _show(self._tls_context(), *certificate)
        self._idle: dict[tuple[bool, str, int], list[_Idle]] = {}

    async def open(self, request: Request) -> Http1Answer:
        """Send `request`, on a kept connection where there is one; raises NoAnswerError."""
        target = target_of(request.url)
        state, data = encoded(request, target)
        kept = self._kept(target)
        if kept is not None:
            answer = Http1Answer(kept, state, data, self._keeper(target))
            if await _is_answered(answer, may_fail=request.method in SAFE_METHODS):
                return answer
            # It was closed while idle. What is safe to repeat is sent again (RFC 9110, section 9.2.2).
            state, data = encoded(request, target)
        return await self._open_fresh(target, state, data)

    async def aclose(self) -> None:
        """Close all kept connections."""
        for kept in self._idle.values():
            for idle in kept:
                idle.wire.close()
        self._idle.clear()
        # The event loop closes sockets in its next turns; without them a warning follows.
        for _ in range(3):
            await asyncio.sleep(0)

    def _keeper(self, target: Target) -> Callable[[Wire], None]:
        kept = self._idle.setdefault(target.origin, [])
        return lambda wire: kept.append(_Idle(wire, time.monotonic()))

    async def _open_fresh(self, target: Target, state: h11.Connection, data: bytes) -> Http1Answer:
        wire = await self._connected(target)
        answer = Http1Answer(wire, state, data, self._keeper(target))
        await _is_answered(answer, may_fail=False)
        return answer

    def _kept(self, target: Target) -> Wire | None:
        kept = self._idle.get(target.origin, [])
        while kept:
            idle = kept.pop()
            if idle.wire.is_quiet and time.monotonic() - idle.since_s < IDLE_LIMIT_S:
                return idle.wire
            idle.wire.close()
        return None

    async def _connected(self, target: Target) -> Wire:
        loop = asyncio.get_running_loop()
        with _connect_failures(target):
            tls = self._tls_context() if target.is_tls else None
            _, wire = await loop.create_connection(Wire, target.host, target.port, ssl=tls)
        return wire

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])
            if not self._verify_tls:
                self._tls.check_hostname = False
                self._tls.verify_mode = ssl.CERT_NONE
        return self._tls


def _show(tls: ssl.SSLContext, certificate: str, key: str) -> None:
    """Let a context show a client certificate whose key stands in a file of its own, or beside it."""

    def locked() -> str:
        raise UnusableCertificateError(f"the key of the certificate {certificate} is locked with a password")

    try:
        tls.load_cert_chain(certificate, key or None, password=locked)
    except ssl.SSLError:
        raise UnusableCertificateError(f"{certificate} holds no certificate in PEM with the key that fits") from None
    except OSError as error:
        raise UnusableCertificateError(f"the certificate {certificate} cannot be read: {error.strerror}") from None


async def _is_answered(answer: Http1Answer, *, may_fail: bool) -> bool:
    try:
        await answer.answered()
    except BaseException as error:
        answer.close()
        is_stale = isinstance(error, NoAnswerError) and error.failure is Failure.HUNG_UP
        if may_fail and is_stale and not answer.has_begun:
            return False
        raise
    return True


@contextlib.contextmanager
def _connect_failures(target: Target) -> Iterator[None]:
    place = f"{target.host}:{target.port}"
    try:
        yield
    except socket.gaierror as error:
        raise NoAnswerError(Failure.UNREACHABLE, f"the name {target.host} has no address") from error
    except ssl.SSLCertVerificationError as error:
        raise NoAnswerError(Failure.TLS, f"its certificate is not trusted: {error.verify_message}") from error
    except ssl.SSLError as error:
        raise NoAnswerError(Failure.TLS, f"no secure connection could be agreed: {error.reason}") from error
    except ConnectionRefusedError as error:
        raise NoAnswerError(Failure.UNREACHABLE, f"nothing listens at {place}") from error
    except OSError as error:
        failure = Failure.TLS if target.is_tls and isinstance(error, ConnectionError) else Failure.UNREACHABLE
        raise NoAnswerError(failure, f"{place} cannot be reached: {error.strerror or 'no address answers'}") from error
    except ValueError as error:
        raise NoAnswerError(Failure.NOT_SENDABLE, f"{target.host} is no name of a host") from error
