import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.inspection.sql.folding import folded
from apiward.inspection.sql.tokens import shape_of


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("((1))", "n"),
        ("-1", "n"),
        ("(1=1)", "z"),
        ("(a or b)", "w"),
        ("(1,2)", "r"),
        ("hex(1)", "k"),
        ("foo(1)", "w"),
        ("sleep(5)", "K"),
        ("sleep(less)", "w"),
        ("sleep (8 hours)", "w"),
        ("(select a from b)", "Q"),
        ("hex((select 1))", "Q"),
        ("hex(sleep(1))", "K"),
        ("iif(1=1,2,3)", "K"),
        ("case when 1=1 then 2 else 3 end", "z"),
        ("select * from a", "EnMw"),
        ("select count(*) from a", "EkMw"),
        ("1 + or 2", "nln"),
        ("order by 1", "Gn"),
        ("by order", "ww"),
        ("(a b)", "{ww}"),
        ("(1*@a)", "z"),
        ("((1", "((n"),
    ],
)
def test_folded(text: str, shape: str) -> None:
    assert folded(shape_of(text).kinds) == shape


@given(st.text(alphabet="nswvkEUMRl o(),f", max_size=300))
def test_folding_never_grows(kinds: str) -> None:
    assert len(folded(kinds)) <= len(kinds) + kinds.count(")")
