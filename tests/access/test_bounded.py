"""The bounded memory agrees with a slow, plain model of itself."""

from hypothesis import given
from hypothesis import strategies as st

from apiward.access.bounded import Bounded

steps = st.lists(
    st.tuples(st.sampled_from(["put", "get", "drop"]), st.sampled_from([b"a", b"b", b"c", b"d"]), st.integers(0, 5)),
    max_size=40,
)


@given(steps)
def test_agrees_with_a_model(todo: list[tuple[str, bytes, int]]) -> None:
    real: Bounded[int] = Bounded(2)
    model: list[tuple[bytes, int, int]] = []
    for now, (what, key, number) in enumerate(todo):
        held = next((entry for entry in model if entry[0] == key), None)
        if what == "put":
            real.put(key, number, now + number)
            model = [*(entry for entry in model if entry[0] != key), (key, number, now + number)][-2:]
        elif what == "drop":
            assert real.drop(key) == (held[1] if held else None)
            model = [entry for entry in model if entry[0] != key]
        else:
            is_living = held is not None and held[2] > now
            assert real.get(key, now) == (held[1] if held and is_living else None)
            model = [entry for entry in model if entry[0] != key] + ([held] if held and is_living else [])
        assert len(real) == len(model)
