"""Counters that count a little ahead in this process, so that the shared ones are asked seldom.

A hundredth of a limit is taken at a time. So limits hold to about one part in a hundred for each worker; where
little is left, each hit is counted exactly.
"""

from typing import Final

from apiward.core.ports import Count, Counters

_SHARE: Final = 100
_MOST_KEYS: Final = 65_536


class _Lease:
    """What was counted ahead for one key: `left` hits until `until_s`."""

    __slots__ = ("left", "remaining", "reset_at_s", "until_s")

    def __init__(self, left: int, count: Count, now_s: float, window_s: int) -> None:
        self.left = left
        self.remaining = count.remaining
        self.reset_at_s = now_s + count.reset_s
        self.until_s = now_s + window_s / 10


class LeasedCounters:
    """Implements `core.ports.Counters` before `shared` ones."""

    def __init__(self, shared: Counters) -> None:
        self._shared = shared
        self._leases: dict[tuple[str, int], _Lease] = {}

    def hit(self, key: str, *, limit: int, window_s: int, now_s: float, cost: int = 1) -> Count:
        """Count `cost` against `key` where it fits, and say how things stand."""
        lease = self._leases.get((key, window_s))
        if lease is not None and cost <= lease.left and now_s < lease.until_s:
            lease.left -= cost
            return Count(True, lease.remaining + lease.left, lease.reset_at_s - now_s)  # noqa: FBT003 - the first field
        ahead = limit // _SHARE
        if cost < ahead:
            count = self._shared.hit(key, limit=limit, window_s=window_s, now_s=now_s, cost=ahead)
            if count.is_within:
                self._keep(key, window_s, _Lease(ahead - cost, count, now_s, window_s))
                return Count(True, count.remaining + ahead - cost, count.reset_s)  # noqa: FBT003 - the same
        self._leases.pop((key, window_s), None)
        return self._shared.hit(key, limit=limit, window_s=window_s, now_s=now_s, cost=cost)

    def peek(self, key: str, *, limit: int, window_s: int, now_s: float) -> Count:
        """Say how things stand without counting."""
        return self._shared.peek(key, limit=limit, window_s=window_s, now_s=now_s)

    def _keep(self, key: str, window_s: int, lease: _Lease) -> None:
        if len(self._leases) >= _MOST_KEYS:
            self._leases.clear()
        self._leases[key, window_s] = lease
