import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.app.watching.checkpoints import CheckpointError, packed, unpacked

_PARTS = st.dictionaries(st.text(max_size=10).filter(str.isprintable), st.binary(max_size=50), max_size=5)


@given(parts=_PARTS)
def test_parts_come_back(parts: dict[str, bytes]) -> None:
    assert unpacked(packed(parts)) == parts
    assert unpacked(b"") == {}


@given(noise=st.binary(min_size=1, max_size=50))
def test_what_is_none_is_refused(noise: bytes) -> None:
    with pytest.raises(CheckpointError):
        unpacked(noise)
    with pytest.raises(CheckpointError):
        unpacked(packed({"a": b"xyz"})[:-1] + b"!")
