"""Bars for a drawing, as plain numbers: the template writes them as SVG, which escapes all text in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 96
WIDTH: Final = 336
_GAP: Final = 12
_LEAST: Final = 2
_WIDEST: Final = 36


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands, how high it is, and how high the part of it is that is marked."""

    x: int
    width: int
    height: int
    marked: int


def bars(values: Sequence[tuple[int, int]]) -> list[Bar]:
    """Return a bar for each pair of a number and the part of it that is marked.

    A number that is not zero can always be seen.
    """
    most = max((value for value, _ in values), default=0)
    step = WIDTH // max(1, len(values))
    made = []
    for place, (value, part) in enumerate(values):
        height = _scaled(value, most)
        made.append(Bar(place * step + _GAP // 2, min(_WIDEST, step - _GAP), height, min(height, _scaled(part, most))))
    return made


def _scaled(value: int, most: int) -> int:
    return max(_LEAST, round(value * HEIGHT / most)) if value and most else 0
