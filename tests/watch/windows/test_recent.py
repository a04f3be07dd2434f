from collections import OrderedDict

import orjson
from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.windows.recent import Recent

KEYS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans()), max_size=60)


@given(KEYS, st.integers(1, 5))
def test_who_was_not_used_for_longest_goes_first(uses: list[tuple[str, bool]], most: int) -> None:
    recent: Recent[int] = Recent(most)
    order: list[str] = []
    for key, is_put in uses:
        if is_put:
            recent.put(key, 1)
            order = [one for one in order if one != key] + [key]
            order = order[-most:]
        elif recent.used(key) is not None:
            order = [one for one in order if one != key] + [key]
        assert list(recent) == order


def test_it_is_written_as_a_mapping_and_read_back_in_its_order() -> None:
    recent: Recent[list[int]] = Recent(3)
    for key in "dacb":
        recent.put(key, [1])
    again = Recent(3, orjson.loads(orjson.dumps(recent)))
    assert list(again) == ["a", "c", "b"]
    assert isinstance(again, OrderedDict)
    assert list(Recent(2, again)) == ["c", "b"]
