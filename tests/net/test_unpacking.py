import gzip
import zlib

import brotli  # type: ignore[import-untyped] # it ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.net.unpacking import Unpacker

LIMIT_BYTES = 50_000


def _fed(coding: str, data: bytes, *, piece: int = 7) -> Unpacker:
    unpacker = Unpacker(coding, LIMIT_BYTES)
    for start in range(0, len(data), piece):
        unpacker.feed(data[start : start + piece])
        if unpacker.is_cut:
            return unpacker
    unpacker.finish()
    return unpacker


def _bare(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


PACKERS = {"": bytes, "identity": bytes, "gzip": gzip.compress, "X-GZip": gzip.compress, "br": brotli.compress}


@pytest.mark.parametrize("coding", PACKERS)
@given(data=st.binary(max_size=300), piece=st.integers(1, 400))
def test_what_was_packed_comes_back_whole(coding: str, data: bytes, piece: int) -> None:
    unpacker = _fed(coding, PACKERS[coding](data), piece=piece)
    assert (unpacker.body, unpacker.is_cut, unpacker.detail) == (data, False, "")


@pytest.mark.parametrize("pack", [zlib.compress, _bare])
def test_deflate_is_taken_with_and_without_its_wrapper(pack: object) -> None:
    assert callable(pack)
    unpacker = _fed("deflate", pack(b"plain text " * 20), piece=1_000)
    assert (unpacker.body, unpacker.is_cut) == (b"plain text " * 20, False)


def test_codings_are_undone_from_the_last_to_the_first() -> None:
    packed = brotli.compress(gzip.compress(b"inside"))
    assert _fed("gzip, br", packed).body == b"inside"


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress])
@pytest.mark.parametrize("extra", [0, 1])
def test_the_limit_counts_unpacked_bytes(pack: object, extra: int) -> None:
    assert callable(pack)
    coding = "gzip" if pack is gzip.compress else "br"
    unpacker = _fed(coding, pack(b"0" * (LIMIT_BYTES + extra)), piece=65_536)
    assert len(unpacker.body) == LIMIT_BYTES
    assert unpacker.is_cut is bool(extra)


@pytest.mark.parametrize("extra", [0, 1])
def test_the_limit_counts_plain_bytes_too(extra: int) -> None:
    unpacker = _fed("", b"0" * (LIMIT_BYTES + extra), piece=1_000)
    assert len(unpacker.body) == LIMIT_BYTES
    assert unpacker.is_cut is bool(extra)


def test_a_bomb_inside_a_bomb_stops_at_the_first_layer() -> None:
    bomb = gzip.compress(gzip.compress(b"0" * 60_000_000))
    assert len(bomb) < 1_000
    unpacker = _fed("gzip, gzip", bomb, piece=1_000)
    assert len(unpacker.body) <= LIMIT_BYTES
    assert unpacker.is_cut


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
def test_plain_text_that_claims_to_be_packed_is_kept(coding: str) -> None:
    unpacker = _fed(coding, b'{"id": 1}', piece=100)
    assert unpacker.body == b'{"id": 1}'
    assert not unpacker.is_cut
    assert "not packed" in unpacker.detail


@pytest.mark.parametrize("coding", ["zstd", "gzip, sparkle", "gzip, gzip, gzip, gzip"])
def test_an_unknown_or_endless_coding_is_kept_as_it_came(coding: str) -> None:
    unpacker = _fed(coding, b"whatever")
    assert (unpacker.body, unpacker.is_cut) == (b"whatever", False)
    assert unpacker.detail


def test_damage_after_a_good_beginning_cuts() -> None:
    packed = bytearray(gzip.compress(bytes(range(256)) * 50, compresslevel=0))
    unpacker = _fed("gzip", bytes(packed[:-8]) + b"\0" * 8, piece=100)
    assert unpacker.body.startswith(bytes(range(256)))
    assert unpacker.is_cut


@given(coding=st.sampled_from(["gzip", "deflate", "br", "gzip, br", ""]), data=st.binary(max_size=400))
def test_no_bytes_can_make_it_raise(coding: str, data: bytes) -> None:
    assert len(_fed(coding, data).body) <= LIMIT_BYTES
