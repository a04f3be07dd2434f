"""What the weak twins work out for a stranger stays small: nobody brings down the machine that the demo runs on."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.visitor import Visitor


@pytest.fixture
def weak(tmp_path: Path) -> Iterator[Visitor]:
    visitor = Visitor(("template-injection-card", "object-injection-cart"), tmp_path)
    yield visitor
    visitor.close()


@pytest.mark.parametrize(
    "message",
    [
        "{{ 'a'.ljust(9999) }}",
        "{{ '%09999d'|format(1) }}",
        "{{ 'a' * 9999 }}",
        "{{ 2 ** 9999 }}",
        "{{ lipsum(n=99) }}",
        "{% for a in range(300) %}{{ a }}{% endfor %}",
    ],
)
def test_a_card_is_never_longer_than_what_was_sent(weak: Visitor, message: str) -> None:
    got = weak.call("POST", "/shop/cards/preview", {"to": "Kim", "message": message})
    assert got.status == 200
    assert len(got.text) < 400


@pytest.mark.parametrize("twice", [b"2\x86", b"\x94h\x00h\x00\x86"], ids=["the last one again", "by its number"])
def test_a_saved_cart_does_not_grow_by_repeating(weak: Visitor, twice: bytes) -> None:
    saved = base64.b64encode(b"\x80\x04K\x01" + twice + b"2\x86" * 12 + b".").decode()
    got = weak.call("POST", "/shop/cart/preview", {"saved": saved})
    assert got.json == {"status": "fail", "message": "This is no saved cart."}
