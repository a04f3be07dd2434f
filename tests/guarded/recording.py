"""An API on raw sockets that keeps the exact bytes it is sent, and answers by path."""

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedReader
from typing import Final

KEPT_BODY: Final = 2 * 1024 * 1024
_PLAIN: Final = b'{"ok": true}'


class OddRequestError(Exception):
    """The API was sent something that it cannot read as one request."""


@dataclass(frozen=True)
class Seen:
    """One request as the API read it; `body` is its beginning where it is large."""

    line: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    raw_head: bytes
    body: bytes
    size: int
    digest: str

    @property
    def target(self) -> str:
        """The request target."""
        return self.line.split(b" ")[1].decode("latin-1")

    def values(self, name: bytes) -> list[bytes]:
        """Return the values of a field, in order; `_` and `-` are the same, as they are for WSGI servers."""
        wanted = name.replace(b"_", b"-")
        return [value for one, value in self.fields if one.lower().replace(b"_", b"-") == wanted]


@dataclass
class Recorder:
    """What the API saw. `odd` are messages that were no request, or held more than one."""

    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    odd: list[bytes] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    answers: dict[str, bytes] = field(default_factory=dict)
    """Whole raw answers by path."""
    lines: set[socket.socket] = field(default_factory=set, repr=False)
    server: socket.socket | None = field(default=None, repr=False)

    def close(self) -> None:
        """Go away, with all connections."""
        self.hold.set()
        for line in (self.server, *self.lines):
            if line is not None:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
        if self.server is not None:
            self.server.close()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def at(self, marker: str) -> list[Seen]:
        """Return the requests whose target holds `marker`."""
        return [one for one in self.seen if marker in one.target]


@contextmanager
def recording(port: int = 0) -> Iterator[Recorder]:
    """Run the API in threads of this process."""
    recorder = Recorder()
    with socket.create_server(("127.0.0.1", port), backlog=512) as server:
        recorder.port = server.getsockname()[1]
        recorder.server = server
        threading.Thread(target=_accept, args=(server, recorder), daemon=True).start()
        try:
            yield recorder
        finally:
            recorder.close()


def plain(body: bytes = _PLAIN, status: str = "200 OK", kind: str = "application/json", more: str = "") -> bytes:
    """Return a raw answer with its length."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _accept(server: socket.socket, recorder: Recorder) -> None:
    with suppress(OSError):
        while True:
            line, _ = server.accept()
            recorder.lines.add(line)
            threading.Thread(target=_serve, args=(line, recorder), daemon=True).start()


def _serve(line: socket.socket, recorder: Recorder) -> None:
    with suppress(OSError), line:
        reader = line.makefile("rb")
        while True:
            try:
                seen = _read(reader)
            except OddRequestError as error:
                recorder.odd.append(str(error).encode())
                break
            if seen is None:
                break
            recorder.seen.append(seen)
            _answer(line, seen, recorder)
    recorder.lines.discard(line)


def _read(reader: BufferedReader) -> Seen | None:
    raw = b""
    while not raw.endswith(b"\r\n\r\n"):
        piece = reader.readline(65_537)
        if not piece:
            if raw:
                raise OddRequestError(f"half a head: {raw[:200]!r}")
            return None
        raw += piece
        if not piece.endswith(b"\r\n"):
            raise OddRequestError(f"a line without CRLF: {piece[:200]!r}")
    lines = raw[:-4].split(b"\r\n")
    fields = []
    for one in lines[1:]:
        name, colon, value = one.partition(b":")
        if not colon or not name or name != name.strip():
            raise OddRequestError(f"no field: {one[:200]!r}")
        fields.append((name, value.strip(b" \t")))
    if lines[0].count(b" ") != 2 or not lines[0].endswith(b" HTTP/1.1"):
        raise OddRequestError(f"no request line: {lines[0][:200]!r}")
    body, size, digest = _read_body(reader, fields)
    return Seen(lines[0], tuple(fields), raw, body, size, digest)


def _read_body(reader: BufferedReader, fields: list[tuple[bytes, bytes]]) -> tuple[bytes, int, str]:
    lengths = [value for name, value in fields if name.lower() == b"content-length"]
    codings = [value for name, value in fields if name.lower() == b"transfer-encoding"]
    if len(lengths) + len(codings) > 1:
        raise OddRequestError(f"two framings: {fields!r}")
    kept, size, digest = b"", 0, hashlib.sha256()
    for piece in _chunks(reader) if codings else _counted(reader, int(lengths[0]) if lengths else 0):
        size += len(piece)
        digest.update(piece)
        if len(kept) < KEPT_BODY:
            kept += piece
    return kept, size, digest.hexdigest()


def _counted(reader: BufferedReader, left: int) -> Iterator[bytes]:
    while left:
        piece = reader.read(min(left, 65_536))
        if not piece:
            raise OddRequestError("the body ended early")
        left -= len(piece)
        yield piece


def _chunks(reader: BufferedReader) -> Iterator[bytes]:
    while True:
        size_line = reader.readline(100)
        if not size_line:
            raise OddRequestError("the body ended early")
        left = int(size_line, 16)
        yield from _counted(reader, left)
        if reader.readline(100) != b"\r\n":
            raise OddRequestError("no line end after a chunk")
        if not left:
            return


def _answer(line: socket.socket, seen: Seen, recorder: Recorder) -> None:
    path = seen.target.partition("?")[0]
    ready = recorder.answers.get(path)
    is_head = seen.line.startswith(b"HEAD ")
    if ready is not None:
        line.sendall(ready.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if is_head else ready)
    elif path == "/events":
        _stream(line, recorder)
    elif path == "/held":
        recorder.hold.wait(20)
        line.sendall(plain())
    elif path.startswith("/big/"):
        _big(line, int(path[5:]))
    else:
        line.sendall(plain(b"" if is_head else _PLAIN))


def _stream(line: socket.socket, recorder: Recorder) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    line.sendall(b"9\r\ndata: 1\n\n\r\n")
    recorder.hold.wait(20)  # the second event comes only when the test has seen the first
    line.sendall(b"9\r\ndata: 2\n\n\r\n0\r\n\r\n")


def _big(line: socket.socket, size: int) -> None:
    line.sendall(plain(kind="application/octet-stream").replace(b"12\r\n", b"%d\r\n" % size).partition(b"\r\n\r\n")[0])
    line.sendall(b"\r\n\r\n")
    piece = bytes(65_536)
    while size:
        size -= line.send(piece[: min(size, len(piece))])
