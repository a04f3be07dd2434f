"""One HTTP/1.1 connection to an upstream server, on the event loop's own transport.

Why not a client library: a bare proxy with granian in front spent 80 µs of CPU a request with pyreqwest (its own
runtime thread, so every request crosses threads four times) and 52 µs with this; it also sends the path byte for
byte. What is read is bounded and strict, see `heads` and `chunks`.
"""

import asyncio
import math
import select
from typing import Final, cast

from apiward.net.proxy.chunks import ChunkReader
from apiward.net.proxy.failures import BadAnswerError, HungUpError, UnreachableError, UpstreamError
from apiward.net.proxy.heads import CHUNKED, HEAD_LIMIT_BYTES, UNTIL_CLOSE, Head, HeadReader
from apiward.net.proxy.messages import Receive

COLLECT_LIMIT_BYTES: Final = 64 * 1024
READ_AHEAD_BYTES: Final = 256 * 1024
_BODILESS: Final = frozenset({204, 304})


class Answer:
    """What came back. Where `is_complete`, `body` is all of it; else the rest comes from `Connection.read`.

    `is_counted` says whether its length was declared.
    """

    __slots__ = ("body", "fields", "is_complete", "is_counted", "status")

    def __init__(self, head: Head, body: bytes, is_complete: bool) -> None:  # noqa: FBT001 - a keyword costs time here
        self.status, self.fields, length, _ = head
        self.is_counted = length >= 0
        self.body = body
        self.is_complete = is_complete


class Connection(asyncio.Protocol):
    """Carries one exchange at a time. Its owner sets `deadline_s` and calls `fail` when it has passed."""

    __slots__ = (
        "_answer",
        "_buffer",
        "_chunks",
        "_drained",
        "_error",
        "_head",
        "_heads",
        "_is_head_request",
        "_is_used",
        "_keeps",
        "_left",
        "_loop",
        "_peek",
        "_pieces",
        "_queued",
        "_reader",
        "_reads_body",
        "_scanned",
        "deadline_s",
        "has_answered",
        "has_sent",
        "idle_since_s",
        "is_open",
        "receive",
        "started_s",
        "transport",
        "watcher",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, heads: HeadReader) -> None:
        self._loop = loop
        self._heads = heads
        self.is_open = False
        self.deadline_s = math.inf
        self.idle_since_s = 0.0
        self.started_s = 0.0
        self.receive: Receive | None = None
        self.watcher: asyncio.Task[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._error: UpstreamError | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._is_head_request = False
        self._reset()

    def _reset(self) -> None:
        self.has_answered = False
        self.has_sent = True
        self._head: Head | None = None
        self._keeps = False
        self._is_used = False
        self._buffer = b""
        self._scanned = 0
        self._reads_body = False
        self._left = 0
        self._chunks: ChunkReader | None = None
        self._pieces: list[bytes] = []
        self._queued = 0
        self._reader: asyncio.Future[None] | None = None

    # What the owner calls.

    def ask(self, data: bytes, *, is_head_request: bool, is_whole: bool = True) -> asyncio.Future[Answer]:
        """Send `data`, all of a request or else its beginning, and return where its answer will be."""
        if self._is_used:
            self._reset()
        else:  # the answer before came in one piece, and left nothing behind
            self.has_answered = self._keeps = False
            self._head = None
        self._is_head_request = is_head_request
        self.has_sent = is_whole
        answer = self._answer = self._loop.create_future()
        if self.is_open:
            self.transport.write(data)
        else:
            answer.set_exception(UnreachableError("the connection was closed before anything was sent"))
        return answer

    async def write(self, data: bytes) -> None:
        """Send more of the request's body; waits while the upstream is slow to take it."""
        if self._error is not None:
            raise self._error
        self.transport.write(data)
        if self._drained is not None:
            await self._drained

    async def read(self) -> bytes:
        """Return what has come of the body, empty at its end; raises UpstreamError where it was cut."""
        while not self._pieces:
            if self.is_finished:
                return b""
            if self._error is not None:
                raise self._error
            self._reader = self._loop.create_future()
            await self._reader
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        if self._queued >= READ_AHEAD_BYTES and self.is_open:
            self.transport.resume_reading()
        self._queued = 0
        return data

    @property
    def is_awaited(self) -> bool:
        """Whether the answer has been asked for and has not been handed over."""
        return self._answer is not None and not self._answer.done()

    @property
    def is_finished(self) -> bool:
        """Whether the whole answer has been read from the wire."""
        return self._head is not None and not self._reads_body

    def is_reusable(self) -> bool:
        """Return whether another request may be sent: nothing is left over, and both sides keep the line."""
        if not (self._keeps and self.is_open and self.has_sent) or self._head is None:
            return False
        return not self._reads_body and not self._buffer

    def is_still_open(self) -> bool:
        """Ask the system whether the other side has hung up while nobody looked; takes about a microsecond."""
        # An idle server has nothing to say: end of file and stray bytes both mean "do not use".
        return self.is_open and not self._peek.poll(0)

    def fail(self, error: UpstreamError | Exception) -> None:
        """End the exchange with `error` and cut the connection."""
        if self._error is None:
            self._error = cast("UpstreamError", error)
        if self.is_open:
            self.cut()
        self._wake()

    def close(self) -> None:
        """Close the connection in an orderly way; used when nothing is under way."""
        self.is_open = False
        self.transport.close()

    def cut(self) -> None:
        """Close the connection at once, whatever is under way."""
        self.is_open = False
        self.transport.abort()

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(high=READ_AHEAD_BYTES)
        self.is_open = True
        self._peek = select.poll()
        self._peek.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def connection_lost(self, exc: Exception | None) -> None:
        """End what is under way."""
        self.is_open = False
        if self._reads_body and self._head is not None and self._head.length == UNTIL_CLOSE and exc is None:
            self._end_body()
        elif self._error is None and not self.is_finished:
            self._error = HungUpError("the upstream closed the connection before its answer was complete")
        self._wake()

    def pause_writing(self) -> None:
        """Let `write` wait from now on: the upstream is slow."""
        self._drained = self._loop.create_future()

    def resume_writing(self) -> None:
        """Let `write` go on."""
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None

    def data_received(self, data: bytes) -> None:
        """Take bytes of the answer."""
        try:
            if self._reads_body:
                self._take_body(data)
            elif self._answer is None or self._head is not None:
                self.fail(BadAnswerError("the upstream spoke without being asked"))
            elif self._buffer or not self._take_whole(data):
                self._take_head(data)
        except BadAnswerError as error:
            self.fail(error)

    def _take_whole(self, data: bytes) -> bool:
        """Take a small answer that came in one piece, as most do; False where it is none."""
        self.has_answered = True
        awaited, end = self._answer, data.find(b"\r\n\r\n") + 4
        if end < 4 or end > HEAD_LIMIT_BYTES or self._is_head_request or awaited is None or awaited.done():
            return False
        head = self._heads.read(data[:end])
        status, _, length, self._keeps = head
        if status < 200 or status in _BODILESS or not 0 < length == len(data) - end:
            return False
        self._head = head
        awaited.set_result(Answer(head, data[end:], True))  # noqa: FBT003 - as above
        return True

    def _take_head(self, data: bytes) -> None:
        self.has_answered = self._is_used = True
        buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n", self._scanned) + 4
        if max(end, len(buffer) if end < 4 else 0) > HEAD_LIMIT_BYTES:
            raise BadAnswerError("the answer's head is too large")
        if end < 4:
            self._buffer, self._scanned = buffer, max(0, len(buffer) - 3)
            return
        head = self._heads.read(buffer[:end])
        self._buffer, self._scanned = b"", 0
        if head.status < 200:
            self._skip_interim(head, buffer[end:])
            return
        self._head, self._keeps = head, head.keeps
        self._begin_body(head, buffer[end:])

    def _skip_interim(self, head: Head, rest: bytes) -> None:
        if head.status == 101:
            raise BadAnswerError("the upstream switched protocols without being asked")
        if rest:
            self._take_head(rest)

    def _begin_body(self, head: Head, rest: bytes) -> None:
        length = head.length
        if self._is_head_request or head.status in _BODILESS:
            length = 0
        self._left = length
        if length == CHUNKED:
            self._chunks = ChunkReader()
        self._reads_body = length != 0
        if rest or not length:
            self._take_body(rest)
        elif not 0 < length <= COLLECT_LIMIT_BYTES:
            self._settle()

    def _take_body(self, data: bytes) -> None:
        if self._chunks is not None:
            pieces, rest = self._chunks.feed(data)
            self._pieces += pieces
            self._queued += sum(map(len, pieces))
            if self._chunks.is_done:
                self._buffer = rest
                self._end_body()
        elif self._left == UNTIL_CLOSE:
            self._pieces.append(data)
            self._queued += len(data)
        else:
            self._take_counted(data)
        self._tell_of_body()

    def _take_counted(self, data: bytes) -> None:
        if len(data) > self._left:
            data, self._buffer = data[: self._left], data[self._left :]
        if data:
            self._pieces.append(data)
        self._queued += len(data)
        self._left -= len(data)
        if not self._left:
            self._end_body()

    def _end_body(self) -> None:
        self._reads_body = False

    def _tell_of_body(self) -> None:
        collects = self._head is not None and 0 <= self._head.length <= COLLECT_LIMIT_BYTES
        if self._reads_body and self._queued >= READ_AHEAD_BYTES and self.is_open:
            self.transport.pause_reading()
        if self._reads_body and collects:
            return
        self._settle()
        self._wake_reader()

    def _settle(self) -> None:
        """Hand the answer over, if that has not been done, with what is there of its body."""
        if self._answer is None or self._answer.done() or self._head is None:
            return
        body = b"".join(self._pieces)
        self._pieces.clear()
        self._queued = 0
        self._answer.set_result(Answer(self._head, body, not self._reads_body))

    def _wake(self) -> None:
        if self._answer is not None and not self._answer.done():
            if self.is_finished:
                self._settle()
            else:
                self._answer.set_exception(self._error or HungUpError("the connection was closed"))
        self._wake_reader()
        self.resume_writing()

    def _wake_reader(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
