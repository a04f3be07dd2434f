"""A log in a file: read from where it was left, followed while it grows, and found again when it was exchanged.

A log is exchanged in two ways: it is renamed and a new one is made, or it is copied and then emptied. In both, what
was written before and not read yet stands in the old file beside it, which its first line tells.
"""

import os
import re
from collections import deque
from pathlib import Path
from typing import BinaryIO, Final

from apiward.app.watching.sources.archives import DAMAGED, open_log, why_not
from apiward.app.watching.sources.cutting import LineCutter
from apiward.app.watching.sources.heads import LONGEST, head_of, id_prefix
from apiward.app.watching.sources.model import BEGINNING, Chunk, Position
from apiward.config.errors import AdvisedError

CHUNK: Final = 1_048_576
MOST_SIBLINGS: Final = 400
_MOST_BEGUN: Final = 512
_ROTATED: Final = re.compile(r"(?:[-._]?(?:\d{1,14}(?:[-_T]\d{1,6})?)|\.old|\.bak)?(?:\.(?:gz|bz2|xz|zst|lzma))?$")


def log_name(path: Path) -> str:
    """Return the name that a log had before it was put aside: `access.log` for `access.log-20261130.gz`."""
    return _ROTATED.sub("", path.name) or path.name


class FileSource:
    """The lines of one file. With `is_followed`, there may always be more. Raises AdvisedError where it cannot be read.

    `key` goes into the ids of events; the name, if none is given. `position` is where an earlier run stopped. What was
    put aside since then is read first.
    """

    def __init__(
        self, path: Path, name: str, position: Position = BEGINNING, *, is_followed: bool = False, key: str = ""
    ) -> None:
        self.name = name
        self._key = key or name
        self._path = path
        self.damage = ""
        self._is_followed = is_followed
        self._before = 0
        self._waiting: deque[tuple[Path, Position]] = deque()
        self._open: _Opened | None = None
        self._heads: dict[tuple[int, int, int], str] = {}
        self.size = path.stat().st_size if path.is_file() else 0
        self._last = position
        self._from: Position | None = position

    @property
    def done_bytes(self) -> int:
        """Return how many bytes of files were read."""
        return self._before + (self._open.raw_offset if self._open is not None else 0)

    @property
    def is_over(self) -> bool:
        """Return whether all of it was read and it is not followed."""
        return not self._is_followed and self._open is None and not self._waiting and self._from is None

    def read(self) -> Chunk | None:
        """Return the next lines, or None where there are none now."""
        while True:
            opened = self._current()
            if opened is None:
                return None
            is_live = self._is_followed and not self._waiting and not opened.is_packed
            was_emptied = is_live and opened.was_emptied()
            chunk = None if was_emptied else opened.read(is_last=not is_live)
            if chunk is not None:
                return self._noted(chunk)
            if is_live and not was_emptied:
                if not self._was_exchanged(opened):
                    self._forget_nameless(opened)
                    return None
                chunk = opened.read(is_last=True)  # what came between the last look and the exchange
            self._let_go()
            if is_live:
                self._from = chunk.end if chunk is not None else self._last
            if chunk is not None:
                return self._noted(chunk)

    def _noted(self, chunk: Chunk) -> Chunk:
        self._last = chunk.end
        return chunk

    def _forget_nameless(self, opened: "_Opened") -> None:
        """Forget a file whose first line is not there yet: it may be exchanged before there is one to know it by."""
        if not opened.position.head:
            self._let_go()
            self._from = self._last

    def close(self) -> None:
        """Close what is open."""
        self._from = None
        self._let_go()
        self._waiting.clear()

    def _let_go(self) -> None:
        if self._open is not None:
            self.damage = self.damage or self._open.damage
            self._before += self._open.raw_offset
            self._open.close()
        self._open = None

    def _current(self) -> "_Opened | None":
        if self._open is None:
            if self._from is not None:
                self._waiting.extend(self._since(self._from))
                self._from = None
            if not self._waiting:
                return None
            path, position = self._waiting[0]
            if self._is_followed and not path.exists():  # it was taken away, and the new one is not there yet
                self._waiting.clear()
                self._from = self._last
                return None
            self._waiting.popleft()
            self._open = _Opened(path, self._key, position)
        return self._open

    def _was_exchanged(self, opened: "_Opened") -> bool:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return False
        return found.st_ino != opened.inode

    def _since(self, position: Position) -> list[tuple[Path, Position]]:
        """Return what is to be read after `position`: the rest of its file, those put aside later, the one of now."""
        if not position.head or _head(self._path) == position.head:
            return [(self._path, position)]
        found = _siblings(self._path)
        at = next((at for at, path in enumerate(found) if self._head_of(path) == position.head), None)
        if at is None:
            return [(self._path, Position())]
        later = [(path, Position()) for path in found[at + 1 :]]
        return [(found[at], position), *later, (self._path, Position())]

    def _head_of(self, path: Path) -> str:
        """Return the head of a file beside the log, remembered while the file stays as it is."""
        try:
            found = path.stat()
        except OSError:
            return ""
        key = (found.st_ino, found.st_mtime_ns, found.st_size)
        if key not in self._heads:
            if len(self._heads) > 2 * MOST_SIBLINGS:
                self._heads.clear()
            self._heads[key] = _head(path)
        return self._heads[key]


class _Opened:
    """One open file."""

    def __init__(self, path: Path, source: str, position: Position) -> None:
        self._path = path
        self._source = source
        self._stream, self._file, self.is_packed = open_log(path)
        self.inode = os.fstat(self._file.fileno()).st_ino
        self._head = ""
        self._wanted = position
        self._cutter = LineCutter()
        self._begun = b""
        self._is_placed = False
        self.damage = ""

    @property
    def position(self) -> Position:
        """Return how far it was read."""
        return Position(self._head, self.inode, self._cutter.offset, self._cutter.number)

    @property
    def raw_offset(self) -> int:
        """Return how many bytes of the file were read."""
        return 0 if self._file.closed else self._file.tell()

    def read(self, *, is_last: bool) -> Chunk | None:
        """Return the next lines. With `is_last`, what no line feed ends is a line."""
        if not self._is_placed and not self._place(is_last=is_last):
            return None
        start = self.position
        lines: list[str] = []
        while not lines:
            data = self._next()
            if not data:
                lines = self._cutter.end() if is_last else []
                break
            lines = self._cutter.feed(data)
        if not lines:
            return None
        skip, self._wanted = self._wanted.skip, Position()
        name = id_prefix(self._source, self._head)
        if skip:
            start, lines = start.after(skip), lines[skip:]
        return Chunk(lines, name, start.line + start.skip, start, self.position)

    def was_emptied(self) -> bool:
        """Return whether the file was emptied, or written anew: it is shorter, or begins with other bytes."""
        number = self._file.fileno()
        return os.pread(number, len(self._begun), 0) != self._begun or os.fstat(number).st_size < self._cutter.offset

    def close(self) -> None:
        """Close it."""
        self._stream.close()
        self._file.close()

    def _place(self, *, is_last: bool) -> bool:
        """Find out what file it is, and go to where it was left."""
        try:
            beginning = self._stream.read(LONGEST)
            self._stream.seek(0)
        except DAMAGED as error:
            raise self._broken(error) from error
        self._head = head_of(beginning, is_whole=is_last)
        if not self._head and not (is_last and beginning):
            return False
        self._begun = beginning[:_MOST_BEGUN]
        wanted = self._wanted
        if self._head and wanted.head == self._head:
            self._stream.seek(wanted.offset)
            self._cutter = LineCutter(wanted.offset, wanted.line)
        else:
            self._wanted = Position()
        self._is_placed = True
        return True

    def _next(self) -> bytes:
        if self.damage:
            return b""
        try:
            return self._stream.read(CHUNK)
        except DAMAGED as error:
            self.damage = f"{self._path.name} {why_not(error)}"
            if self._cutter.number:
                return b""
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> AdvisedError:
        self.close()
        return AdvisedError(f"{self._path} cannot be read.", f"It {why_not(error)}.", "Unpack it by hand.")


def _beginning(stream: BinaryIO) -> bytes:
    try:
        return stream.read(LONGEST)
    except DAMAGED:
        return b""


def _head(path: Path) -> str:
    try:
        stream, file, is_packed = open_log(path)
    except AdvisedError:
        return ""
    with file:
        return head_of(_beginning(stream), is_whole=is_packed)


def _siblings(path: Path) -> list[Path]:
    """Return the files into which this log was put aside, the oldest first."""
    try:
        beside = [one for one in path.parent.iterdir() if one.name != path.name and one.name.startswith(path.name)]
        found = [(one.stat().st_mtime_ns, one) for one in beside if log_name(one) == path.name and one.is_file()]
    except OSError:
        return []
    return [one for _, one in sorted(found)[-MOST_SIBLINGS:]]
