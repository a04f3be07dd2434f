from hypothesis import given
from hypothesis import strategies as st

from apiward.app.watching.sources.model import Position, position_of


def test_a_position_outlives_being_written() -> None:
    position = Position("abc", 7, 100, 3, 1, "#Fields: date", "w3c", "s=1;i=2")
    assert position_of(position.text()) == position
    assert position.after(2).skip == 3


@given(text=st.text(max_size=100))
def test_what_is_no_position_is_the_beginning(text: str) -> None:
    assert isinstance(position_of(text), Position)
    assert position_of('{"head": 7, "offset": "x", "line": 4, "more": 1}') == Position(line=4)
    assert position_of("[1]") == Position()
