"""Facts that all workers of one guard share, in one file of fixed size that each maps into its memory."""

import mmap
import os
from fcntl import LOCK_EX, LOCK_UN, lockf
from pathlib import Path
from threading import Lock
from typing import Final

_MAGIC: Final = b"apiward-facts-1\0"
_WORD: Final = 8
_ROWS: Final = 8
_WORDS: Final = 2 * _ROWS
_BUCKET: Final = _WORDS * _WORD
_HEAD_WORDS: Final = _WORDS
_DAY: Final = (1 << 16) - 1


class SharedFacts:
    """Implements `core.ports.Facts` in a table of buckets: eight keys, then their eight values.

    Keys are keyed marks already, so that nobody can aim at a bucket. Where a bucket is full, the fact with the
    oldest day makes room. Words are read without a lock: a word is written as a whole, and a key is written after
    its value, so that who reads meanwhile finds the fact or finds none.
    """

    def __init__(self, path: Path, *, most: int = 400_000) -> None:
        """Open or make the file. `most` counts when it is made; raises OSError."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._within = Lock()  # lockf is between processes: threads of one need their own
        buckets = max(most // _ROWS, 1)
        lockf(self._file, LOCK_EX, 1, 0)
        try:
            self._made((buckets + 1) * _BUCKET)
        finally:
            lockf(self._file, LOCK_UN, 1, 0)
        self._map = mmap.mmap(self._file, 0)
        self._words = memoryview(self._map).cast("Q")
        self._buckets = len(self._words) // _WORDS - 1

    @property
    def size(self) -> int:
        """The bytes of the file."""
        return len(self._map)

    def get(self, key: int) -> int:
        """Return what is remembered of `key`, 0 where there is nothing."""
        at = _HEAD_WORDS + key % self._buckets * _WORDS
        keys = self._words[at : at + _ROWS].tolist()
        return self._words[at + _ROWS + keys.index(key)] if key in keys else 0

    def put(self, key: int, value: int) -> None:
        """Remember `value`; 0 forgets."""
        at = _HEAD_WORDS + key % self._buckets * _WORDS
        with self._within:
            lockf(self._file, LOCK_EX, _WORD, at * _WORD)
            try:
                self._put(at, key, value)
            finally:
                lockf(self._file, LOCK_UN, _WORD, at * _WORD)

    def merge(self, key: int, bits: int, day: int) -> int:
        """Add `bits`, and return what was there before."""
        at = _HEAD_WORDS + key % self._buckets * _WORDS
        with self._within:
            lockf(self._file, LOCK_EX, _WORD, at * _WORD)
            try:
                before = self.get(key)
                self._put(at, key, (before & ~_DAY) | bits | day)
            finally:
                lockf(self._file, LOCK_UN, _WORD, at * _WORD)
        return before

    def close(self) -> None:
        """Let go of the file; it stays for the other workers."""
        self._words.release()
        self._map.close()
        os.close(self._file)

    def _put(self, at: int, key: int, value: int) -> None:
        words = self._words
        keys = words[at : at + _ROWS].tolist()
        if key in keys:
            row = at + keys.index(key)
            if value:
                words[row + _ROWS] = value
            else:
                words[row] = 0
        elif value:
            row = at + (keys.index(0) if 0 in keys else self._oldest(at))
            words[row] = 0
            words[row + _ROWS] = value
            words[row] = key

    def _oldest(self, at: int) -> int:
        days = [value & _DAY for value in self._words[at + _ROWS : at + _WORDS].tolist()]
        return days.index(min(days))

    def _made(self, size: int) -> None:
        """Give a new file its size; leave one that another worker made as it is."""
        if os.pread(self._file, len(_MAGIC), 0) == _MAGIC and os.fstat(self._file).st_size >= 2 * _BUCKET:
            return
        os.ftruncate(self._file, 0)
        # all of it at once: where the disk is full, writing to a mapped page that is not there kills the process
        os.posix_fallocate(self._file, 0, size)
        os.pwrite(self._file, _MAGIC, 0)
