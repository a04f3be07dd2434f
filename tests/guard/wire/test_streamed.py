"""Bodies that stream by: wherever they are cut into pieces, the parts are those of the whole body."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.wire.multipart import Part, read_parts
from apiward.guard.wire.streamed import LARGEST_FIELD, StreamedBytes, StreamedForm
from apiward.guard.wire.unfit import UnfitError

NO_ENDINGS: frozenset[str] = frozenset()
FIELD = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
FILE = b'--b\r\nContent-Disposition: form-data; name="f"; filename="x.jpg"\r\n\r\n'


def streamed(pieces: list[bytes], *, most: int = 100, endings: frozenset[str] = NO_ENDINGS) -> list[Part]:
    form = StreamedForm(b"b", most=most, refused_extensions=endings)
    found = [part for piece in pieces for part in form.feed(piece)]
    form.end()
    return found


def cut(body: bytes, at: list[int]) -> list[bytes]:
    marks = sorted({0, len(body), *(mark % (len(body) + 1) for mark in at)})
    return [body[start:end] for start, end in pairwise(marks)]


contents = st.binary(max_size=40) | st.sampled_from([b"", b"\r\n", b"\r\n--", b"\r\n-\r\n--", b"--b", b"\r\n--a"])


@given(
    st.lists(st.tuples(st.booleans(), contents), max_size=5),
    st.lists(st.integers(0, 2_000), max_size=6),
    st.sampled_from([b"", b"\r\n"]),
)
def test_the_parts_are_those_of_the_whole(parts: list[tuple[bool, bytes]], at: list[int], last: bytes) -> None:
    parts = [(is_file, content) for is_file, content in parts if b"\r\n--b" not in b"\r\n" + content]
    body = b"".join((FILE if is_file else FIELD) + content + b"\r\n" for is_file, content in parts)
    body += b"--b--" + last
    try:
        whole = read_parts(body, b"b", most=100, refused_extensions=NO_ENDINGS)
    except UnfitError:
        with pytest.raises(UnfitError):
            streamed(cut(body, at))
        return
    named = [part if part.file_name is None else replace(part, content=b"") for part in whole]
    assert streamed(cut(body, at)) == named


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=6))
def test_what_is_refused_as_a_whole_is_refused_in_pieces(body: bytes, at: list[int]) -> None:
    for start in (b"", FIELD, FILE + b"\r\n--b"):
        try:
            streamed(cut(start + body, at))
        except UnfitError:
            continue
        read_parts(start + body, b"b", most=100, refused_extensions=NO_ENDINGS)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"text before " + FIELD + b"x\r\n--b--",
        FIELD + b"x\r\n--b",
        FIELD + b"x",
        FIELD + b"x\r\n--b-x",
        FIELD + b"x\r\n--bx\r\n\r\n",
        FIELD + b"x\r\n--b--more",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        b"--b\r\n" + b"a" * 5_000,
        FIELD + b"x" * (LARGEST_FIELD + 100) + b"\r\n--b--",
    ],
)
def test_what_two_parsers_might_cut_in_two_ways_is_refused(body: bytes) -> None:
    for pieces in ([body], [body[at : at + 1_000] for at in range(0, len(body), 1_000)]):
        with pytest.raises(UnfitError):
            streamed(pieces)


def test_bounds_hold() -> None:
    many = (FIELD + b"x\r\n") * 3 + b"--b--"
    assert len(streamed([many], most=3)) == 3
    with pytest.raises(UnfitError):
        streamed([many], most=2)
    program = FILE.replace(b"x.jpg", b"x.php") + b"x\r\n--b--"
    with pytest.raises(UnfitError):
        streamed([program], endings=frozenset({"php"}))
    form = StreamedForm(b"b", most=10, refused_extensions=NO_ENDINGS)
    form.feed(FILE)
    for _ in range(100):
        form.feed(b"x" * 100_000)
        assert form.held < 100


@pytest.mark.parametrize("begin", [b"{", b"[1"])
def test_bytes_that_begin_as_json_are_refused_after_however_many_blanks(begin: bytes) -> None:
    rest = StreamedBytes()
    for _ in range(5):
        assert rest.feed(b" \r\n\t" * 1_000) == []
    with pytest.raises(UnfitError):
        rest.feed(b"  " + begin)


def test_bytes_that_begin_otherwise_may_hold_anything() -> None:
    rest = StreamedBytes()
    assert rest.feed(b" \xff\xd8") == []
    assert rest.feed(b"{") == []
    rest.end()
