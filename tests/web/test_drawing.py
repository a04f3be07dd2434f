from hypothesis import given
from hypothesis import strategies as st

from apiward.web.drawing import HEIGHT, WIDTH, bars

_PAIRS = st.lists(
    st.integers(0, 10**7).flatmap(lambda whole: st.tuples(st.just(whole), st.integers(0, whole))), max_size=12
)


@given(_PAIRS)
def test_bars_stay_within_the_drawing_and_show_what_is_not_zero(values: list[tuple[int, int]]) -> None:
    made = bars(values)
    assert len(made) == len(values)
    for (value, part), bar in zip(values, made, strict=True):
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert 0 <= bar.marked <= bar.height <= HEIGHT
        assert (bar.height > 0, bar.marked > 0) == (bool(value), bool(part))


def test_the_largest_fills_the_drawing() -> None:
    made = bars([(10, 5), (20, 0)])
    assert [(one.height, one.marked) for one in made] == [(HEIGHT // 2, HEIGHT // 4), (HEIGHT, 0)]
