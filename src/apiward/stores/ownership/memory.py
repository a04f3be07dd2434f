"""Facts in the memory of one process."""

from typing import Final

_DAY: Final = (1 << 16) - 1


class MemoryFacts:
    """Implements `core.ports.Facts`: at most `most` facts, of which the first ones written go first."""

    def __init__(self, most: int = 1_000_000) -> None:
        self._most = most
        self._facts: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._facts)

    def get(self, key: int) -> int:
        """Return what is remembered of `key`, 0 where there is nothing."""
        return self._facts.get(key, 0)

    def put(self, key: int, value: int) -> None:
        """Remember `value`; 0 forgets."""
        if value:
            self._facts[key] = value
            if len(self._facts) > self._most:
                del self._facts[next(iter(self._facts))]
        else:
            self._facts.pop(key, None)

    def merge(self, key: int, bits: int, day: int) -> int:
        """Add `bits`, and return what was there before."""
        before = self._facts.get(key, 0)
        self.put(key, (before & ~_DAY) | bits | day)
        return before
