import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.spec.learning.peaks import Peaks, rounded_up
from apiward.spec.learning.tallies import StateError

SEEN: st.SearchStrategy[list[tuple[int, float]]] = st.lists(
    st.tuples(st.integers(0, 20), st.floats(0, 1e9)), max_size=80
)


def peaks(seen: list[tuple[int, float]]) -> Peaks:
    made = Peaks()
    for caller, number in seen:
        made.add(caller, number)
    return made


def test_three_callers_cannot_raise_a_bound() -> None:
    made = peaks([(caller, 10.0) for caller in range(8)] + [(caller, 1e6) for caller in (20, 21, 22)])
    assert made.agreed == 16
    made.add(23, 1_000_000)
    assert made.agreed == 2**20


@given(SEEN, SEEN)
def test_joined_peaks_are_as_one_that_saw_all(one: list[tuple[int, float]], other: list[tuple[int, float]]) -> None:
    made = peaks(one)
    made.join(peaks(other))
    assert made.agreed == peaks(one + other).agreed
    assert Peaks.from_state(made.state()).agreed == made.agreed


@given(st.floats(1e-5, 1e300))
def test_a_bound_is_never_below_what_was_seen(number: float) -> None:
    assert rounded_up(number) >= number


def test_what_no_float_holds_is_endless() -> None:
    assert rounded_up(10**400) == math.inf
    made = peaks([(1, math.inf)])
    assert Peaks.from_state(made.state()).agreed == math.inf


@pytest.mark.parametrize("state", [None, [1], [[1]], [[1, "x"]], [["x", 1]]])
def test_a_broken_state_is_refused(state: object) -> None:
    with pytest.raises(StateError):
        Peaks.from_state(state)  # type: ignore[arg-type]
