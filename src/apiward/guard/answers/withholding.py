"""Withholds an error that shows too much while it streams by, for one that is too long to be held."""

from collections.abc import Callable
from typing import Final

from apiward.core.decision import Decision, Effect

HELD: Final = 65_536
"""Bytes of the beginning that are held until they are judged."""
OVERLAP: Final = 1_024
"""Bytes that are looked at again with the next piece, so that no sign is missed between two."""


class Withholder:
    """`tells` says of a piece whether it shows too much; `instead` is sent where the beginning does."""

    __slots__ = ("_begun", "_instead", "_is_open", "_is_shut", "_tail", "_tells")

    def __init__(self, tells: Callable[[bytes], bool], instead: bytes) -> None:
        self._tells = tells
        self._instead = instead
        self._begun = bytearray()
        self._tail = b""
        self._is_open = False
        self._is_shut = False

    def feed(self, chunk: bytes) -> bytes:
        """Take the next piece of the answer, return what may leave now."""
        if self._is_shut:
            return b""
        if self._is_open:
            return self._later(chunk)
        self._begun += chunk
        return self._judged() if len(self._begun) >= HELD else b""

    def end(self) -> bytes:
        """Return what is left when the answer ends."""
        return b"" if self._is_shut or self._is_open else self._judged()

    def said(self) -> tuple[Decision, ...]:
        """Return a note where the answer, or the rest of it, was withheld."""
        return (Decision("conceal.trace", Effect.NOTE, place="answer", saw="withheld"),) if self._is_shut else ()

    def _judged(self) -> bytes:
        begun = bytes(self._begun)
        self._begun.clear()
        if self._tells(begun):
            self._is_shut = True
            return self._instead
        self._is_open = True
        self._tail = begun[-OVERLAP:]
        return begun

    def _later(self, chunk: bytes) -> bytes:
        seen = self._tail + chunk
        if self._tells(seen):
            self._is_shut = True
            return b""
        self._tail = seen[-OVERLAP:]
        return chunk
