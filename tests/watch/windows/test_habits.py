from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.windows.habits import DAY_S, follow, most_usual, new_habit, new_usual, take_in


def test_a_habit_follows_the_days() -> None:
    habit = new_habit()
    ended = [follow(habit, DAY_S * (100 + day) + 60.0 * number, 1.0) for day in range(20) for number in range(10)]
    assert sorted(set(ended)) == [0.0, 10.0]
    assert habit[2] == 10.0
    assert habit[3] == 10.0
    follow(habit, DAY_S * 120, 1.0)
    assert habit[1] == 1.0


def test_days_off_are_no_part_of_a_habit() -> None:
    habit = new_habit()
    for day in (100, 101, 108, 109):
        follow(habit, DAY_S * day, 6.0)
    assert habit[2] == 6.0


@given(st.lists(st.integers(1, 100_000), min_size=100, max_size=400))
def test_what_is_usual_covers_nearly_all(sizes: list[int]) -> None:
    usual = new_usual()
    for size in sizes:
        take_in(usual, size)
    most = most_usual(usual, 0.95)
    assert sum(size <= most for size in sizes) >= 0.95 * len(sizes) - 1
    assert most < 2 * max(sizes)


def test_few_say_nothing_and_what_is_old_fades() -> None:
    usual = new_usual()
    for _ in range(19):
        take_in(usual, 5)
    assert most_usual(usual) == 0.0
    for _ in range(20_000):
        take_in(usual, 9)
    assert sum(usual) <= 4_097
    assert most_usual(usual) == 15.0
    assert most_usual([30.0] + [0.0] * 31) == 0.0
