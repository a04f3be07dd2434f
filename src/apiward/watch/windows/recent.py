"""A table with a bound: who was not heard of for longest is forgotten first."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Generic, TypeVar

_V = TypeVar("_V")


class Recent(OrderedDict[str, _V], Generic[_V]):
    """At most `most` entries, in the order of their last use. A mapping, so that it is written as one."""

    __slots__ = ("most",)

    def __init__(self, most: int, entries: Mapping[str, _V] | None = None) -> None:
        super().__init__(entries or {})
        self.most = most
        while len(self) > most:
            self.popitem(last=False)

    def used(self, key: str) -> _V | None:
        """Return what is known of `key`, which counts as a use."""
        found = self.get(key)
        if found is not None:
            self.move_to_end(key)
        return found

    def put(self, key: str, value: _V) -> _V:
        """Remember `value`, and return it."""
        before = len(self)
        self[key] = value
        if len(self) == before:
            self.move_to_end(key)
        elif before >= self.most:
            self.popitem(last=False)
        return value
