from hypothesis import given

from apiward.prove.standing import Reach
from tests.prove.standings import REACHES


@given(REACHES)
def test_a_share_is_between_nothing_and_all(reach: Reach) -> None:
    assert 0.0 <= reach.share <= 1.0
    assert (reach.share == 1.0) == (reach.operations > 0 and reach.reached >= reach.operations)


def test_where_nothing_is_described_nothing_was_reached() -> None:
    assert Reach(0, 0).share == 0.0
    assert Reach(0, 5).share == 0.0
    assert Reach(4, 3).share == 0.75
