from hypothesis import given
from hypothesis import strategies as st

from apiward.inspection.multipart import MAX_PARTS, parts_of


def test_fields_and_files_are_told_apart() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        b"--x\nContent-Disposition: form-data; name=b; filename=c.txt\nContent-Type: text/plain\n\nhello\n--x--\n"
    )
    first, second = parts_of(body, 'multipart/form-data; boundary="x"')

    assert (first.name, first.file_name, first.text, first.is_text) == ("a", None, "1", False)
    assert (second.name, second.file_name, second.text, second.is_text) == ("b", "c.txt", "hello", True)


def test_part_without_a_name_is_still_a_part() -> None:
    assert [
        part.name for part in parts_of(b"--x\r\nX: y\r\n\r\nvalue\r\n--x--", "multipart/form-data; boundary=x")
    ] == [""]


def test_no_mark_no_parts() -> None:
    assert list(parts_of(b"a\n", "multipart/form-data")) == []


def test_parts_are_bounded() -> None:
    body = b"--x\r\n\r\n" * (MAX_PARTS * 2)

    assert len(list(parts_of(body, "multipart/form-data; boundary=x"))) <= MAX_PARTS


@given(st.binary(max_size=300), st.text(max_size=50))
def test_never_raises(body: bytes, media_type: str) -> None:
    list(parts_of(body, media_type))
