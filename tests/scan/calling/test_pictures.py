import struct
import zlib
from dataclasses import replace

import pytest

from apiward.core.api import Body
from apiward.core.schema import Schema
from apiward.scan.calling.pictures import PICTURE, picture_field
from tests.scan.operations import op

FILE = Schema(("string",), format="binary")


@pytest.mark.parametrize(
    ("operation", "fields", "expected"),
    [
        ("POST /photos", {"photo": FILE}, "photo"),
        ("POST /things", {"title": Schema(("string",)), "coverImage": FILE}, "coverImage"),
        ("PUT /me/avatar", {"file": FILE}, "file"),
        ("POST /pictures", {"files": Schema(("array",), items=FILE)}, "files"),
        ("POST /things", {"file": replace(FILE, description="A JPEG of at most 2 MB")}, "file"),
        ("POST /documents", {"file": FILE}, ""),
        ("POST /photos", {"photo": Schema(("string",))}, ""),
        ("POST /letters", {"cover_letter": FILE}, ""),
        ("POST /photos", {"one": FILE, "other": FILE}, ""),
    ],
)
def test_a_field_is_for_pictures_by_its_name_its_words_or_its_path(
    operation: str, fields: dict[str, Schema], expected: str
) -> None:
    form = Body("multipart/form-data", Schema(properties=fields))
    assert picture_field(replace(op(operation), bodies=(form,))) == expected
    assert picture_field(replace(op(operation), bodies=(Body("application/json", form.schema),))) == ""


def test_the_picture_is_whole() -> None:
    at, seen = 8, {}
    while at < len(PICTURE):
        size, kind = struct.unpack(">I4s", PICTURE[at : at + 8])
        content = PICTURE[at + 8 : at + 8 + size]
        assert zlib.crc32(kind + content) == struct.unpack(">I", PICTURE[at + 8 + size : at + 12 + size])[0]
        seen[kind] = content
        at += 12 + size
    assert zlib.decompress(seen[b"IDAT"]) == b"\x00\x80"
