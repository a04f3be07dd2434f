import gzip
import zlib
from contextlib import suppress

import brotli  # type: ignore[import-untyped] # it ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.wire.inflating import inflated
from apiward.guard.wire.unfit import UnfitError

PACK = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}


@pytest.mark.parametrize("encoding", list(PACK))
@given(st.binary(max_size=2_000))
def test_what_was_compressed_comes_back(encoding: str, raw: bytes) -> None:
    assert inflated(PACK[encoding](raw), encoding, largest=2_000, most_times=100) == raw


@pytest.mark.parametrize("encoding", list(PACK))
@pytest.mark.parametrize("size", [100_000, 100_001])
def test_the_size_is_held_to_the_byte(encoding: str, size: int) -> None:
    packed = PACK[encoding](b"0" * size)
    if size == 100_000:
        assert len(inflated(packed, encoding, largest=100_000, most_times=10_000)) == size
    else:
        with pytest.raises(UnfitError, match="inflated-too-large"):
            inflated(packed, encoding, largest=100_000, most_times=10_000)


def test_small_bodies_may_grow_at_any_ratio_but_large_ones_may_not() -> None:
    assert inflated(gzip.compress(b"0" * 60_000), "gzip", largest=10**7, most_times=2)
    with pytest.raises(UnfitError, match="inflated-too-large"):
        inflated(gzip.compress(b"0" * 70_000), "gzip", largest=10**7, most_times=2)


@pytest.mark.parametrize("encoding", list(PACK))
@given(st.binary(max_size=200))
def test_any_bytes_are_inflated_or_refused(encoding: str, raw: bytes) -> None:
    with suppress(UnfitError):
        inflated(raw, encoding, largest=1_000, most_times=2)
