import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.inspection.sql.tokens import MAX_TOKENS, shape_of


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("1 or 1=1", "nlnon"),
        ("' or 'a'='a", "swsw"),
        ("'' or 'a'='a", "slsoS"),
        ("x--", "wC"),
        ("1/* a */2", "nn"),
        ("1/*!50000union*/", "nU"),
        ("1/*open", "nC"),
        ("1-- a\n2", "nn"),
        ("1#a\n2", "nn"),
        ("1# a", "nC"),
        ("1#a", "np"),
        ("@@version", "v"),
        ("sleep(5)", "F(n)"),
        ("sleep (5)", "F(n)"),
        ("hex(1)", "f(n)"),
        ("foo(1)", "x(n)"),
        ("foo (1)", "w(n)"),
        ("0x1f 1.5e3 .5", "nnn"),
        ("a.b.`c` [d]", "ww"),
        ("$$x$$", "s"),
        ("n'x' \"y\"", "ss"),
        ("a && b || !c", "wlwl!w"),
        ("1 << 2 <=> 3", "nanon"),
        ("?", "p"),
        ("order by 1", "gyn"),
        ("\\n", "n"),
    ],
)
def test_kinds(text: str, kinds: str) -> None:
    assert shape_of(text).kinds == kinds


def test_tokens_are_bounded() -> None:
    assert len(shape_of("1," * 10_000).kinds) == MAX_TOKENS


@given(st.text(max_size=200))
def test_kinds_and_texts_go_together(text: str) -> None:
    shape = shape_of(text)

    assert len(shape.kinds) == len(shape.texts)
