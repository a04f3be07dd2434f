"""HTTP/1.1 on one wire, strict in what it takes (h11), with the request's bytes left as they are."""

import time
from collections.abc import Callable
from typing import Final, TypeAlias

import h11

from apiward.core.exchange import Failure, Headers, Request
from apiward.net.target import Target
from apiward.net.transport import CutShortError, NoAnswerError
from apiward.net.wire import Wire

HEAD_LIMIT_BYTES: Final = 128_000
INTERIM_LIMIT: Final = 50
_Event: TypeAlias = h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]
_LENGTH_METHODS: Final = frozenset({"POST", "PUT", "PATCH"})


def encoded(request: Request, target: Target) -> tuple[h11.Connection, bytes]:
    """Return a fresh protocol state and the bytes to send; raises NoAnswerError (NOT_SENDABLE)."""
    state = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_LIMIT_BYTES)
    try:
        head = h11.Request(
            method=request.method.encode("ascii"),
            target=target.path,
            headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in _fields(request, target)],
        )
        data = state.send(head) or b""
        if request.body:
            data += state.send(h11.Data(data=request.body)) or b""
        return state, data + (state.send(h11.EndOfMessage()) or b"")
    except UnicodeEncodeError as error:
        raise NoAnswerError(Failure.NOT_SENDABLE, "HTTP cannot carry these characters in a header or method") from error
    except h11.LocalProtocolError as error:
        raise NoAnswerError(Failure.NOT_SENDABLE, f"HTTP does not allow this request: {_reason(error)}") from error


def _fields(request: Request, target: Target) -> Headers:
    names = {name.lower() for name, _ in request.headers}
    fields = request.headers
    if "host" not in names:
        fields = (("Host", target.authority.decode("ascii")), *fields)
    has_body = bool(request.body) or request.method.upper() in _LENGTH_METHODS
    if has_body and not names & {"content-length", "transfer-encoding"}:
        fields = (*fields, ("Content-Length", str(len(request.body))))
    return fields


class Http1Answer:
    """One request sent on `wire` and its answer. `answered` awaits the head, then `read` gives the body.

    `keep` takes the wire back when it can carry another request.
    """

    def __init__(self, wire: Wire, state: h11.Connection, data: bytes, keep: Callable[[Wire], None]) -> None:
        self.status = 0
        self.headers: Headers = ()
        self.sent_at_s = time.monotonic()
        self.has_begun = False
        self._wire = wire
        self._state = state
        self._keep = keep
        self._is_closed = False
        wire.write(data)

    async def answered(self) -> None:
        """Read up to the end of the head; raises NoAnswerError."""
        for _ in range(INTERIM_LIMIT):
            event = await self._head_event()
            if isinstance(event, h11.Response) or (
                isinstance(event, h11.InformationalResponse) and event.status_code == 101
            ):
                self.status = event.status_code
                raw = event.headers.raw_items()
                self.headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
                return
        raise NoAnswerError(Failure.BAD_PROTOCOL, f"it sent {INTERIM_LIMIT} interim answers and no final one")

    async def read(self) -> bytes:
        """Return the next piece of the raw body, empty at its end; raises CutShortError."""
        while True:
            event = await self._body_event()
            if isinstance(event, h11.Data):
                return bytes(event.data)
            if isinstance(event, h11.EndOfMessage) or event is h11.PAUSED:
                return b""

    def close(self) -> None:
        """Give the wire back, or drop it where another request on it would not be safe."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._is_clean:
            self._keep(self._wire)
        else:
            self._wire.close()

    @property
    def _is_clean(self) -> bool:
        # All was read, nobody wants to close, and nothing came unasked.
        is_done = self._state.their_state is h11.DONE and self._state.our_state is h11.DONE
        return is_done and not self._state.trailing_data[0] and self._wire.is_quiet

    async def _head_event(self) -> _Event:
        try:
            return await self._next_event()
        except OSError as error:
            raise NoAnswerError(Failure.HUNG_UP, "it broke the connection before it answered") from error
        except h11.RemoteProtocolError as error:
            raise self._no_head(error) from error

    async def _body_event(self) -> _Event:
        try:
            return await self._next_event()
        except OSError as error:
            raise CutShortError("it broke the connection in the middle of the body") from error
        except h11.RemoteProtocolError as error:
            is_over = self._state.trailing_data[1]
            hung_up = "it hung up in the middle of the body"
            raise CutShortError(hung_up if is_over else f"the body is not valid HTTP: {_reason(error)}") from error

    async def _next_event(self) -> _Event:
        while (event := self._state.next_event()) is h11.NEED_DATA:
            data = await self._wire.read()
            self.has_begun = self.has_begun or bool(data)
            self._state.receive_data(data)
        return event

    def _no_head(self, error: h11.RemoteProtocolError) -> NoAnswerError:
        left, is_over = self._state.trailing_data
        if is_over and (not left or left.startswith(b"HTTP/")):
            return NoAnswerError(Failure.HUNG_UP, "it hung up before its answer was complete")
        return NoAnswerError(Failure.BAD_PROTOCOL, f"what it sent is not valid HTTP: {_reason(error)}")


def _reason(error: h11.ProtocolError) -> str:
    text = str(error).partition(": bytearray")[0].partition(" (expected")[0]
    return f"it is longer than {HEAD_LIMIT_BYTES} bytes" if text == "Receive buffer too long" else text
