"""What stands in a header as a token, and headers that stand twice."""

import pytest

from apiward.access.credentials import ShownToken, is_shown_twice, token_in
from tests.access.making import call


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b"Bearer abc", ShownToken(b"abc")),
        (b"Bearer  abc ", ShownToken(b"abc")),
        (b"bearer abc", ShownToken(b"abc")),
        (b"TOKEN abc", ShownToken(b"abc")),
        (b"JWT abc", ShownToken(b"abc")),
        (b"DPoP abc", ShownToken(b"abc", shows_proof=True)),
        (b"abc", ShownToken(b"abc")),
        (b"Basic YTpi", ShownToken(b"Basic YTpi", is_opaque=True)),
        (b"bearer-of-news", ShownToken(b"bearer-of-news")),
        (b"Bearer ", None),
        (b"bearer   ", None),
        (b"Bearer", ShownToken(b"Bearer")),
        (b"", None),
        (b"  ", None),
    ],
)
def test_tokens(value: bytes, shown: ShownToken | None) -> None:
    assert token_in(value) == shown


def test_a_token_is_not_shown_in_reports() -> None:
    assert "abc" not in repr(ShownToken(b"abc"))


def test_headers_that_stand_twice() -> None:
    names = frozenset({b"authorization", b"x-api-key"})
    assert not is_shown_twice(call(("Authorization", "a"), ("X-API-Key", "b")), names)
    assert not is_shown_twice(call(("Accept", "a"), ("Accept", "b"), ("Authorization", "a")), names)
    assert is_shown_twice(call(("Authorization", "a"), ("authorization", "a")), names)
