"""Forms with files (`multipart/form-data`, RFC 7578), read strictly: one way to cut, one way to name.

No text before the first boundary and none after the last, lines end with CRLF, a part has a name
and is not encoded once more. Then every parser finds the same parts.
"""

import re
from dataclasses import dataclass
from typing import Final

from apiward.guard.wire.names import check_file_name, extended_name
from apiward.guard.wire.unfit import UnfitError

RULE: Final = "protocol.multipart"
LARGEST_HEAD: Final = 4_096
_MOST_HEADERS: Final = 8
_LONGEST_NAME: Final = 256
_BOUNDARY: Final = re.compile(rb"[A-Za-z0-9'()+_,./:=?-]{1,70}")
_HEADER: Final = re.compile(r"([A-Za-z0-9-]{1,64}):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_DISPOSITION: Final = re.compile(r"form-data\s*(?=;|$)", re.IGNORECASE)
_PARAMETER: Final = re.compile(r";\s*([A-Za-z*]{1,16})=(?:\"((?:[^\"\\]|\\[\"\\])*)\"|([^\s\";,]+))\s*(?=;|$)")
_PLAIN_ENCODINGS: Final = frozenset({"7bit", "8bit", "binary"})
_CHARSET: Final = re.compile(r"charset=\"?([^\s\";]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: `file_name` is None for a plain field, `media_type` is empty where none is named."""

    name: str
    content: bytes
    file_name: str | None = None
    media_type: str = ""


def is_boundary(boundary: bytes) -> bool:
    """Return whether `boundary` may cut a body into parts (RFC 2046, section 5.1.1, without spaces)."""
    return _BOUNDARY.fullmatch(boundary) is not None


def read_parts(
    body: bytes, boundary: bytes, *, most: int, refused_extensions: frozenset[str], is_whole: bool = True
) -> list[Part]:
    """Return the parts in order. Of a body that is not whole, only those that came to their end. Raises UnfitError."""
    mark = b"\r\n--" + boundary
    whole = b"\r\n" + body
    if whole.count(mark) > most + 1:
        raise UnfitError("protocol.form-too-large", "body", f"more than {most} parts")
    first, *pieces = whole.split(mark)
    if first or not pieces:
        raise UnfitError(RULE, "body", "does not begin with the boundary")
    last = pieces.pop()
    if is_whole and last not in {b"--", b"--\r\n"}:
        raise UnfitError(RULE, "body", "does not end with the boundary")
    return [read_part(piece, refused_extensions) for piece in pieces]


def read_part(piece: bytes, refused_extensions: frozenset[str]) -> Part:
    """Return one part, which stands between two boundaries. Raises UnfitError."""
    if not piece.startswith(b"\r\n"):
        raise UnfitError(RULE, "body", "a boundary that goes on")
    head, blank, content = piece[2:].partition(b"\r\n\r\n")
    if not blank or len(head) > LARGEST_HEAD:
        raise UnfitError(RULE, "body", "a part without an end of its headers, or with very long ones")
    headers = _headers(head)
    name, file_name = _disposition(headers.get("content-disposition", ""))
    if headers.get("content-transfer-encoding", "binary").lower() not in _PLAIN_ENCODINGS:
        raise UnfitError(RULE, "body", "a part that is encoded once more")
    if file_name:
        check_file_name(file_name, refused_extensions)
    media_type = headers.get("content-type", "")
    charset = _CHARSET.search(media_type)
    if charset and charset[1].lower() not in {"utf-8", "us-ascii"}:
        raise UnfitError("protocol.charset", "body", f"a part in {charset[1][:40]}")
    return Part(name, content, file_name, media_type.partition(";")[0].strip().lower())


def _headers(head: bytes) -> dict[str, str]:
    try:
        lines = head.decode().split("\r\n")
    except UnicodeDecodeError:
        raise UnfitError(RULE, "body", "part headers that are no UTF-8") from None
    headers: dict[str, str] = {}
    for line in lines[: _MOST_HEADERS + 1]:
        match = _HEADER.fullmatch(line)
        if match is None or match[1].lower() in headers or len(headers) == _MOST_HEADERS:
            raise UnfitError(RULE, "body", "a malformed or repeated part header")
        headers[match[1].lower()] = match[2].rstrip()
    return headers


def _disposition(text: str) -> tuple[str, str | None]:
    start = _DISPOSITION.match(text)
    if start is None:
        raise UnfitError(RULE, "body", "a part that is no form-data")
    found = _parameters(text, start.end())
    name = found.get("name")
    if name is None or len(name) > _LONGEST_NAME or not set(found) <= {"name", "filename", "filename*"}:
        raise UnfitError(RULE, "body", "a part without a plain name")
    if "filename*" not in found:
        return name, found.get("filename")
    extended = extended_name(found["filename*"])
    if found.get("filename", extended) != extended:
        raise UnfitError("protocol.upload-name", "body", "two different file names")
    return name, extended


def _parameters(text: str, at: int) -> dict[str, str]:
    found: dict[str, str] = {}
    while at < len(text):
        match = _PARAMETER.match(text, at)
        if match is None or match[1].lower() in found:
            raise UnfitError(RULE, "body", "a malformed or repeated parameter of a part")
        quoted = match[2]
        found[match[1].lower()] = match[3] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        at = match.end()
    return found
