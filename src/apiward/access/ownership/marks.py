"""Keyed marks: what stands for objects, people and names where they are remembered. Nobody can read them back."""

from hashlib import blake2b
from typing import Final

SIZE: Final = 8
_KEPT: Final = 40
_MASK: Final = (1 << 64) - 1
_TURN: Final = 0x9E3779B97F4A7C15


class Marks:
    """Makes marks with the guard's own secret: the same of all workers, over restarts."""

    def __init__(self, pepper: bytes) -> None:
        self._key = pepper[:64]

    def of(self, sort: str, text: str) -> int:
        """Return the 64-bit mark of a text; the same text of another sort has another one. Never 0."""
        data = f"{sort}\0{text}".encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(data, digest_size=SIZE, key=self._key).digest(), "little") or 1


def joined(first: int, second: int) -> int:
    """Return the mark of two marks in this order. They are keyed already, so that this may be quick. Never 0."""
    mixed = (first ^ (second << 1 & _MASK) ^ (second >> 63)) * _TURN & _MASK
    return (mixed ^ mixed >> 29) or 1


def short(mark: int) -> int:
    """Return the part of a mark by which an owner is kept beside an object."""
    return mark >> 64 - _KEPT or 1


def shown(owner: int) -> str:
    """Return an owner as people see it in events: the same person is the same sign."""
    return f"#{owner >> 16:06x}" if owner else ""
