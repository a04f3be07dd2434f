import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.ownership.fields import owners_in, steps_of
from apiward.core.jsonvalue import Json

JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["owner", "id", "b"]), inner, max_size=3)
    ),
)


def test_owners_are_found_in_records_wherever_they_stand() -> None:
    steps = steps_of("owner.id")
    assert owners_in({"owner": {"id": 7}}, steps) == ["7"]
    assert owners_in({"data": [{"Owner": {"id": 7}}, {"owner": {"id": 8}}]}, steps) == ["7", "8"]
    assert owners_in([{"x": 1}], steps) == []
    assert owners_in({"owner": ["A", "b"]}, steps_of("owner")) == ["a", "b"]


def test_what_stands_within_a_record_is_not_looked_at() -> None:
    assert owners_in({"owner": 1, "parent": {"owner": 2}}, steps_of("owner")) == ["1"]


@pytest.mark.long
@given(JSON)
def test_no_answer_raises(value: Json) -> None:
    owners_in(value, steps_of("owner.id"))
