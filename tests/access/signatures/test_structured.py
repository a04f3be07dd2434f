"""Structured fields: strict reading, one right spelling, and a reader that nothing can upset (RFC 8941)."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.signatures.structured import (
    InnerList,
    Item,
    Member,
    StructuredFieldError,
    Token,
    parse_dictionary,
    serialize_dictionary,
)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("a=1", "a=1"),
        ("a", "a"),
        ("a=?1, b=?0;x", "a, b=?0;x"),
        ("a=1.0, b=-2.50, c=0.125", "a=1.0, b=-2.5, c=0.125"),
        ('a="x \\" \\\\ y"', 'a="x \\" \\\\ y"'),
        ("a=tok*en/1:2;q=1", "a=tok*en/1:2;q=1"),
        ("a=:aGVsbG8=:", "a=:aGVsbG8=:"),
        ('a=("x"   "y";k=1   );z', 'a=("x" "y";k=1);z'),
        ("a=(), b=2", "a=(), b=2"),
        ("a=1,b=2 ,\tc=3, a=4", "a=4, b=2, c=3"),
        ("a;x=1;x=2", "a;x=2"),
        ("", ""),
    ],
)
def test_sound(text: str, again: str) -> None:
    assert serialize_dictionary(parse_dictionary(text)) == again


@pytest.mark.parametrize(
    "text",
    [
        "a=", "a=1,", "A=1", "a=1 b=2", 'a="x', 'a="\\x"', "a=(1", "a=(1,2)", "a=(1 2))", "a=:a=:",
        "a=:****:", "a=?2", "a=1.",
        "a=1.1234", "a=1234567890123456", "a=1234567890123.1", "a=--1", "a=\x01",
        "a=é", '"a"=1', "a=1;;b", "=1", "a=(1\t2)",
        "a=" + "x" * 20_000, ", ".join(f"k{n}=1" for n in range(65)), "a=(" + " ".join(["1"] * 65) + ")",
        "a=1" + "".join(f";p{n}" for n in range(65)),
    ],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(StructuredFieldError):
        parse_dictionary(text)


@given(st.text(max_size=60) | st.text(alphabet='ab=;,():"\\?*. \t-10', max_size=60))
def test_any_text(text: str) -> None:
    try:
        members = parse_dictionary(text)
    except StructuredFieldError:
        return
    spelled = serialize_dictionary(members)
    assert parse_dictionary(spelled) == members
    assert serialize_dictionary(parse_dictionary(spelled)) == spelled


keys = st.from_regex(r"\A[a-z*][a-z0-9_\-.*]{0,8}\Z")
bare = (
    st.integers(-(10**14), 10**14)
    | st.booleans()
    | st.binary(max_size=12)
    | st.text(alphabet=[c for c in string.printable if c.isprintable()], max_size=12)
    | st.from_regex(r"\A[A-Za-z*][A-Za-z0-9:/!]{0,8}\Z").map(Token)
)
items = st.builds(Item, bare, st.dictionaries(keys, bare, max_size=3))
members = items | st.builds(InnerList, st.lists(items, max_size=3).map(tuple), st.dictionaries(keys, bare, max_size=3))


@given(st.dictionaries(keys, members, max_size=4))
def test_round_trip(made: dict[str, Member]) -> None:
    assert parse_dictionary(serialize_dictionary(made)) == made
