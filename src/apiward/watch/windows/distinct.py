"""How many different things there were: exactly while they are few, then closely enough, in a fixed room.

Above `EXACT` the things themselves are forgotten, and a HyperLogLog of 256 registers counts on (Flajolet and others,
2007): off by some 6.5 percent of what is there.
"""

import hashlib
import math
from typing import Any, Final, TypeAlias

EXACT: Final = 64
REGISTERS: Final = 256
LONGEST: Final = 64
_SCALE: Final = 0.7213 / (1 + 1.079 / REGISTERS) * REGISTERS * REGISTERS
_POWERS: Final = tuple(2.0**-rank for rank in range(66))

Several: TypeAlias = list[Any]  # texts or numbers, not both
"""Different things: their texts while they are few, then the registers, which are numbers."""
Spread: TypeAlias = list[Any]  # a number and two of the above
"""Which half of the window is the newest one, what it held, and what the half before it held."""


def add(several: Several, thing: str) -> bool:
    """Take one in; whether it was new, as far as that is known."""
    thing = thing[:LONGEST]
    if not several or several[0].__class__ is str:
        if thing in several:
            return False
        if len(several) < EXACT:
            several.append(thing)
            return True
        _unfold(several)
    return _register(several, thing)


def count(several: Several) -> int:
    """Return how many there were."""
    if not several or several[0].__class__ is str:
        return len(several)
    raw: float = _SCALE / sum(_POWERS[rank] for rank in several)
    empty = several.count(0)
    if raw <= 2.5 * REGISTERS and empty:
        return round(REGISTERS * math.log(REGISTERS / empty))
    return round(raw)


def joined(one: Several, other: Several) -> Several:
    """Return all things of both."""
    found: Several = list(one)
    if other and other[0].__class__ is int:
        if not found or found[0].__class__ is str:
            _unfold(found)
        found[:] = [max(pair) for pair in zip(found, other, strict=True)]
        return found
    for thing in other:
        add(found, thing)
    return found


class Spreading:
    """How different things of the last so many seconds are kept: in two halves, so it looks back over one or both."""

    __slots__ = ("half_s",)

    def __init__(self, span_s: float) -> None:
        self.half_s = span_s / 2

    @staticmethod
    def new() -> Spread:
        """Return nothing yet."""
        return [0.0, [], []]

    def add(self, spread: Spread, thing: str, at_s: float) -> bool:
        """Take one in; whether it was new."""
        half = at_s // self.half_s
        newest = spread[0]
        if half > newest:
            spread[2] = spread[1] if half == newest + 1 else []
            spread[1] = []
            spread[0] = half
        return add(spread[1], thing) and not _is_known(spread[2], thing)

    @staticmethod
    def count(spread: Spread) -> int:
        """Return how many there were, as of what came last."""
        current, before = spread[1], spread[2]
        return count(joined(before, current)) if before else count(current)


def _is_known(several: Several, thing: str) -> bool:
    return thing[:LONGEST] in several


def _unfold(several: Several) -> None:
    things = several[:]
    several[:] = [0] * REGISTERS
    for thing in things:
        _register(several, str(thing))


def _register(several: Several, thing: str) -> bool:
    number = int.from_bytes(hashlib.blake2b(thing.encode("utf-8", "replace"), digest_size=8).digest(), "big")
    at = number & (REGISTERS - 1)
    rank = 57 - (number >> 8).bit_length()
    if rank > several[at]:
        several[at] = rank
        return True
    return False
