"""The form of API keys: made, recognised, a slip noticed; nothing upsets the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.keys.form import (
    has_right_checksum,
    is_label,
    key_digest,
    new_key_id,
    new_key_text,
    read_key_text,
)


def counted(length: int) -> bytes:
    return bytes(range(length))


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=8, max_size=8))
def test_made_keys_are_read(secret: bytes, own: bytes) -> None:
    key_id = new_key_id(lambda _: own)
    text = new_key_text("apw", "live", key_id, lambda _: secret).encode()
    read = read_key_text(text)
    assert read is not None
    assert (read.prefix, read.env, read.id, read.digest) == ("apw", "live", key_id, key_digest(text))
    assert has_right_checksum(text)
    assert len(text) == 3 + 1 + 4 + 1 + 8 + 1 + 43 + 1 + 6


@given(st.integers(0, 66), st.sampled_from(b"0aZ_"))
def test_a_slip_is_noticed(place: int, sign: int) -> None:
    text = new_key_text("apw", "live", "AAAAAAAA", counted).encode()
    slipped = text[:place] + bytes([sign]) + text[place + 1 :]
    assert has_right_checksum(slipped) == (slipped == text)
    swapped = text[:20] + text[21:22] + text[20:21] + text[22:]
    assert has_right_checksum(swapped) == (swapped == text)


@given(st.binary(max_size=120))
def test_any_bytes(text: bytes) -> None:
    assert read_key_text(text) is None or has_right_checksum(text) in (True, False)


@pytest.mark.parametrize(
    ("prefix", "env", "key_id"), [("a", "live", "AAAAAAAA"), ("apw", "Live", "AAAAAAAA"), ("apw", "live", "short")]
)
def test_wrong_parts_are_refused(prefix: str, env: str, key_id: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        new_key_text(prefix, env, key_id, counted)


def test_labels() -> None:
    assert is_label("apw")
    assert not any(is_label(text) for text in ("", "a", "a_b", "1a", "A", "a" * 13))
