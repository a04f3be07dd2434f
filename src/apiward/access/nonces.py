"""Nonces that were seen: a signed request counts once."""

from enum import StrEnum
from typing import Protocol


class Taken(StrEnum):
    """What became of a nonce."""

    NEW = "new"
    SEEN = "seen"
    FULL = "full"


class Nonces(Protocol):
    """Remembers nonces; several workers of one guard share one."""

    def take(self, nonce: str, until_s: float, now_s: float) -> Taken:
        """Remember `nonce` until then and say whether it is new. FULL means that nothing could be remembered."""
        ...


class NonceMemory:
    """Keeps nonces in memory, bounded. Full of living ones it says so: to forget one would let it in again."""

    def __init__(self, *, capacity: int = 100_000) -> None:
        self._capacity = capacity
        self._until: dict[str, float] = {}
        self._full_until_s = float("-inf")

    def take(self, nonce: str, until_s: float, now_s: float) -> Taken:
        """Remember `nonce` until then and say whether it is new."""
        held = self._until.get(nonce)
        if held is not None and held > now_s:
            return Taken.SEEN
        if len(self._until) >= self._capacity and not self._made_room(now_s):
            return Taken.FULL
        self._until[nonce] = until_s
        return Taken.NEW

    def _made_room(self, now_s: float) -> bool:
        """Forget what has ended. Where nothing has, the next try waits for the first that will."""
        if now_s < self._full_until_s:
            return False
        self._until = {kept: end for kept, end in self._until.items() if end > now_s}
        if len(self._until) < self._capacity:
            return True
        self._full_until_s = min(self._until.values())
        return False
