"""The content type of a request: which kind of body it names, and whether it is taken at all."""

import re
from dataclasses import dataclass
from typing import Final

from apiward.core.call import BodyKind
from apiward.guard.wire.unfit import UnfitError

USUAL_TYPES: Final = (
    "application/json",
    "application/*+json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "text/plain",
    "text/csv",
    "application/xml",
    "text/xml",
    "application/*+xml",
    "application/graphql",
    "application/x-ndjson",
    "application/jsonl",
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "image/*",
    "audio/*",
    "video/*",
)
USUAL_CHARSETS: Final = ("utf-8", "us-ascii")

_MOST_KEPT: Final = 256
_LONGEST: Final = 256
_WORD: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}"
_TYPE: Final = re.compile(rf"\s*({_WORD}/{_WORD})\s*(?:;|$)")
_PARAMETER: Final = re.compile(rf"\s*({_WORD})=(?:({_WORD})|\"([^\"\\]{{0,100}})\")\s*(?:;|$)")
_TEXTS: Final = frozenset({"application/graphql", "application/x-ndjson", "application/jsonl"})


@dataclass(frozen=True, slots=True)
class ContentType:
    """A content type that is taken: `media_type` in lower case, `boundary` of a multipart body."""

    media_type: str
    kind: BodyKind
    boundary: bytes = b""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the head says of the body that follows. `encoding` is empty where it is not compressed."""

    type: ContentType
    encoding: str = ""
    is_sure: bool = True
    """False where only the body itself tells whether there is one (HTTP/2 without a length)."""


class MediaRules:
    """Knows which content types and charsets are taken. `*` in a type stands for anything without a slash."""

    def __init__(self, types: tuple[str, ...], charsets: tuple[str, ...]) -> None:
        self._charsets = frozenset(charset.lower() for charset in charsets)
        self._allowed = re.compile(
            "|".join(re.escape(kind.lower()).replace(r"\*", "[^/]+") for kind in types) or r"\Z."
        )
        self._known: dict[bytes, ContentType] = {}

    def read(self, raw: bytes) -> ContentType:
        """Return what `raw` names. Raises UnfitError where it is malformed or not taken."""
        found = self._known.get(raw)
        if found is None:
            found = self._read(raw)
            if len(self._known) < _MOST_KEPT and not found.boundary:
                self._known[raw] = found
        return found

    def _read(self, raw: bytes) -> ContentType:
        text = _text(raw)
        match = _TYPE.match(text)
        if match is None:
            raise UnfitError("protocol.content-type", "header content-type", "malformed")
        media_type = match[1].lower()
        if not self._allowed.fullmatch(media_type):
            raise UnfitError("protocol.content-type", "header content-type", f"type {media_type[:60]}")
        parameters = _parameters(text, match.end())
        charset = parameters.get("charset", "utf-8").lower()
        if charset not in self._charsets:
            raise UnfitError("protocol.charset", "header content-type", f"charset {charset[:40]}")
        kind = kind_of(media_type)
        boundary = parameters.get("boundary", "").encode() if kind is BodyKind.MULTIPART else b""
        return ContentType(media_type, kind, boundary)


def kind_of(media_type: str) -> BodyKind:
    """Return how a body of that type (lower case, no parameters) is read."""
    if media_type == "application/json" or media_type.endswith("+json"):
        return BodyKind.JSON
    if media_type == "application/x-www-form-urlencoded":
        return BodyKind.FORM
    if media_type.startswith("multipart/"):
        return BodyKind.MULTIPART
    if media_type.endswith(("/xml", "+xml")):
        return BodyKind.XML
    return BodyKind.TEXT if media_type.startswith("text/") or media_type in _TEXTS else BodyKind.BINARY


def _text(raw: bytes) -> str:
    if len(raw) > _LONGEST or not raw.isascii():
        raise UnfitError("protocol.content-type", "header content-type", "too long or not ASCII")
    return raw.decode("ascii").rstrip("; \t")


def _parameters(text: str, at: int) -> dict[str, str]:
    found: dict[str, str] = {}
    while at < len(text):
        match = _PARAMETER.match(text, at)
        if match is None or match[1].lower() in found:
            raise UnfitError("protocol.content-type", "header content-type", "malformed or repeated parameter")
        found[match[1].lower()] = match[2] if match[2] is not None else match[3]
        at = match.end()
    return found
