"""Logs in the xz format, unpacked in a bounded room. A file says how much of it must be remembered: up to 4 GB."""

import io
import lzma
from typing import BinaryIO, Final

MAGIC: Final = b"\xfd7zXZ\x00"
MOST_MEMORY: Final = 128 * 1_048_576
"""The strongest of the usual levels (`xz -9`) takes 65 MB."""
_PIECE: Final = 65_536
_BEYOND: Final = "Memory usage limit"


class RoomError(lzma.LZMAError):
    """To unpack it would take too much memory. The message says so, after the name of the log."""


class XzStream(io.RawIOBase):
    """The unpacked bytes of a file; several packed ones may stand one after another, as `xz` itself allows.

    Raises lzma.LZMAError or EOFError where it is damaged, and RoomError.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0
        self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, MOST_MEMORY)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that places can be gone to; back is by beginning anew."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # what a reader gives
        """Fill in the next bytes; return how many, 0 at the end."""
        data = self._next(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place of the unpacked bytes."""
        wanted = offset if whence == io.SEEK_SET else self._at + offset
        if wanted < self._at:
            self._file.seek(0)
            self._unpacker, self._at = lzma.LZMADecompressor(lzma.FORMAT_XZ, MOST_MEMORY), 0
        while self._at < wanted:
            passed = len(self._next(min(wanted - self._at, _PIECE)))
            if not passed:
                break
            self._at += passed
        return self._at

    def _next(self, size: int) -> bytes:
        while True:
            packed = b""
            if self._unpacker.eof:
                packed = self._begun()
                if not packed.startswith(MAGIC):
                    return b""
                self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, MOST_MEMORY)
            elif self._unpacker.needs_input:
                packed = self._file.read(_PIECE)
                if not packed:
                    raise EOFError("it ends in the middle")
            data = self._unpacked(packed, size)
            if data:
                return data

    def _begun(self) -> bytes:
        """Return what comes after the end of a part and the zeros behind it: enough to tell whether it is another."""
        packed = self._unpacker.unused_data.lstrip(b"\0")
        while len(packed) < len(MAGIC):
            more = self._file.read(_PIECE)
            if not more:
                break
            packed = (packed + more).lstrip(b"\0")
        return packed

    def _unpacked(self, packed: bytes, size: int) -> bytes:
        try:
            return self._unpacker.decompress(packed, size)
        except lzma.LZMAError as error:
            if _BEYOND not in str(error):
                raise
            raise RoomError(f"takes more than {MOST_MEMORY // 1_048_576} MB of memory to be unpacked") from None
