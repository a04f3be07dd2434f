"""The grammar of conditions, held against Python's own."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.sigma.conditions import MAX_DEPTH, ConditionProblem, Grammar


def _grammar(names: dict[str, bool]) -> Grammar[bool]:
    return Grammar(names, every=all, some=any, negated=lambda one: not one)


EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", "c"]),
    lambda inner: st.one_of(
        inner.map("not {}".format),
        st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map("".join),
        inner.map("({})".format),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS, st.fixed_dictionaries({"a": st.booleans(), "b": st.booleans(), "c": st.booleans()}))
def test_conditions_mean_what_python_means(text: str, names: dict[str, bool]) -> None:
    assert _grammar(names).read(text) == eval(text, {}, names)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("1 of sel*", True), ("all of sel*", False), ("any of them", True), ("all of them", False),
        ("not 1 of other*", True), ("1 of _hidden", True), ("sel-1 and not (sel2 or other)", True),
    ],
)  # fmt: skip
def test_several_at_once(text: str, holds: bool) -> None:  # noqa: FBT001 - a case of the table
    names = {"sel-1": True, "sel2": False, "other": False, "_hidden": True}
    assert _grammar(names).read(text) == holds


def test_what_was_asked_for_is_known() -> None:
    grammar = _grammar({"a": True, "ab": True, "c": True, "_d": True})
    grammar.read("1 of a* or c")
    assert grammar.used == {"a", "ab", "c"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a and", "missing at the end"), ("a b", "not expected"), ("(a", "not closed"), ("zzz", "no selection"),
        ("a AND b", "not expected"), ("AND", "small letters"), ("2 of them", "not supported"),
        ("1 of z*", "No selection"),
        ("a | count() > 5", "correlation rule"), ("a & b", "cannot be read"), (") a", "where a name"),
        ("(" * (MAX_DEPTH + 2) + "a" + ")" * (MAX_DEPTH + 2), "nested"), (" or ".join(["a"] * 300), "more than"),
        ("and", "where a name"), ("", "missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(ConditionProblem) as caught:
        _grammar({"a": True, "b": False}).read(text)
    assert re.search(said, f"{caught.value.what} {caught.value.advice}")


@given(st.text("ab ()*_-notrdf1|", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ConditionProblem):
        assert _grammar({"a": True, "b": False, "not_a": True}).read(text) in {True, False}
