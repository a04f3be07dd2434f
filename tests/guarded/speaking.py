"""Clients that send exact bytes: HTTP/1.1 as text, HTTP/2 as frames made by hand."""

import select
import socket
import struct
import time
from collections.abc import Iterable, Mapping
from typing import Final

WAIT_S: Final = 10.0
QUIET_S: Final = 0.7
_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST, SETTINGS, GOAWAY, CONTINUATION = 0, 1, 3, 4, 7, 9
END_STREAM, END_HEADERS = 1, 4


def ask(port: int, data: bytes, wait_s: float = WAIT_S, source: str = "") -> bytes:
    """Send `data`, and return all that comes until the other side hangs up, or `wait_s` has passed.

    `source` is the address (127.0.x.y) that the connection comes from.
    """
    with socket.create_connection(("127.0.0.1", port), wait_s, (source, 0) if source else None) as line:
        line.sendall(data)
        return read_all(line)


def get(port: int, target: str = "/", *fields: str, method: str = "GET", body: bytes = b"", source: str = "") -> bytes:
    """Send one request and return the raw answer."""
    lines = [f"{method} {target} HTTP/1.1", "Host: shop.test", "Connection: close", *fields]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ask(port, "\r\n".join([*lines, "", ""]).encode("latin-1") + body, source=source)


def post(port: int, target: str, body: bytes, *fields: str, kind: str = "application/json") -> bytes:
    """Post a body."""
    return get(port, target, f"Content-Type: {kind}", *fields, method="POST", body=body)


def status_of(answer: bytes) -> int:
    """Return the status of a raw answer; 0 where there is none."""
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


def body_of(answer: bytes) -> bytes:
    """Return what stands behind the head of a raw answer."""
    return answer.partition(b"\r\n\r\n")[2]


def read_all(line: socket.socket) -> bytes:
    """Return what comes until the end, or until the socket's time is over."""
    pieces = []
    try:
        while piece := line.recv(65_536):
            pieces.append(piece)
    except OSError:
        pass
    return b"".join(pieces)


def ask_at_once(port: int, payloads: Mapping[str, bytes], quiet_s: float = QUIET_S) -> dict[str, bytes]:
    """Send each payload on a connection of its own; return what came back when all has been quiet for a while."""
    lines = {name: socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) for name in payloads}
    try:
        for name, payload in payloads.items():
            _send(lines[name], payload)
        return _collected(lines, quiet_s)
    finally:
        for line in lines.values():
            line.close()


def _send(line: socket.socket, payload: bytes) -> None:
    try:
        line.sendall(payload)
    except OSError:  # it was refused before it was all sent
        return


def _collected(lines: Mapping[str, socket.socket], quiet_s: float) -> dict[str, bytes]:
    got = dict.fromkeys(lines, b"")
    names = {line.fileno(): name for name, line in lines.items()}
    poll = select.poll()
    for number in names:
        poll.register(number, select.POLLIN)
    end_s = time.monotonic() + WAIT_S
    while names and time.monotonic() < end_s:
        ready = poll.poll(quiet_s * 1000)
        if not ready:
            break
        for number, _ in ready:
            piece = _received(lines[names[number]])
            got[names[number]] += piece
            if not piece:
                poll.unregister(number)
                del names[number]
    return got


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(65_536)
    except OSError:
        return b""


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """Return one HTTP/2 frame (RFC 9113, section 4.1)."""
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return header fields in HPACK, each as plain text without indexing (RFC 7541, section 6.2.2)."""
    return b"".join(b"\x00" + _text(name) + _text(value) for name, value in fields)


def _text(data: bytes) -> bytes:
    if len(data) < 127:
        return bytes([len(data)]) + data
    rest, more = len(data) - 127, b""
    while rest >= 128:
        more += bytes([rest % 128 + 128])
        rest //= 128
    return b"\x7f" + more + bytes([rest]) + data


def pseudo(method: bytes, path: bytes, authority: bytes = b"shop.test") -> list[tuple[bytes, bytes]]:
    """Return the fields that begin an HTTP/2 request."""
    return [(b":method", method), (b":scheme", b"http"), (b":authority", authority), (b":path", path)]


def opening(*frames: bytes) -> bytes:
    """Return a whole HTTP/2 connection's bytes: preface, settings, and `frames`."""
    return b"".join((_PREFACE, frame(SETTINGS, 0, 0), *frames))


def request2(
    method: bytes, path: bytes, *fields: tuple[bytes, bytes], body: bytes | None = None, stream: int = 1
) -> bytes:
    """Return the frames of an HTTP/2 request; `body` None ends it with its head."""
    head = literal([*pseudo(method, path), *fields])
    if body is None:
        return frame(HEADERS, END_HEADERS | END_STREAM, stream, head)
    return frame(HEADERS, END_HEADERS, stream, head) + frame(DATA, END_STREAM, stream, body)


def frames_in(data: bytes) -> list[tuple[int, int, int, bytes]]:
    """Return (kind, flags, stream, payload) of the frames in `data`."""
    found, at = [], 0
    while at + 9 <= len(data):
        length = int.from_bytes(data[at : at + 3], "big")
        kind, flags = data[at + 3], data[at + 4]
        stream = int.from_bytes(data[at + 5 : at + 9], "big")
        found.append((kind, flags, stream, data[at + 9 : at + 9 + length]))
        at += 9 + length
    return found
