import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.spec.origins import origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Shop.example:443/a?b#c", "https://shop.example"),
        ("HTTP://shop.example:80", "http://shop.example"),
        ("https://shop.example:80/", "https://shop.example:80"),
        ("http://[::1]:8000/x", "http://[::1]:8000"),
        ("http://anna:pw@shop.example/x", "http://shop.example"),
        ("/only/a/path", ""),
        ("//shop.example/x", ""),
        ("http://h:port/", ""),
        ("http://[", ""),
        ("data:text/plain,x", ""),
        ("", ""),
    ],
)
def test_what_is_the_same_origin_is_written_the_same(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@given(st.text(max_size=60) | st.text("htps:/[]@.0189%x", max_size=30))
def test_any_text_has_one_origin_or_none(text: str) -> None:
    once = origin_of(text)
    assert origin_of(once) == once
