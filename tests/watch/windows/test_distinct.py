import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.windows.distinct import EXACT, LONGEST, Several, Spreading, add, count, joined

THINGS = st.lists(st.text(max_size=80), max_size=120)


def _several(things: list[str]) -> Several:
    made: Several = []
    for thing in things:
        add(made, thing)
    return made


@given(st.lists(st.integers(0, 90).map(str), max_size=200))
def test_few_things_are_counted_exactly(things: list[str]) -> None:
    different = len(set(things))
    if different <= EXACT:
        assert count(_several(things)) == different


@pytest.mark.parametrize("many", [65, 100, 400, 1_000, 10_000, 100_000])
def test_many_things_are_counted_closely(many: int) -> None:
    assert count(_several([f"thing {number}" for number in range(many)])) == pytest.approx(many, rel=0.2)


@given(THINGS, THINGS)
def test_both_together_are_as_if_all_were_taken_in(one: list[str], other: list[str]) -> None:
    assert count(joined(_several(one), _several(other))) == count(_several(one + other))
    assert count(joined(_several(other), _several(one))) == count(_several(one + other))


@given(THINGS)
def test_the_room_is_bounded_and_nothing_is_new_twice(things: list[str]) -> None:
    several = _several(things)
    assert len(several) <= 256
    assert not any(add(several, thing) for thing in things)


@given(st.lists(st.tuples(st.floats(0, 40), st.integers(0, 30)), max_size=60))
def test_a_spread_looks_back_over_one_or_two_halves(steps: list[tuple[float, int]]) -> None:
    spreading = Spreading(100.0)
    spread = spreading.new()
    now_s = 1_000.0
    taken: list[tuple[float, str]] = []
    for after_s, thing in steps:
        now_s += after_s
        half = now_s // spreading.half_s
        window = {name for part, name in taken if part >= half - 1}
        assert spreading.add(spread, str(thing), now_s) == (str(thing) not in window)
        taken.append((half, str(thing)))
        assert spreading.count(spread) == len(window | {str(thing)})


def test_long_names_are_cut() -> None:
    several: Several = []
    add(several, "x" * 500)
    assert several == ["x" * LONGEST]
    assert not add(several, "x" * 400)
