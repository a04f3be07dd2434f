"""How often each of very many things was seen, in a fixed room: never too low, at times a little too high.

A count-min sketch (Cormode and Muthukrishnan, 2005) of four rows. For nearly all things it is too high by less than
all that was counted, divided by a third of its width.
"""

import hashlib
from typing import Final, TypeAlias

WIDTH: Final = 1_024
ROWS: Final = 4

Sketch: TypeAlias = list[int]


def new() -> Sketch:
    """Return a sketch of nothing."""
    return [0] * (WIDTH * ROWS)


def add(sketch: Sketch, thing: str, amount: int = 1) -> int:
    """Count a thing, and return how often it was seen. Only what must grow is raised: so less is too high."""
    places = _places(thing)
    seen = min(sketch[place] for place in places) + amount
    for place in places:
        sketch[place] = max(sketch[place], seen)
    return seen


def seen(sketch: Sketch, thing: str) -> int:
    """Return how often a thing was seen."""
    return min(sketch[place] for place in _places(thing))


def halve(sketch: Sketch) -> None:
    """Let half of it be forgotten."""
    sketch[:] = [number >> 1 for number in sketch]


def _places(thing: str) -> list[int]:
    digest = hashlib.blake2b(thing.encode("utf-8", "replace"), digest_size=8).digest()
    return [row * WIDTH + (digest[2 * row] << 8 | digest[2 * row + 1]) % WIDTH for row in range(ROWS)]
