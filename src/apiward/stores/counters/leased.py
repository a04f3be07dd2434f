"""Counters that count a little ahead in this process, so that the shared ones are asked seldom.

At most a hundredth of a limit is taken at a time, and a tenth of what was counted already. So limits hold to about
one part in a hundred for each worker, and counts that are read without a limit in mind to one in ten; where little was
counted, or little is left, each hit is counted exactly.
"""

from typing import Final

from apiward.core.ports import Count, Counters

_MADE: Final = tuple.__new__
_SHARE: Final = 100
_OF_USED: Final = 10
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
            # a bare tuple: its own class would cost half of the time
            return _MADE(Count, (True, lease.remaining + lease.left, lease.reset_at_s - now_s))
        most = limit // _SHARE
        if most <= cost:
            return self._shared.hit(key, limit=limit, window_s=window_s, now_s=now_s, cost=cost)
        used = limit - lease.remaining if lease is not None and now_s < lease.until_s else 0
        ahead = max(cost, min(most, used // _OF_USED))
        count = self._shared.hit(key, limit=limit, window_s=window_s, now_s=now_s, cost=ahead)
        if not count.is_within and ahead > cost:
            ahead = cost
            count = self._shared.hit(key, limit=limit, window_s=window_s, now_s=now_s, cost=cost)
        if not count.is_within:
            self._leases.pop((key, window_s), None)
            return count
        self._keep(key, window_s, _Lease(ahead - cost, count, now_s, window_s))
        return Count(True, count.remaining + ahead - cost, count.reset_s)  # noqa: FBT003 - the first field

    def peek(self, key: str, *, limit: int, window_s: int, now_s: float) -> Count:
        """Say how things stand without counting. What was counted ahead here and not used is left over."""
        count = self._shared.peek(key, limit=limit, window_s=window_s, now_s=now_s)
        lease = self._leases.get((key, window_s))
        if lease is None or not lease.left or now_s >= lease.until_s:
            return count
        remaining = min(limit, count.remaining + lease.left)
        return Count(remaining > 0, remaining, count.reset_s)

    def _keep(self, key: str, window_s: int, lease: _Lease) -> None:
        if len(self._leases) >= _MOST_KEYS:
            self._leases.clear()
        self._leases[key, window_s] = lease
