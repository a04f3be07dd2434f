"""Plain text and XML: that they are what they say, and that XML brings no definitions of its own."""

import re
from typing import Final

from apiward.guard.wire.unfit import UnfitError

_DEFINITIONS: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY|ATTLIST|ELEMENT|NOTATION)", re.IGNORECASE)
_OPENING: Final = b"<?xml"
_LONGEST_OPENING: Final = 256
_CHARSET: Final = re.compile(rb"encoding[ \t\r\n]*=[ \t\r\n]*[\"']([^\"']*)[\"']", re.IGNORECASE)
_LIKE_ASCII: Final = re.compile(rb"(?:us-)?ascii|utf-?8|iso-8859-[0-9]{1,2}|windows-125[0-9]", re.IGNORECASE)


def check_text(raw: bytes) -> None:
    """Raise UnfitError where `raw` is no UTF-8, or holds a NUL character."""
    if raw.isascii() or _is_utf8(raw):
        if b"\x00" in raw:
            raise UnfitError("protocol.text-encoding", "body", "NUL character")
        return
    raise UnfitError("protocol.text-encoding", "body", "no UTF-8")


def check_xml(raw: bytes) -> None:
    """Raise UnfitError where XML is in an unusual charset, or brings a document type or entities.

    Within UTF-8 the opening of a definition has one spelling, so a search finds each. It also
    finds those in comments and CDATA, where they mean nothing: those are refused as well.
    """
    if b"\x00" in raw or not (raw.isascii() or _is_utf8(raw)):
        raise UnfitError("protocol.xml", "body", "no UTF-8")
    _check_charset(raw)
    if _DEFINITIONS.search(raw):
        raise UnfitError("protocol.xml-entities", "body", "a definition")


def _check_charset(raw: bytes) -> None:
    text = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[: len(_OPENING)].lower() != _OPENING:
        return
    end = text.find(b"?>", 0, _LONGEST_OPENING)
    declared = _CHARSET.search(text, 0, max(end, 0))
    if end < 0 or (declared and not _LIKE_ASCII.fullmatch(declared[1])):
        raise UnfitError("protocol.xml", "body", "another charset is declared")
    if declared and declared[1].lower() not in {b"utf-8", b"utf8"} and not raw.isascii():
        raise UnfitError("protocol.xml", "body", "not in the charset that is declared")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
