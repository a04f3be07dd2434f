import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.stores.counters.memory import MemoryCounters

NOW_S = 1_800_000_000.0


def hit(
    counters: MemoryCounters, key: str = "a", *, at_s: float = 0.0, limit: int = 3, window_s: int = 60, cost: int = 1
) -> bool:
    return counters.hit(key, limit=limit, window_s=window_s, now_s=NOW_S + at_s, cost=cost).is_within


def test_so_many_fit_and_no_more() -> None:
    counters = MemoryCounters()
    assert [hit(counters) for _ in range(5)] == [True, True, True, False, False]
    assert hit(counters, "b")


def test_what_does_not_fit_is_not_counted() -> None:
    counters = MemoryCounters()
    assert not hit(counters, cost=4)
    assert hit(counters, cost=3)
    assert not hit(counters, cost=1)
    assert hit(counters, cost=0)


def test_the_window_slides() -> None:
    counters = MemoryCounters()
    assert hit(counters, cost=3, at_s=30)
    assert not hit(counters, at_s=61)
    assert hit(counters, at_s=81)
    assert not hit(counters, at_s=82)
    assert hit(counters, cost=3, at_s=300)


def test_it_says_how_things_stand() -> None:
    counters = MemoryCounters()
    count = counters.hit("a", limit=10, window_s=60, now_s=NOW_S, cost=4)
    assert (count.is_within, count.remaining) == (True, 6)
    assert 60 <= count.reset_s <= 120
    peeked = counters.peek("a", limit=10, window_s=60, now_s=NOW_S)
    assert (peeked.is_within, peeked.remaining) == (True, 6)
    assert counters.peek("a", limit=4, window_s=60, now_s=NOW_S).is_within is False
    assert counters.peek("new", limit=10, window_s=60, now_s=NOW_S).remaining == 10
    assert counters.peek("a", limit=10, window_s=60, now_s=NOW_S).remaining == 6


def test_windows_of_one_key_are_apart() -> None:
    counters = MemoryCounters()
    assert hit(counters, cost=3)
    assert hit(counters, cost=3, window_s=3_600)
    assert not hit(counters, window_s=3_600)


def test_a_clock_that_goes_back_forgets_nothing() -> None:
    counters = MemoryCounters()
    assert hit(counters, cost=3, at_s=600)
    assert not hit(counters, at_s=0)
    assert not hit(counters, at_s=601)


def test_new_keys_push_out_only_what_is_idle() -> None:
    counters = MemoryCounters(200)
    assert hit(counters, "busy", cost=2)
    assert hit(counters, "quota", window_s=86_400, cost=3)
    for number in range(5_000):
        hit(counters, f"new{number}")
        if number % 50 == 0:
            hit(counters, "busy", cost=0)
    assert hit(counters, "busy")
    assert not hit(counters, "busy")
    assert not hit(counters, "quota", window_s=86_400)
    assert len(counters._short._young) + len(counters._short._old) <= 200


@given(st.lists(st.tuples(st.floats(0, 50), st.integers(0, 3))), st.integers(1, 10))
def test_within_a_window_the_limit_is_never_passed(steps: list[tuple[float, int]], limit: int) -> None:
    counters, now_s, counted = MemoryCounters(), 0.0, [(0.0, 0)]
    for pause_s, cost in steps:
        now_s += pause_s
        if hit(counters, at_s=now_s, limit=limit, cost=cost):
            counted.append((now_s, cost))
    windows = {at_s // 60 for at_s, _ in counted}
    assert all(sum(cost for at_s, cost in counted if at_s // 60 == window) <= limit for window in windows)


@pytest.mark.parametrize("now_s", [0.0, -5.0, 1e12])
def test_odd_clocks_are_borne(now_s: float) -> None:
    assert MemoryCounters().hit("a", limit=1, window_s=60, now_s=now_s).is_within
