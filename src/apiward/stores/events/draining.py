"""Moves what stands in the spool to where it is kept, in order, each event once."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from apiward.stores.events.keeping import Keeper, StoreAwayError
from apiward.stores.events.rows import Cell
from apiward.stores.events.segments import SUFFIX, NotASegmentError, SegmentReader

BATCH: Final = 4_000
"""Rows that are stored in one transaction, about."""
_LOCK: Final = "drain.lock"


class Drain:
    """Reads the segments of all workers, living and dead, and removes those that are done.

    `keep` decides: what it took is not offered again. A crash between its commit and the note of
    it makes a batch be offered twice, so `keep` must know an id again. `also` gets the same
    rows after it; where it fails, they are missing there, which is said.
    """

    def __init__(self, folder: Path, keep: Keeper, also: Keeper | None = None) -> None:
        self._folder = folder
        self._keep = keep
        self._also = also
        self.stored = 0
        """How many rows were given to `keep` since the start."""
        self._notes: list[str] = []
        self._missed = 0

    def run(self) -> None:
        """Store what is there now. Raises StoreAwayError or OSError: what was not stored stays in the spool."""
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            try:
                self._empty(path)
            except NotASegmentError as error:
                path.rename(path.with_suffix(".unreadable"))
                self._notes.append(f"A file of waiting events was set aside, as it {error}: {path.name}.")

    def notes(self) -> list[str]:
        """Return, once, what the owner should know of the last runs."""
        notes, self._notes = self._notes, []
        if self._missed:
            notes.append(f"{self._missed} events are missing in the log of lines: it could not be written.")
            self._missed = 0
        return notes

    def _empty(self, path: Path) -> None:
        with SegmentReader(path) as segment:
            for rows in _batches(segment):
                self._notes += self._keep.add(rows)
                self.stored += len(rows)
                self._tell(rows)
                segment.keep_place()
            if segment.is_live:
                return
            if segment.damaged:
                self._notes.append(f"{segment.damaged} damaged records of waiting events could not be read.")
            path.unlink()

    def _tell(self, rows: list[list[Cell]]) -> None:
        if self._also is None:
            return
        try:
            self._also.add(rows)
        except StoreAwayError:
            self._missed += len(rows)


class Turn:
    """Held by the one process that works on a folder; the kernel passes it on when that one dies."""

    def __init__(self, folder: Path, name: str = _LOCK) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def is_ours(self) -> bool:
        """Take the turn where nobody has it, and return whether it is ours."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Pass the turn on."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _batches(segment: SegmentReader) -> Iterator[list[list[Cell]]]:
    while rows := segment.read(BATCH):
        yield rows
        if len(rows) < BATCH:
            return  # a living worker adds more all the time: that is for the next run
