"""Reading a segment of the spool, while its writer lives or after it died in the middle of a record."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import orjson

from apiward.stores.events.rows import COLUMNS, NO_RULINGS, Cell, unpacked

SUFFIX: Final = ".spool"
_FORMAT: Final = "apiward events 1"
_DIGITS: Final = 12
_PLACE: Final = len(f'["{_FORMAT}","')
_BLOCK: Final = 128 * 1024  # holds the longest record; small, as decoding a block holds up the other threads
_NUMBERS: Final = ("at_s", "status", "own_s", "elapsed_s", "request_size", "answer_size")
_FILLING: Final[dict[str, Cell]] = {"rulings": NO_RULINGS, "kind": "request", **dict.fromkeys(_NUMBERS, 0)}


class NotASegmentError(Exception):
    """The file does not begin as a segment does."""


def header() -> bytes:
    """Return the first line of a segment. It is written over in place as the segment is drained."""
    length = len(_first_line(0))
    return _first_line(length)


class SegmentReader:
    """Reads the records that were not drained yet. `is_live` says whether the writer may add more."""

    def __init__(self, path: Path) -> None:
        self.damaged = 0
        """How many lines could not be read."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            self.is_live = not _is_free(self._descriptor)
            self._columns, self._at = self._begin()
        except BaseException:
            os.close(self._descriptor)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._descriptor)

    def read(self, most: int) -> list[list[Cell]]:
        """Return about `most` rows; an empty list where nothing is left, or where no more is there yet."""
        rows: list[list[Cell]] = []
        while len(rows) < most:
            block = self._block()
            if not block:
                break
            self._at += len(block)
            rows += self._rows(block)
        return rows

    def keep_place(self) -> None:
        """Note in the file that what has been read is stored. A crash before this makes it be read again."""
        os.pwrite(self._descriptor, f"{self._at:0{_DIGITS}}".encode(), _PLACE)

    def _begin(self) -> tuple[list[str], int]:
        try:
            first = os.pread(self._descriptor, 4_096, 0).partition(b"\n")[0]
            name, place, columns = orjson.loads(first)
            if name != _FORMAT:
                raise NotASegmentError(f"begins with {str(name)[:40]!r}")
            return [str(column) for column in columns], int(place)
        except (ValueError, TypeError) as error:
            raise NotASegmentError("has no first line") from error

    def _block(self) -> bytes:
        """Return the next whole lines; in a dead writer's segment, whatever is left at its end too."""
        block = os.pread(self._descriptor, _BLOCK, self._at)
        if self.is_live:
            # Zeros are bytes to come. Each byte is written once, so what has none before it is whole,
            # in whatever order another processor sees the bytes arrive.
            whole = block.partition(b"\0")[0]
            return whole[: whole.rfind(b"\n") + 1]
        end = block.rfind(b"\n") + 1
        return block[:end] if end else block

    def _rows(self, block: bytes) -> list[list[Cell]]:
        try:
            rows = unpacked(block)
        except orjson.JSONDecodeError:
            rows = []
        if not self._are_whole(rows):
            rows = list(self._readable(block))
        return rows if self._columns == list(COLUMNS) else [self._arranged(row) for row in rows]

    def _readable(self, block: bytes) -> Iterator[list[Cell]]:
        for line in block.split(b"\n"):
            text = line.strip(b"\0")
            if not text:
                continue
            try:
                rows = unpacked(text + b"\n")
            except orjson.JSONDecodeError:
                rows = []
            if self._are_whole(rows):
                yield from rows
            else:
                self.damaged += 1

    def _are_whole(self, rows: list[list[Cell]]) -> bool:
        return set(map(type, rows)) == {list} and set(map(len, rows)) == {len(self._columns)}

    def _arranged(self, row: list[Cell]) -> list[Cell]:
        """Return a row of an earlier version in the order of today; what it did not have is left empty."""
        cells = dict(zip(self._columns, row, strict=False))
        return [cells.get(name, _FILLING.get(name, "")) for name in COLUMNS]


def _first_line(place: int) -> bytes:
    return orjson.dumps([_FORMAT, f"{place:0{_DIGITS}}", COLUMNS], option=orjson.OPT_APPEND_NEWLINE)


def _is_free(descriptor: int) -> bool:
    """Lock the segment where nobody holds it. The lock ends with the descriptor."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
