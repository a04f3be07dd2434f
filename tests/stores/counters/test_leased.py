from hypothesis import given
from hypothesis import strategies as st

from apiward.core.ports import Count
from apiward.stores.counters.leased import LeasedCounters
from apiward.stores.counters.memory import MemoryCounters


class Asked(MemoryCounters):
    """Counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def hit(self, key: str, *, limit: int, window_s: int, now_s: float, cost: int = 1) -> Count:
        """Count the question, then answer it."""
        self.times += 1
        return super().hit(key, limit=limit, window_s=window_s, now_s=now_s, cost=cost)


def _hits(counters: LeasedCounters, number: int, *, limit: int, now_s: float = 0.0) -> int:
    return sum(counters.hit("a", limit=limit, window_s=60, now_s=now_s).is_within for _ in range(number))


def test_the_shared_ones_are_asked_seldom() -> None:
    shared = Asked()
    assert _hits(LeasedCounters(shared), 500, limit=1_000) == 500
    assert shared.times == 50


def test_exactly_the_limit_fits() -> None:
    for limit in (1, 3, 99, 100, 250, 1_000):
        assert _hits(LeasedCounters(MemoryCounters()), 2 * limit, limit=limit) == limit


def test_what_is_left_is_told_as_it_goes_down() -> None:
    counters = LeasedCounters(MemoryCounters())
    told = [counters.hit("a", limit=1_000, window_s=60, now_s=0.0).remaining for _ in range(1_000)]
    assert told == list(range(999, -1, -1))


def test_what_was_counted_ahead_ends() -> None:
    shared = Asked()
    counters = LeasedCounters(shared)
    counters.hit("a", limit=1_000, window_s=60, now_s=0.0)
    counters.hit("a", limit=1_000, window_s=60, now_s=30.0)
    assert shared.times == 2


@given(st.integers(1, 500), st.lists(st.integers(1, 40), max_size=60))
def test_no_order_of_costs_gets_past_the_limit(limit: int, costs: list[int]) -> None:
    counters = LeasedCounters(MemoryCounters())
    passed = [cost for cost in costs if counters.hit("a", limit=limit, window_s=60, now_s=0.0, cost=cost).is_within]
    assert sum(passed) <= limit


def test_a_look_counts_nothing() -> None:
    counters = LeasedCounters(MemoryCounters())
    assert counters.peek("a", limit=5, window_s=60, now_s=0.0).remaining == 5
    assert counters.peek("a", limit=5, window_s=60, now_s=0.0).remaining == 5
