"""The chunked transfer coding (RFC 9112, section 7.1), read piece by piece in bounded memory."""

import re
from typing import Final

from apiward.net.proxy.failures import BadAnswerError

_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\x00-\x08\x0a-\x1f\x7f]*)?\r\n")
_LINE_LIMIT: Final = 4096
_TRAILER_LIMIT: Final = 16 * 1024


class ChunkReader:
    """Takes bytes as they come and gives the data in them. Trailers are read and dropped."""

    __slots__ = ("_held", "_left", "_trailer_bytes", "_want", "is_done")

    def __init__(self) -> None:
        self.is_done = False
        self._held = b""
        self._want = "size"
        self._left = 0
        self._trailer_bytes = 0

    def feed(self, data: bytes) -> tuple[list[bytes], bytes]:
        """Return the data pieces in `data`, and what stands behind the end; raises BadAnswerError."""
        buffer = self._held + data if self._held else data
        pieces: list[bytes] = []
        at = 0
        while not self.is_done:
            step = self._step(buffer, at, pieces)
            if step < 0:
                break
            at = step
        rest = buffer[at:]
        self._held = b"" if self.is_done else rest
        return pieces, rest if self.is_done else b""

    def _step(self, buffer: bytes, at: int, pieces: list[bytes]) -> int:
        """Return where to go on, or -1 where more bytes are needed."""
        if self._want == "data":
            return self._take_data(buffer, at, pieces)
        end = buffer.find(b"\n", at, at + _LINE_LIMIT)
        if end < 0:
            if len(buffer) - at >= _LINE_LIMIT:
                raise BadAnswerError("a line between chunks is too long")
            return -1
        line = buffer[at : end + 1]
        if self._want == "size":
            self._take_size(line)
        elif self._want == "gap":
            self._take_gap(line)
        else:
            self._take_trailer(line)
        return end + 1

    def _take_data(self, buffer: bytes, at: int, pieces: list[bytes]) -> int:
        piece = buffer[at : at + self._left]
        if not piece:
            return -1
        pieces.append(piece)
        self._left -= len(piece)
        if not self._left:
            self._want = "gap"
        return at + len(piece)

    def _take_size(self, line: bytes) -> None:
        match = _SIZE.fullmatch(line)
        if match is None:
            raise BadAnswerError("a chunk's size is no number")
        self._left = int(match[1], 16)
        self._want = "data" if self._left else "trailer"

    def _take_gap(self, line: bytes) -> None:
        if line != b"\r\n":
            raise BadAnswerError("a chunk is longer than it says")
        self._want = "size"

    def _take_trailer(self, line: bytes) -> None:
        self._trailer_bytes += len(line)
        if self._trailer_bytes > _TRAILER_LIMIT:
            raise BadAnswerError("the trailers are too large")
        self.is_done = line == b"\r\n"
