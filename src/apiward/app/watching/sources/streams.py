"""Lines that come by standard input or another pipe: read as they come, and nothing is remembered of them."""

import os
import select
from typing import Final

from apiward.app.watching.sources.cutting import LineCutter
from apiward.app.watching.sources.heads import head_of, id_prefix
from apiward.app.watching.sources.model import Chunk, Position

_CHUNK: Final = 262_144
_ENOUGH: Final = 200


class StreamSource:
    """The lines of a file descriptor. `wait_s` is for how long a look at it may wait for more."""

    def __init__(self, descriptor: int, name: str, *, wait_s: float = 0.2) -> None:
        self.name = name
        self.size = 0
        self.damage = ""
        self._descriptor = descriptor
        self._wait_s = wait_s
        self._cutter = LineCutter()
        self._name = ""
        self._read = 0
        self._is_over = False

    @property
    def done_bytes(self) -> int:
        """Return how many bytes were read."""
        return self._read

    @property
    def is_over(self) -> bool:
        """Return whether the other side has closed it."""
        return self._is_over

    def read(self) -> Chunk | None:
        """Return what is there now."""
        start = self._cutter.number
        lines: list[str] = []
        while len(lines) < _ENOUGH and not self._is_over:
            if not select.select([self._descriptor], [], [], 0 if lines else self._wait_s)[0]:
                break
            data = os.read(self._descriptor, _CHUNK)
            self._read += len(data)
            self._is_over = not data
            lines += self._cutter.feed(data) if data else self._cutter.end()
        if not lines:
            return None
        if not self._name:
            beginning = "\n".join(lines[:_ENOUGH]).encode("utf-8", "backslashreplace")
            self._name = id_prefix(self.name, head_of(beginning, is_whole=True))
        return Chunk(lines, self._name, start, Position(), Position())

    def close(self) -> None:
        """Leave it to who opened it."""
