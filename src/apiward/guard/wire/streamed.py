"""Bodies that are too long to be held: what stands behind their first part is judged as it streams by.

A form with files is cut into its parts: fields are read whole, of files only the head. Anything else that
streams must not turn out to be JSON behind so much blank space that nobody looked.
"""

from enum import Enum
from typing import Final, Protocol

from apiward.guard.wire.multipart import LARGEST_HEAD, RULE, Part, read_part
from apiward.guard.wire.unfit import UnfitError

LARGEST_FIELD: Final = 1_048_576
"""Bytes that a field without a file may have, in a form that is too long to be held."""
_BRACKETS: Final = (b"{", b"[")
_BLANKS: Final = b" \t\r\n"


class StreamedBody(Protocol):
    """Reads the rest of a body piece by piece. Raises UnfitError."""

    def feed(self, piece: bytes) -> list[Part]:
        """Take the next piece; return the parts that are complete now, files without their content."""
        ...

    def end(self) -> None:
        """Say that this was all."""
        ...


class _At(Enum):
    START = 0
    BOUNDARY = 1
    HEAD = 2
    FIELD = 3
    FILE = 4
    END = 5


class StreamedForm:
    """A form with files, from its first byte on. It holds one field, or the head of a part, at most."""

    __slots__ = ("_at", "_buffer", "_count", "_endings", "_head", "_mark", "_most", "_scanned")

    def __init__(self, boundary: bytes, *, most: int, refused_extensions: frozenset[str]) -> None:
        self._mark = b"\r\n--" + boundary
        self._most = most
        self._endings = refused_extensions
        self._at = _At.START
        self._buffer = bytearray(b"\r\n")
        self._head = b""
        self._count = 0
        self._scanned = 0

    def feed(self, piece: bytes) -> list[Part]:
        """Take the next piece; return the parts that are complete now, files without their content."""
        self._buffer += piece
        found: list[Part] = []
        while self._step(found):
            pass
        return found

    def end(self) -> None:
        """Say that this was all: it must have come to the last boundary."""
        if self._at is not _At.END:
            raise UnfitError(RULE, "body", "does not end with the boundary")

    @property
    def held(self) -> int:
        """How many bytes are held."""
        return len(self._buffer)

    def _step(self, found: list[Part]) -> bool:
        """Take one thing off the buffer; False where more must come first."""
        if self._at is _At.START:
            return self._start()
        if self._at is _At.BOUNDARY:
            return self._boundary()
        if self._at is _At.HEAD:
            return self._part_head(found)
        if self._at is _At.END:
            if not b"\r\n".startswith(self._buffer):
                raise UnfitError(RULE, "body", "goes on after its last boundary")
            return False
        return self._content(found)

    def _start(self) -> bool:
        if len(self._buffer) < len(self._mark):
            return False
        if not self._buffer.startswith(self._mark):
            raise UnfitError(RULE, "body", "does not begin with the boundary")
        return self._went_on(len(self._mark), _At.BOUNDARY)

    def _boundary(self) -> bool:
        following = bytes(self._buffer[:2])
        if len(following) < 2:
            return False
        if following not in {b"--", b"\r\n"}:
            raise UnfitError(RULE, "body", "a boundary that goes on")
        return self._went_on(2, _At.END if following == b"--" else _At.HEAD)

    def _part_head(self, found: list[Part]) -> bool:
        end = self._buffer.find(b"\r\n\r\n", 0, LARGEST_HEAD + 4)
        if end < 0:
            if len(self._buffer) > LARGEST_HEAD:
                raise UnfitError(RULE, "body", "a part without an end of its headers, or with very long ones")
            return False
        self._count += 1
        if self._count > self._most:
            raise UnfitError("protocol.form-too-large", "body", f"more than {self._most} parts")
        self._head = b"\r\n" + bytes(self._buffer[: end + 4])
        part = read_part(self._head, self._endings)
        if part.file_name is not None:
            found.append(part)
        # The line end before a boundary may be the one that ends the head: then the part is empty.
        return self._went_on(end + 4, _At.FIELD if part.file_name is None else _At.FILE)

    def _content(self, found: list[Part]) -> bool:
        end = self._buffer.find(self._mark, self._scanned)
        if self._at is _At.FIELD and (len(self._buffer) if end < 0 else end) > LARGEST_FIELD:
            raise UnfitError("protocol.form-too-large", "body", f"a field of more than {LARGEST_FIELD} bytes")
        if end >= 0:
            if self._at is _At.FIELD:
                found.append(read_part(self._head + bytes(self._buffer[:end]), self._endings))
            return self._went_on(end + len(self._mark), _At.BOUNDARY)
        rest = max(0, len(self._buffer) - len(self._mark) + 1)
        if self._at is _At.FILE:
            del self._buffer[:rest]
        else:
            self._scanned = rest
        return False

    def _went_on(self, size: int, then: _At) -> bool:
        del self._buffer[:size]
        self._at, self._scanned = then, 0
        return True


class StreamedBytes:
    """Anything but a form. It must not begin as JSON does, after however many blanks."""

    __slots__ = ("_has_begun",)

    def __init__(self) -> None:
        self._has_begun = False

    def feed(self, piece: bytes) -> list[Part]:
        """Take the next piece; there are no parts."""
        if not self._has_begun and (begin := piece.lstrip(_BLANKS)[:1]):
            self._has_begun = True
            if begin in _BRACKETS:
                raise UnfitError(
                    "protocol.type-mismatch", "header content-type", "JSON, and too large to be read whole"
                )
        return []

    def end(self) -> None:
        """Say that this was all."""
