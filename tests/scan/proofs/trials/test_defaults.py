from collections import Counter
from itertools import pairwise

import pytest

from apiward.scan.proofs.trials.defaults import BY_ADDRESS, BY_NAME, MOST_FOR_ONE, pairs


@pytest.mark.parametrize("by_address", [True, False, None])
def test_each_pair_is_tried_once_and_no_name_often_or_twice_in_a_row(*, by_address: bool | None) -> None:
    tried = pairs(by_address=by_address)
    assert len(set(tried)) == len(tried) <= 24
    assert max(Counter(name for name, _ in tried).values()) <= MOST_FOR_ONE
    assert all(one[0] != other[0] for one, other in pairwise(tried))


def test_names_are_of_the_kind_by_which_people_log_in() -> None:
    assert {name for name, _ in pairs(by_address=True)} == set(BY_ADDRESS)
    assert {name for name, _ in pairs(by_address=False)} == set(BY_NAME)
    assert all("@" in name for name in BY_ADDRESS)
    assert not any("@" in name for name in BY_NAME)
