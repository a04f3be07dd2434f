from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.windows.sketch import ROWS, WIDTH, add, halve, new, seen


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 4)), max_size=300))
def test_a_count_is_never_too_low_and_seldom_too_high(things: list[tuple[int, int]]) -> None:
    sketch, exact = new(), Counter[str]()
    for number, amount in things:
        exact[str(number)] += amount
        assert add(sketch, str(number), amount) >= exact[str(number)]
    wrong = sum(seen(sketch, thing) > count for thing, count in exact.items())
    assert wrong <= 1 + len(exact) // 20
    assert len(sketch) == WIDTH * ROWS


def test_very_many_things_stay_near() -> None:
    sketch = new()
    for number in range(5_000):
        add(sketch, str(number))
    assert seen(sketch, "7") <= 1 + 5_000 * 3 // WIDTH
    assert seen(sketch, "never") <= 5_000 * 3 // WIDTH


def test_half_of_it_can_be_forgotten() -> None:
    sketch = new()
    add(sketch, "a", 9)
    halve(sketch)
    assert seen(sketch, "a") == 4
