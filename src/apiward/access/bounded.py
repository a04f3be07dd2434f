"""A memory with two bounds: a number of entries, and a time for each."""

from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class Bounded(Generic[V]):
    """Keeps at most `size` values, each until its time; the one not asked for longest goes first."""

    __slots__ = ("_kept", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self._kept: OrderedDict[bytes, tuple[float, V]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: bytes, now_s: float) -> V | None:
        """Return the value of `key`, or None where there is none whose time has not run out."""
        held = self._kept.get(key)
        if held is None:
            return None
        if held[0] <= now_s:
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return held[1]

    def put(self, key: bytes, value: V, until_s: float) -> None:
        """Keep `value` until then."""
        kept = self._kept
        kept[key] = (until_s, value)
        kept.move_to_end(key)
        if len(kept) > self.size:
            kept.popitem(last=False)

    def drop(self, key: bytes) -> V | None:
        """Forget `key`; return what was kept."""
        held = self._kept.pop(key, None)
        return None if held is None else held[1]
