import html
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.spec.markup import attributes, tags


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        (" href=\"/a\" SRC='/b'", {"href": "/a", "src": "/b"}),
        (" href=/a/b?c=1 hidden name=x", {"href": "/a/b?c=1", "name": "x"}),
        (' href = "/a?b=1&amp;c=2" value=a&#43;b', {"href": "/a?b=1&c=2", "value": "a+b"}),
        (' title="href=/no" href="/yes"', {"title": "href=/no", "href": "/yes"}),
        (' data-href="/no"', {"data-href": "/no"}),
        (' name="a" name="b"', {"name": "a"}),
        (' value="" checked', {"value": ""}),
        ("", {}),
    ],
)
def test_attributes_are_read_as_a_browser_reads_them(tag: str, said: dict[str, str]) -> None:
    assert attributes(tag) == said


def test_tags_are_told_with_their_names() -> None:
    assert [(name, inside) for name, inside, _ in tags('<A href=/x><!-- c --></a><my-tag a="1"><p>')] == [
        ("a", " href=/x"),
        ("my-tag", ' a="1"'),
        ("p", ""),
    ]


@given(st.dictionaries(st.text("abc-", min_size=1, max_size=9), st.text(max_size=30).map(str.strip), max_size=5))
def test_what_is_escaped_is_read_back(said: dict[str, str]) -> None:
    usable = {name: value for name, value in said.items() if html.unescape(html.escape(value)) == value}
    assert attributes("".join(f' {name}="{html.escape(value)}"' for name, value in usable.items())) == usable


@given(st.text("<a =\"'/>&;x", max_size=60))
def test_any_text_is_read(text: str) -> None:
    for _, inside, end in tags(text):
        assert end <= len(text)
        attributes(inside)


@pytest.mark.parametrize("piece", ["a", "a=", "a='", 'a="', "<a ", "<a x='", "a " * 9, "=", "&amp;"])
def test_hostile_pages_take_linear_time(piece: str) -> None:
    def spent(text: str) -> float:
        begun = time.process_time()
        for _, inside, _ in tags(f"<a {text}>"):
            attributes(inside)
        attributes(text)
        return time.process_time() - begun

    assert spent(piece * 200_000) < 11 * spent(piece * 50_000) + 0.3
