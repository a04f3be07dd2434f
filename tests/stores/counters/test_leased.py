from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.ports import Count
from apiward.guard.conducts.guessing import Attempt, Guessing, GuessLimits, Outcome
from apiward.stores.counters.leased import LeasedCounters
from apiward.stores.counters.memory import MemoryCounters
from apiward.stores.counters.shared import SharedCounters


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
    assert shared.times <= 80


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
    _hits(counters, 101, limit=1_000)
    times = shared.times
    while shared.times == times:
        _hits(counters, 1, limit=1_000)
    times += 1
    _hits(counters, 5, limit=1_000)
    assert shared.times == times
    _hits(counters, 1, limit=1_000, now_s=30.0)
    assert shared.times == times + 1


@given(st.integers(1, 500), st.lists(st.integers(1, 40), max_size=60))
def test_no_order_of_costs_gets_past_the_limit(limit: int, costs: list[int]) -> None:
    counters = LeasedCounters(MemoryCounters())
    passed = [cost for cost in costs if counters.hit("a", limit=limit, window_s=60, now_s=0.0, cost=cost).is_within]
    assert sum(passed) <= limit


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 300)), max_size=12))
def test_what_another_worker_reads_is_about_what_was_counted(turns: list[tuple[int, int]]) -> None:
    shared = MemoryCounters()
    workers = [LeasedCounters(shared) for _ in range(3)]
    counted = 0
    for worker, number in turns:
        counted += _hits(workers[worker], number, limit=1_000_000)
        for reader in workers:
            read = 1_000_000 - reader.peek("a", limit=1_000_000, window_s=60, now_s=0.0).remaining
            assert 0.9 * counted <= read <= 1.5 * counted


def test_the_first_ones_are_counted_exactly() -> None:
    shared = MemoryCounters()
    counters, other = LeasedCounters(shared), LeasedCounters(shared)
    for number in range(1, 11):
        _hits(counters, 1, limit=1_000_000)
        assert 1_000_000 - other.peek("a", limit=1_000_000, window_s=60, now_s=0.0).remaining == number


def test_one_failed_log_in_is_no_wave(tmp_path: Path) -> None:
    guessing = Guessing(GuessLimits(), LeasedCounters(SharedCounters(tmp_path / "counters")))
    for number in range(45):
        attempt = Attempt((f"account {number}",), f"192.0.2.{number}", Outcome.BAD)
        assert guessing.before(attempt, 100.0) is None
        guessing.after(attempt, 100.0)
    for number in range(45, 60):
        guessing.after(Attempt((f"account {number}",), f"192.0.2.{number}", Outcome.BAD), 100.0)
    said = guessing.before(Attempt(("one more",), "192.0.2.77"), 100.0)
    assert said is not None
    assert said.rule == "conduct.wave"


def test_a_look_counts_nothing() -> None:
    counters = LeasedCounters(MemoryCounters())
    assert counters.peek("a", limit=5, window_s=60, now_s=0.0).remaining == 5
    assert counters.peek("a", limit=5, window_s=60, now_s=0.0).remaining == 5
