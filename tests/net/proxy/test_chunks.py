"""The chunked coding, however it is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.net.proxy.chunks import ChunkReader
from apiward.net.proxy.failures import BadAnswerError
from apiward.net.proxy.streaming import framed


def _read(wire: bytes, cuts: list[int]) -> tuple[bytes, bool, bytes]:
    reader = ChunkReader()
    data, rest, at = b"", b"", 0
    for cut in [*sorted(cuts), len(wire)]:
        if reader.is_done:
            rest += wire[at:cut]
        else:
            pieces, left = reader.feed(wire[at:cut])
            data += b"".join(pieces)
            rest += left
        at = max(at, cut)
    return data, reader.is_done, rest


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=5), st.lists(st.integers(0, 1500), max_size=20))
def test_what_was_framed_is_read_whatever_the_cuts(pieces: list[bytes], cuts: list[int]) -> None:
    wire = b"".join(framed(piece, is_last=False) for piece in pieces) + framed(b"", is_last=True) + b"next"
    cuts = [min(cut, len(wire)) for cut in cuts]
    assert _read(wire, cuts) == (b"".join(pieces), True, b"next")


def test_extensions_and_trailers_are_read_and_dropped() -> None:
    wire = b'3;a=b;c="d"\r\nabc\r\n0;x\r\nExpires: never\r\nX: y\r\n\r\nrest'
    assert _read(wire, []) == (b"abc", True, b"rest")


def test_the_beginning_of_a_body_is_not_its_end() -> None:
    assert _read(b"A\r\n123", []) == (b"123", False, b"")


@pytest.mark.parametrize(
    "wire",
    [
        b"\r\n", b"g\r\n", b"-1\r\n", b"+1\r\n", b" 1\r\na\r\n", b"0x1\r\na\r\n", b"1\na\n0\n\n", b"1\r\nab\r\n",
        b"1\r\na\n", b"1" * 16 + b"\r\n", b"1;" + b"x" * 5000, b"1;\x00\r\n",
        b"0\r\n" + (b"X: " + b"y" * 4000 + b"\r\n") * 5,
    ],
)  # fmt: skip
def test_what_is_not_clean_is_refused(wire: bytes) -> None:
    with pytest.raises(BadAnswerError):
        _read(wire, [])


@given(st.binary(max_size=100), st.lists(st.integers(0, 100), max_size=5))
def test_any_bytes_are_read_or_refused_alike(wire: bytes, cuts: list[int]) -> None:
    def outcome(places: list[int]) -> object:
        try:
            return _read(wire, [min(place, len(wire)) for place in places])
        except BadAnswerError:
            return "refused"

    whole, cut = outcome([]), outcome(cuts)
    assert whole == cut
