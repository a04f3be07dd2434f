import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.wire.multipart import Part, is_boundary, read_parts
from apiward.guard.wire.unfit import UnfitError

NONE: frozenset[str] = frozenset()


def body_of(contents: list[bytes]) -> bytes:
    parts = [b'--B\r\nContent-Disposition: form-data; name="n"\r\n\r\n' + content + b"\r\n" for content in contents]
    return b"".join(parts) + b"--B--\r\n"


@given(st.lists(st.binary().filter(lambda content: b"\r\n--B" not in b"\r\n" + content), min_size=1, max_size=5))
def test_contents_come_back_as_they_were(contents: list[bytes]) -> None:
    parts = read_parts(body_of(contents), b"B", most=10, refused_extensions=NONE)
    assert parts == [Part("n", content) for content in contents]


def test_of_a_body_that_is_cut_off_whole_parts_are_read() -> None:
    cut = body_of([b"one", b"two"])[:-20]
    parts = read_parts(cut, b"B", most=10, refused_extensions=NONE, is_whole=False)
    assert [part.content for part in parts] == [b"one"]
    with pytest.raises(UnfitError):
        read_parts(cut, b"B", most=10, refused_extensions=NONE)


def test_the_type_and_the_file_name_are_read() -> None:
    head = b"content-disposition: Form-Data; name=n; filename=x.png\r\nContent-Type: Image/PNG; a=b"
    body = b"--B\r\n" + head + b"\r\n\r\n\r\n--B--"
    assert read_parts(body, b"B", most=1, refused_extensions=NONE) == [Part("n", b"", "x.png", "image/png")]


@pytest.mark.parametrize(
    ("boundary", "is_good"), [(b"----WebKit1", True), (b"", False), (b"a b", False), (b"a" * 71, False)]
)
def test_boundaries(boundary: bytes, is_good: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert is_boundary(boundary) is is_good
