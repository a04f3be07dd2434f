"""The spool: events are appended to mapped files, so that a killed process loses none that it accepted.

A segment is a file of fixed size, all zeros at first. Its first line names the columns, each
further line is one packed event. Bytes that are written stay in the kernel's page cache when the
process is killed; nothing is synced, so a power cut may lose the last seconds. Its writer holds a
lock on it, which the kernel frees at its death: what is not locked is left over and gets replayed.
The folder must be on a local disk. Its blocks are reserved when a segment is made, as writing to a
mapped file on a full disk would end the process.
"""

import contextlib
import fcntl
import mmap
import os
import secrets
import time
from pathlib import Path
from typing import Final

from apiward.stores.events.segments import SUFFIX, header

SEGMENT_SIZE: Final = 4 * 1024 * 1024
"""Bytes of one segment: some 15,000 events."""
MAX_SPOOL: Final = 256 * 1024 * 1024
"""Bytes of all segments in the folder. Workers that make one in the same moment may go over it by one each."""
_NEW: Final = ".new"
_HALF_MADE_S: Final = 60.0
MIN_SEGMENT: Final = 256 * 1024


class SpoolFullError(Exception):
    """No further segment can be made: the folder is at its bound, or the disk is full."""


class Spool:
    """Appends to one segment after another. Not safe for several threads; several processes have one each."""

    def __init__(self, folder: Path, *, segment_size: int = SEGMENT_SIZE, most_bytes: int = MAX_SPOOL) -> None:
        if not MIN_SEGMENT <= segment_size <= most_bytes:
            raise ValueError(f"a segment has {MIN_SEGMENT} bytes at least and fits into the spool: {segment_size}")
        self._folder = folder
        self._size = segment_size
        self._most = most_bytes
        self._segment: _Segment | None = None
        self._end = segment_size  # of what is written: no segment is like a full one
        self._closed: list[Path] = []

    def append(self, record: bytes) -> None:
        """Append a packed event. When this returns, a kill of the process does not lose it. Raises SpoolFullError."""
        start = self._end
        end = start + len(record)
        segment = self._segment
        if segment is None or end > self._size:
            segment, start = self._next(), len(header())
            end = start + len(record)
        segment.map[start:end] = record
        self._end = end

    def close(self) -> None:
        """Give the segment free: whoever drains the folder reads it to its end and removes it."""
        if self._segment:
            self._segment.close(self._end)
            self._closed = [*(path for path in self._closed if path.exists()), self._segment.path]
            self._segment = None

    def is_drained(self) -> bool:
        """Return whether all segments that were given free are gone."""
        return not any(path.exists() for path in self._closed)

    def _next(self) -> "_Segment":
        self.close()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if spooled_bytes(self._folder) + self._size > self._most:
                raise SpoolFullError(f"the events in {self._folder} take {self._most} bytes")
            self._segment = _Segment(self._folder, self._size)
        except OSError as error:
            raise SpoolFullError(f"no room for events in {self._folder}: {error.strerror}") from error
        return self._segment


class _Segment:
    """A mapped file that this process writes. Its first line stands in it when it gets its name."""

    __slots__ = ("_descriptor", "map", "path")

    def __init__(self, folder: Path, size: int) -> None:
        # Named for good only once it is locked: an unlocked segment is taken for a dead one's.
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        new = folder / f"{name}{_NEW}"
        self._descriptor = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.posix_fallocate(self._descriptor, 0, size)
            self.map = mmap.mmap(self._descriptor, size)
            first = header()
            self.map[: len(first)] = first
            self.path = new.rename(folder / f"{name}{SUFFIX}")
        except OSError:
            os.close(self._descriptor)
            new.unlink(missing_ok=True)
            raise

    def close(self, end: int) -> None:
        self.map.close()
        os.ftruncate(self._descriptor, end)
        os.close(self._descriptor)


def spooled_bytes(folder: Path) -> int:
    """Return how many bytes the segments in `folder` take."""
    total = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(SUFFIX):
                total += _size(entry)
    return total


def remove_half_made(folder: Path, now_s: float) -> None:
    """Remove what a process left that was killed while it made a segment: no event stands in it."""
    for path in folder.glob(f"*{_NEW}"):
        with contextlib.suppress(FileNotFoundError):
            if now_s - path.stat().st_mtime > _HALF_MADE_S:
                path.unlink()


def _size(entry: "os.DirEntry[str]") -> int:
    try:
        return entry.stat().st_size
    except FileNotFoundError:  # drained in this moment
        return 0
