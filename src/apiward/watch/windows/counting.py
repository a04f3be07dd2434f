"""Counts of the last so many seconds, in a fixed number of parts: what is older falls out part by part."""

from typing import Final, TypeAlias

Counted: TypeAlias = list[float]
"""The number of the newest part, the sum of all parts, and each part in a ring."""
_HEAD: Final = 2


class Counting:
    """How one kind of count is kept. The window is exact to one part: between `span_s` - one part, and `span_s`."""

    __slots__ = ("parts", "span_s", "width_s")

    def __init__(self, span_s: float, parts: int = 6) -> None:
        self.span_s = span_s
        self.parts = parts
        self.width_s = span_s / parts

    def new(self) -> Counted:
        """Return a count of nothing."""
        return [0.0] * (_HEAD + self.parts)

    def add(self, counted: Counted, at_s: float, amount: float = 1.0) -> float:
        """Count `amount`, and return the sum over the window. What came late counts for its own time."""
        part, parts = at_s // self.width_s, self.parts
        gone = part - counted[0]
        if gone:
            if gone > 0:
                if gone >= parts and not counted[1]:  # of a new count: nothing is to be forgotten
                    counted[0], counted[1], counted[_HEAD + int(part) % parts] = part, amount, amount
                    return amount
                self._move(counted, part)
            elif gone <= -parts:
                return counted[1]
        counted[_HEAD + int(part) % parts] += amount
        total = counted[1] = counted[1] + amount
        return total

    def total(self, counted: Counted, now_s: float) -> float:
        """Return the sum over the window that ends now."""
        part = now_s // self.width_s
        if part > counted[0]:
            self._move(counted, part)
        return counted[1]

    def _move(self, counted: Counted, part: float) -> None:
        gone = part - counted[0]
        counted[0] = part
        if gone == 1 and counted[1]:  # as nearly always
            at = _HEAD + int(part) % self.parts
            counted[1] -= counted[at]
            counted[at] = 0.0
            return
        if not counted[1] and gone == part:
            return  # of a new count: nothing is to be forgotten
        if gone >= self.parts or not counted[1]:
            counted[1:] = [0.0] * (1 + self.parts)
            return
        for number in range(int(part - gone) + 1, int(part) + 1):
            at = _HEAD + number % self.parts
            counted[1] -= counted[at]
            counted[at] = 0.0
