from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.windows.counting import Counting

STEPS = st.lists(st.tuples(st.floats(0, 50), st.integers(1, 5)), max_size=80)


@given(STEPS, st.integers(1, 8))
def test_the_sum_is_that_of_the_parts_that_are_in_the_window(steps: list[tuple[float, int]], parts: int) -> None:
    counting = Counting(60.0, parts)
    counted = counting.new()
    now_s = 1_000.0
    taken: list[tuple[float, int]] = []
    for after_s, amount in steps:
        now_s += after_s
        taken.append((now_s // counting.width_s, amount))
        newest = now_s // counting.width_s
        exact = sum(each for part, each in taken if part > newest - parts)
        assert counting.add(counted, now_s, amount) == exact
        assert counting.total(counted, now_s) == exact


def test_what_is_late_counts_for_its_own_time_or_not_at_all() -> None:
    counting = Counting(60.0, 6)
    counted = counting.new()
    counting.add(counted, 1_000.0)
    assert counting.add(counted, 985.0) == 2.0
    assert counting.add(counted, 900.0) == 2.0
    assert counting.total(counted, 1_045.0) == 1.0
    assert counting.total(counted, 5_000.0) == 0.0
