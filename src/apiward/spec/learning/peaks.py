"""The highest numbers of a place, one for each of a few callers, so that one caller's cannot stand for all."""

import math
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.spec.learning.tallies import ENOUGH_CALLERS, StateError, row, whole_number

_FROM: Final = 2.0**-20


class Peaks:
    """Keeps the highest numbers of as many callers as must agree, rounded up to a power of two: no number is kept."""

    __slots__ = ("_least", "by_caller")

    def __init__(self) -> None:
        self.by_caller: dict[int, float] = {}
        self._least = 0.0
        """What a further caller must reach to count."""

    def add(self, caller: int, number: float) -> None:
        """Take in one number; those below zero count as zero."""
        if number <= self._least:
            return
        self._keep(caller, rounded_up(number))

    @property
    def agreed(self) -> float:
        """The number that enough callers have reached; of fewer callers, their highest."""
        peaks = sorted(self.by_caller.values(), reverse=True)
        if len(peaks) < ENOUGH_CALLERS:
            return peaks[0] if peaks else 0.0
        return peaks[ENOUGH_CALLERS - 1]

    def join(self, other: "Peaks") -> None:
        """Take in what another worker saw."""
        for caller, number in other.by_caller.items():
            self._keep(caller, number)

    def _keep(self, caller: int, number: float) -> None:
        peaks = self.by_caller
        if number <= peaks.get(caller, 0.0):
            return
        peaks[caller] = number
        if len(peaks) > ENOUGH_CALLERS:
            del peaks[min(peaks, key=lambda one: (peaks[one], one))]
        if len(peaks) == ENOUGH_CALLERS:
            self._least = min(peaks.values())

    def state(self) -> Json:
        """Return it as JSON."""
        return [[caller, number if math.isfinite(number) else None] for caller, number in self.by_caller.items()]

    @classmethod
    def from_state(cls, state: Json) -> "Peaks":
        """Return what `state` gave. Raises ValueError."""
        made = cls()
        if not isinstance(state, list):
            raise StateError("a list of pairs was expected")
        for pair in state[:ENOUGH_CALLERS]:
            caller, number = row(pair, 2)
            if isinstance(number, str | list | dict | bool):
                raise StateError("a number was expected")
            made._keep(whole_number(caller), math.inf if number is None else float(number))
        return made


def rounded_up(number: float) -> float:
    """Return the next power of two; what no float can hold is endless."""
    try:
        number = float(number)
    except OverflowError:
        return math.inf
    if not math.isfinite(number):
        return math.inf
    return 2.0 ** min(math.ceil(math.log2(max(number, _FROM))), 1023)
