from contextlib import suppress
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.wire.queries import read_pairs, read_query
from apiward.guard.wire.unfit import UnfitError

TEXTS = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=8)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_pairs_come_back_as_the_standard_library_wrote_them(pairs: list[tuple[str, str]]) -> None:
    raw = urlencode(pairs).encode()
    assert read_query(raw, longest=10_000, most=10) == parse_qsl(raw.decode(), keep_blank_values=True)


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(UnfitError):
        read_query(raw, longest=100, most=10)
    with suppress(UnfitError):
        read_pairs(raw, rule="protocol.form", place="body")


def test_limits_are_held() -> None:
    assert len(read_query(b"a&b", longest=3, most=2)) == 2
    for limits in ({"longest": 2, "most": 2}, {"longest": 3, "most": 1}):
        with pytest.raises(UnfitError, match="query-too-long"):
            read_query(b"a&b", **limits)
