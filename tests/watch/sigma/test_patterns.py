"""Wildcards, their escapes, and the forms that need no regular expression."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.sigma.patterns import (
    MAX_PATTERN,
    Wild,
    expanded_dashes,
    has_wild,
    matcher,
    parsed,
    plain_text,
    regex_test,
    surrounded,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a*b?", ("a", Wild.MANY, "b", Wild.ONE)),
        (r"a\*b", ("a*b",)),
        (r"a\\*", ("a\\", Wild.MANY)),
        (r"C:\x", ("C:\\x",)),
        ("a\\", ("a\\",)),
        ("", ()),
    ],
)
def test_a_backslash_takes_the_meaning_away(text: str, parts: tuple[object, ...]) -> None:
    assert parsed(text) == parts
    assert has_wild(parsed(text)) == any(isinstance(part, Wild) for part in parts)
    assert plain_text(parsed(text)) == ("".join(map(str, parts)) if not has_wild(parsed(text)) else None)


@given(st.lists(st.one_of(st.sampled_from(list(Wild)), st.text("aB*?\\.日\n", min_size=1, max_size=3)), max_size=5),
       st.text("aB*?\\.日\n", max_size=8), st.booleans())  # fmt: skip
def test_a_pattern_matches_as_its_regular_expression_does(parts: list[str | Wild], text: str, is_cased: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    source = "".join(re.escape(one) if isinstance(one, str) else ".*" if one is Wild.MANY else "." for one in parts)
    expected = re.fullmatch(source, text, re.DOTALL | (0 if is_cased else re.IGNORECASE)) is not None
    assert matcher(tuple(parts), is_cased=is_cased)(text) == expected


def test_places_are_added_once() -> None:
    assert surrounded(("a",), before=True, after=True) == (Wild.MANY, "a", Wild.MANY)
    assert surrounded((Wild.MANY, "a"), before=True, after=False) == (Wild.MANY, "a")


def test_dashes_are_written_in_all_ways() -> None:
    assert {plain_text(one) for one in expanded_dashes(("-x",))} == {"-x", "/x", "–x", "—x", "―x"}  # noqa: RUF001 - they are meant
    assert expanded_dashes(("a-b",)) == (("a-b",),)
    assert len(expanded_dashes(("a -x", Wild.ONE, " /y-"))) == 25
    with pytest.raises(ValueError, match="at most 3"):
        expanded_dashes(("-a -b -c -d",))


@pytest.mark.parametrize("source", ["(", "(?=x)", r"(a)\1", "x" * (MAX_PATTERN + 1), "(?:x{1000}){1000}"])
def test_a_regular_expression_that_could_be_slow_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        regex_test(source)


def test_regular_expressions_are_searched_and_cased() -> None:
    assert regex_test("b+")("abbc")
    assert not regex_test("B")("abc")
    assert regex_test("B", "i")("abc")
    assert regex_test("a.c", "s")("a\nc")
