import pytest

from apiward.spec.learning import earning
from apiward.spec.learning.tallies import Tally


def tally(count: int, callers: int) -> Tally:
    return Tally(count, range(callers))


def test_a_type_is_earned_by_twenty_values_of_four_callers() -> None:
    assert earning.has_type([tally(20, 4)], [])
    assert not earning.has_type([tally(19, 4)], [])
    assert not earning.has_type([tally(2_000, 3)], [])
    assert not earning.has_type([tally(20, 4)], [tally(1, 1)]), "one exception is enough while little is known"


def test_bounds_without_room_need_ten_thousand_values_of_ten_callers() -> None:
    assert earning.is_exact([tally(10_000, 10)])
    assert not earning.is_exact([tally(9_999, 10)])
    assert not earning.is_exact([tally(10_000, 9)])


def test_bounds_with_room_need_a_thousand() -> None:
    assert earning.has_room([tally(1_000, 10)])
    assert not earning.has_room([tally(999, 10)])


@pytest.mark.parametrize(("others", "holds"), [((10, 3), "yes"), ((10, 4), "no"), ((11, 3), "no")])
def test_rare_exceptions_of_three_callers_do_not_count(others: tuple[int, int], holds: str) -> None:
    rest = Tally(others[0], range(100, 100 + others[1]))
    assert earning.is_exact([tally(10_000, 10)], [rest]) is (holds == "yes")


def test_callers_are_counted_over_all_types_together() -> None:
    assert earning.has_type([Tally(10, [1, 2]), Tally(10, [3, 4])], [])
    assert earning.has_form([tally(100, 4)], [])
    assert not earning.has_form([tally(99, 4)], [])
    assert earning.is_told(tally(1, 1), few=True)
    assert not earning.is_told(tally(9, 3), few=False)
