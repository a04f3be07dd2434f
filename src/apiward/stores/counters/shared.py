"""Counters that all workers of one guard share, in one small file that each maps into its memory."""

import mmap
import os
import struct
from fcntl import LOCK_EX, LOCK_UN, lockf
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Final

from apiward.core.ports import Count
from apiward.stores.counters.window import Window

_MAGIC: Final = b"apiward-counts-1"
_SECRET: Final = 16
_HEAD: Final = 64
_ROW: Final = struct.Struct("<16sqqqq")  # digest of the key, window in seconds, index, current, previous
_ROWS: Final = 8
_BUCKET: Final = _ROW.size * _ROWS
_MOST_PLACES: Final = 16_384
_EMPTY: Final = bytes(16)


class SharedCounters:
    """Implements `core.ports.Counters` in a file of fixed size: a table of buckets with eight rows each.

    A key's digest (keyed by a secret in the file, so that nobody can aim at a bucket) names its
    bucket. Where a bucket is full, the row whose window ended first makes room. A bucket is locked
    by one byte of the file; the system takes the lock off when a worker dies.
    """

    def __init__(self, path: Path, *, most_keys: int = 262_144) -> None:
        """Open or make the file. `most_keys` counts when it is made; raises OSError."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._within = Lock()  # lockf is between processes: threads of one need their own
        buckets = max(most_keys // _ROWS, 1)
        lockf(self._file, LOCK_EX, 1, 0)
        try:
            self._made(_HEAD + buckets * _BUCKET)
        finally:
            lockf(self._file, LOCK_UN, 1, 0)
        self._map = mmap.mmap(self._file, 0)
        self._secret = self._map[_SECRET : _SECRET + 16]
        self._places: dict[tuple[str, int], tuple[bytes, int]] = {}
        self._buckets = (len(self._map) - _HEAD) // _BUCKET

    def hit(self, key: str, *, limit: int, window_s: int, now_s: float, cost: int = 1) -> Count:
        """Count `cost` against `key` where it fits, and say how things stand."""
        digest, bucket = self._places.get((key, window_s)) or self._place(key, window_s)
        with self._within:
            lockf(self._file, LOCK_EX, 1, bucket)
            try:
                return self._count(digest, bucket, limit, window_s, now_s, cost)
            finally:
                lockf(self._file, LOCK_UN, 1, bucket)

    def peek(self, key: str, *, limit: int, window_s: int, now_s: float) -> Count:
        """Say how things stand without counting."""
        count = self.hit(key, limit=limit, window_s=window_s, now_s=now_s, cost=0)
        return Count(is_within=count.remaining > 0, remaining=count.remaining, reset_s=count.reset_s)

    def close(self) -> None:
        """Let go of the file; it stays for the other workers."""
        self._map.close()
        os.close(self._file)

    def _place(self, key: str, window_s: int) -> tuple[bytes, int]:
        digest = blake2b(b"%d|%s" % (window_s, key.encode()), digest_size=16, key=self._secret).digest()
        bucket = _HEAD + int.from_bytes(digest[:8], "little") % self._buckets * _BUCKET
        if len(self._places) >= _MOST_PLACES:
            self._places.clear()
        self._places[key, window_s] = digest, bucket
        return digest, bucket

    def _count(self, digest: bytes, bucket: int, limit: int, window_s: int, now_s: float, cost: int) -> Count:
        rows = self._map[bucket : bucket + _BUCKET]
        at = rows.find(digest)
        if at >= 0 and at % _ROW.size == 0:
            _, _, index, current, previous = _ROW.unpack_from(rows, at)
            window = Window(index, current, previous)
        else:
            at = _oldest(rows)
            window = Window(-1)
        count = window.count(limit, window_s, now_s, cost)
        if cost:
            _ROW.pack_into(self._map, bucket + at, digest, window_s, window.index, window.current, window.previous)
        return count

    def _made(self, size: int) -> None:
        """Give a new file its size and its secret; leave one that another worker made as it is."""
        head = os.pread(self._file, _HEAD, 0)
        if head.startswith(_MAGIC) and os.fstat(self._file).st_size > _HEAD:
            return
        os.ftruncate(self._file, 0)
        # all of it at once: where the disk is full, writing to a mapped page that is not there kills the process
        os.posix_fallocate(self._file, 0, size)
        os.pwrite(self._file, _MAGIC + os.urandom(16), 0)


def _oldest(rows: bytes) -> int:
    """Return where the row stands that is empty, or whose last window ended first."""
    ends = {}
    for at in range(0, _BUCKET, _ROW.size):
        digest, window_s, index, _, _ = _ROW.unpack_from(rows, at)
        if digest == _EMPTY:
            return at
        ends[at] = (index + 2) * window_s
    return min(ends, key=ends.__getitem__)
