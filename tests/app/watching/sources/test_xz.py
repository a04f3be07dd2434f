import io
import lzma
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.app.watching.sources.xz import RoomError, XzStream

_DICTIONARY = 16
"""Where the size of the dictionary stands in a file of one block."""


def needing(size_code: int) -> bytes:
    """Return a file that asks for a larger dictionary than it was packed with, as anybody can write one."""
    packed = bytearray(lzma.compress(b"line\n" * 10, preset=0))
    start = 12
    length = (packed[start] + 1) * 4
    assert packed[_DICTIONARY - 2] == 0x21
    packed[_DICTIONARY] = size_code
    packed[start + length - 4 : start + length] = zlib.crc32(packed[start : start + length - 4]).to_bytes(4, "little")
    return bytes(packed)


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4), st.integers(0, 900), st.integers(0, 3))
def test_it_reads_what_was_packed_from_any_place(parts: list[bytes], at: int, padding: int) -> None:
    whole = b"".join(parts)
    stream = io.BufferedReader(XzStream(io.BytesIO((b"\0" * 4 * padding).join(map(lzma.compress, parts)))))
    assert stream.read() == whole
    stream.seek(at)
    assert stream.read(100) == whole[at : at + 100]
    stream.seek(0)
    assert stream.read(7) == whole[:7]


@pytest.mark.parametrize("begins_at", [65_528, 65_532, 65_536, 65_540, 200_000])
def test_the_next_part_is_found_wherever_the_zeros_before_it_end(begins_at: int) -> None:
    packed = lzma.compress(b"first").ljust(begins_at, b"\0") + lzma.compress(b"second")
    assert XzStream(io.BytesIO(packed)).read() == b"firstsecond"


def test_the_next_part_is_found_where_its_beginning_is_read_in_two_pieces() -> None:
    noise = random.Random(1).randbytes(70_000)
    sizes = (size for size in range(65_380, 65_500, 4) if len(lzma.compress(noise[:size], preset=0)) == 65_532)
    first = noise[: next(sizes)]
    packed = lzma.compress(first, preset=0) + lzma.compress(b"second")
    assert XzStream(io.BytesIO(packed)).read() == first + b"second"


def test_the_strongest_level_is_read_and_what_asks_for_gigabytes_is_not() -> None:
    strongest = next(code for code in range(41) if (2 | code & 1) << (code // 2 + 11) == 64 * 1_048_576)
    assert XzStream(io.BytesIO(needing(strongest))).read() == b"line\n" * 10
    for code in (32, 40):
        with pytest.raises(RoomError, match="more than 128 MB"):
            XzStream(io.BytesIO(needing(code))).read(1)


def test_damage_is_said_and_what_follows_the_end_is_left() -> None:
    packed = lzma.compress(b"line\n" * 1_000)
    with pytest.raises(EOFError, match="middle"):
        XzStream(io.BytesIO(packed[:-20])).read()
    with pytest.raises(lzma.LZMAError):
        XzStream(io.BytesIO(packed[:20] + b"x" * 50)).read()
    assert XzStream(io.BytesIO(packed + b"something else")).read() == b"line\n" * 1_000
