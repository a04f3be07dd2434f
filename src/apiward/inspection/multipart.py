"""The parts of a multipart form, read leniently: whatever a server might take for a field is a field."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MAX_PARTS: Final = 500
_BOUNDARY: Final = re.compile(r"boundary\s*=\s*(?:\"([^\"]{1,200})\"|([^\s;,]{1,200}))", re.IGNORECASE)
_NAME: Final = re.compile(r"[;\s]name\s*=\s*(?:\"((?>(?:[^\"\\\r\n]++|\\.)*))\"?|([^\s;]+))", re.IGNORECASE)
_FILE_NAME: Final = re.compile(r"filename\*?\s*=\s*(?:\"((?>(?:[^\"\\\r\n]++|\\.)*))\"?|([^\r\n;]+))", re.IGNORECASE)
_TEXT: Final = re.compile(
    r"content-type\s*:\s*(?:text/|application/(?:json|xml|javascript|x-php|x-httpd)|image/svg)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, its file name (None for a plain field), its text, and whether it says it is text."""

    name: str
    file_name: str | None
    text: str
    is_text: bool


def parts_of(body: bytes, media_type: str) -> Iterator[Part]:
    """Yield the parts of `body`, at most MAX_PARTS; without a boundary, the first line is taken for one."""
    found = _BOUNDARY.search(media_type)
    mark = b"--" + (found[1] or found[2]).encode("latin-1", "replace") if found else body.split(b"\n", 1)[0].strip()
    if len(mark) < 3:
        return
    for piece in body.split(mark, MAX_PARTS)[1:]:
        head, _, content = piece.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
        if head.startswith(b"--"):
            return
        yield _part(head.decode("utf-8", "replace"), content.rstrip(b"\n").decode("utf-8", "replace"))


def _part(head: str, text: str) -> Part:
    name, file_name = _NAME.search(head), _FILE_NAME.search(head)
    return Part(
        (name[1] or name[2] or "") if name else "",
        (file_name[1] or file_name[2] or "") if file_name else None,
        text,
        bool(_TEXT.search(head)),
    )
