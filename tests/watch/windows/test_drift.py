import math

from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.windows.drift import LEARNS, excess, new_drift


def test_growth_adds_up_and_chance_does_not() -> None:
    drift = new_drift()
    noise = [100.0 + 20.0 * (number % 3 - 1) for number in range(60)]
    assert max(excess(drift, value) for value in noise) < 4.0
    assert max(excess(drift, value * 1.8) for value in noise[:6]) > 12.0


def test_a_jump_shows_at_once_but_not_at_the_beginning() -> None:
    drift = new_drift()
    assert not any(excess(drift, value) for value in (1.0, 900.0, 5.0, 3.0, 70.0)[:LEARNS])
    steady = new_drift()
    for _ in range(10):
        excess(steady, 50.0)
    assert excess(steady, 500.0) > 12.0


@given(st.lists(st.floats(0, 1e12), max_size=60))
def test_it_stays_a_number_and_never_below_nothing(values: list[float]) -> None:
    drift = new_drift()
    assert all(excess(drift, value) >= 0.0 for value in values)
    assert len(drift) == 4
    assert all(math.isfinite(one) for one in drift)
