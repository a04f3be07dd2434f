import gzip
import zlib

from apiward.core.jsonvalue import NOT_JSON
from apiward.guard.answers.reading import MAX_UNPACKED, read, read_exactly, unpacked, write


def test_what_is_no_json() -> None:
    for body in (b"", b"<p>", b'{"a":', b"\xff\xfe\x00"):
        assert read(body) is NOT_JSON


def test_long_whole_numbers_keep_their_digits() -> None:
    body = b'{"id":123456789012345678901234567890}'
    assert write(read_exactly(body)) == body  # type: ignore[arg-type]


def test_ordinary_values_come_back() -> None:
    body = '{"name":"Zoë","n":[1,2.5,null,true]}'.encode()
    assert write(read_exactly(body)) == body  # type: ignore[arg-type]


def test_lone_surrogates_do_not_stop_an_answer() -> None:
    assert write("\ud800") == b'"\\ud800"'


def test_packed_bodies() -> None:
    assert unpacked(gzip.compress(b"[1]"), b"GZIP") == b"[1]"
    assert unpacked(zlib.compress(b"[1]"), b"deflate") == b"[1]"
    assert unpacked(b"[1]", None) is None
    assert unpacked(b"[1]", b"gzip") is None
    assert unpacked(gzip.compress(b"[1]")[:-9], b"gzip") is None
    assert unpacked(gzip.compress(b"0" * (MAX_UNPACKED + 1)), b"gzip") is None
