import pytest

from apiward.core.jsonvalue import Json
from apiward.spec.learning.nodes import MOST_DEPTH, Node
from tests.spec.learning.seeing import learner, often


def test_a_node_survives_being_written_down_with_all_below_it() -> None:
    root = learner(often("GET /shops/7/items", 8, answer={"id": 1}))._tree.root
    again = Node.from_state(root.state())
    assert again.state() == root.state()
    assert again.size() == root.size() == 4


def test_joining_counts_what_both_have_seen() -> None:
    one = learner(often("GET /a", 3))._tree.root
    one.join(learner([*often("GET /a", 4), *often("POST /b/1", 2)])._tree.root)
    assert one.fixed["a"].operations["GET"].count == 7
    assert one.fixed["b"].values[""].operations["POST"].count == 2


@pytest.mark.parametrize("state", [None, [], [0, "", None, {}, {}], "x", {"fixed": 1}])
def test_a_state_of_another_form_is_refused(state: Json) -> None:
    with pytest.raises(ValueError, match="expected"):
        Node.from_state(state)


def test_endless_depth_is_refused() -> None:
    state = Node().state()
    for _ in range(MOST_DEPTH + 2):
        assert isinstance(state, list)
        state = [0, "", state[2], {}, {"a": state}, {}]
    with pytest.raises(ValueError, match="shorter"):
        Node.from_state(state)
