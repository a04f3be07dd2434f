"""Watches the room on the disk: a store that is full cannot be written, and nobody would know why."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

AGAIN_S: Final = 86_400.0
"""Seconds after which little room is told of again."""
_ENOUGH: Final = 1.2


def free_bytes(folder: Path) -> int:
    """Return how much may still be written where `folder` is."""
    return shutil.disk_usage(folder).free


class Room:
    """Says when less than `least` bytes are free where the guard's data is, and when there is room again."""

    def __init__(self, folder: Path, least: int, free: Callable[[Path], int] = free_bytes) -> None:
        self._folder = folder
        self._least = least
        self._free = free
        self._said_at_s: float | None = None

    def run(self, now_s: float, *, is_last: bool = False) -> tuple[str, ...]:
        """Look, and return what the owner should know."""
        free = self._free(self._folder)
        if free < self._least and not is_last:
            if self._said_at_s is not None and now_s - self._said_at_s < AGAIN_S:
                return ()
            self._said_at_s = now_s
            room = f"{free // 1_000_000:,} MB are free where {self._folder} is"
            return (f"The disk is nearly full: {room}. Make room, or events cannot be stored soon.",)
        if self._said_at_s is not None and free > self._least * _ENOUGH:
            self._said_at_s = None
            return ("There is room on the disk again.",)
        return ()
