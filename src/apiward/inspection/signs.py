"""Which families could have something to say about a text: one pass over it for all their literals."""

from collections.abc import Sequence
from typing import Any, Final

import ahocorasick

from apiward.inspection.model import Detector

_RANKS: Final = {sign: rank for rank, sign in enumerate(" etaoinsrhldcumfpgwybvkxjqz0123456789")}
"""The signs of usual texts, the most frequent one first."""


class Signs:
    """The literals of all detectors in one automaton; bit i stands for detector i."""

    __slots__ = ("_automaton",)

    def __init__(self, detectors: Sequence[Detector], marks: Sequence[str]) -> None:
        """Compile once. `marks` are literals of the decodings: they share the bit after the last detector."""
        bits: dict[str, int] = {}
        for place, detector in enumerate(detectors):
            for sign in detector.signs:
                bits[sign] = bits.get(sign, 0) | 1 << place
        for mark in marks:
            bits[mark] = bits.get(mark, 0) | 1 << len(detectors)
        automaton: Final[Any] = ahocorasick.Automaton()
        for literal in sorted(bits, key=_rank):
            automaton.add_word(literal, bits[literal])
        automaton.make_automaton()
        self._automaton = automaton

    def of(self, low: str) -> int:
        """Return the bits of every literal in the lower-cased text."""
        bits = 0
        for _, value in self._automaton.iter(low):
            bits |= value
        return bits


def _rank(literal: str) -> list[int]:
    """Return what sorts frequent beginnings to the front: from each place, the automaton tries its ways in order."""
    return [_RANKS.get(sign, len(_RANKS)) for sign in literal[:4]]
