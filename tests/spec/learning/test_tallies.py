import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.spec.learning.tallies import ENOUGH_CALLERS, MOST_CALLERS, Crowd, StateError, Tally, mapping, row

CALLERS = st.lists(st.integers(0, 2**48 - 1), max_size=200)


def tally(callers: list[int]) -> Tally:
    made = Tally()
    for one in callers:
        made.add(one)
    return made


def crowd(callers: list[int]) -> Crowd:
    made = Crowd()
    for one in callers:
        made.add(one)
    return made


def test_three_callers_are_not_enough_however_often_they_call() -> None:
    made = tally([1, 2, 3] * 1000)
    assert len(made.callers) == 3
    assert tally([1, 2, 3]).is_shown_by_enough is False
    assert made.count == 3000
    assert made.add(4)
    assert not made.add(5), "only the caller who makes it enough is news"


@given(CALLERS, CALLERS)
def test_joined_tallies_are_as_one_that_saw_all(one: list[int], other: list[int]) -> None:
    made = tally(one)
    made.join(tally(other))
    together = tally(one + other)
    assert made.count == together.count
    assert min(len(made.callers), ENOUGH_CALLERS) == min(len(together.callers), ENOUGH_CALLERS)
    assert len(made.callers) <= MOST_CALLERS
    assert Tally.from_state(made.state()).state() == made.state()


@given(CALLERS, CALLERS)
def test_joined_crowds_are_as_one_that_saw_all(one: list[int], other: list[int]) -> None:
    made = crowd(one)
    made.join(crowd(other))
    assert made.state() == crowd(one + other).state()
    assert Crowd.from_state(made.state()).state() == made.state()


def test_a_large_crowd_is_counted_nearly_and_stays_small() -> None:
    step = 2**48 // 10_000
    made = crowd([number * step + 1 for number in range(10_000)])
    assert 7_000 < len(made) < 13_000
    assert len(made.smallest) == Crowd.SIZE
    assert len(crowd([5, 6, 7])) == 3


@pytest.mark.parametrize("state", [None, 7, "x", [True], [-1], ["a"], [1.5], [2**60]])
def test_a_broken_state_is_refused(state: object) -> None:
    with pytest.raises(StateError):
        Crowd.from_state(state)  # type: ignore[arg-type]


def test_forms_are_checked() -> None:
    with pytest.raises(StateError):
        mapping([])
    with pytest.raises(StateError):
        row([1], 2)
