"""The normal form of a path: what cannot be read in one way only is refused, so nothing has to be repaired.

Every server, framework and proxy decodes, cuts and joins paths a little differently; a path that
is left after these rules means the same to all of them, as it came and decoded.
"""

import re
import string
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from apiward.guard.wire.escapes import percent_decoded
from apiward.guard.wire.unfit import UnfitError

_ESCAPE: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_LETTERS: Final = string.ascii_letters.encode() + string.digits.encode()
# what RFC 3986 allows in a path, with "|", "[" and "]", which no parser changes; "%" and ";" have their own rules
_PLAIN: Final = _LETTERS + b"/-._~!$&'()*+,=:@|[]"
_KEPT_SLASH: Final = re.compile(rb"%2f", re.IGNORECASE)
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_ALONE: Final = frozenset(bytes([letter]) for letter in _LETTERS)
_DOTS: Final = frozenset({".", ".."})


@dataclass(frozen=True, slots=True)
class PathRules:
    """`longest` is in bytes; `has_parameters` allows ";", `has_slashes` allows an escaped slash within a segment."""

    longest: int = 4096
    most_segments: int = 64
    has_parameters: bool = False
    has_slashes: bool = False

    def read(self, raw: bytes) -> str:
        """Return the path, decoded once. An escaped slash that is allowed stays `%2F`. Raises UnfitError."""
        size = len(raw)
        if size > self.longest or (size > self.most_segments and raw.count(b"/") > self.most_segments):
            raise UnfitError("protocol.path-too-long", "path", f"{size} bytes, {raw.count(b'/')} parts")
        if raw[:1] != b"/":
            raise UnfitError("protocol.target", "path", "no leading slash")
        if not raw.translate(None, _PLAIN):
            path = raw.decode("ascii")
            if "/." not in path and "//" not in path:
                return path
        return self._read_slowly(raw)

    def _read_slowly(self, raw: bytes) -> str:
        self._refuse_odd_bytes(raw)
        pieces = _KEPT_SLASH.split(raw) if self.has_slashes else [raw]
        decoded = [_decoded(piece) for piece in pieces]
        segments = "/".join(decoded)[1:].split("/")
        for segment in segments:
            _refuse_tricks(segment)
        if "" in segments[:-1]:
            raise UnfitError("protocol.path-ambiguous", "path", "empty part")
        return "%2F".join(decoded)

    def _refuse_odd_bytes(self, raw: bytes) -> None:
        odd = raw.translate(None, _PLAIN + b"%")
        if self.has_parameters:
            odd = odd.replace(b";", b"")
        if not odd:
            return
        if b";" in odd:
            raise UnfitError("protocol.path-ambiguous", "path", "semicolon")
        if b"\\" in odd:
            raise UnfitError("protocol.path-ambiguous", "path", "backslash")
        raise UnfitError("protocol.path-encoding", "path", f"byte 0x{odd[0]:02x} without an escape")


def _decoded(raw: bytes) -> str:
    if any(bytes.fromhex(escaped.decode()) in _ALONE for escaped in _ESCAPE.findall(raw)):
        raise UnfitError("protocol.path-ambiguous", "path", "escaped letter or digit")
    try:
        plain = percent_decoded(raw)
        path = plain.decode()
    except KeyError:
        raise UnfitError("protocol.path-encoding", "path", "broken escape") from None
    except UnicodeDecodeError:
        raise UnfitError("protocol.path-encoding", "path", "no UTF-8") from None
    if plain.count(b"/") != raw.count(b"/") or b"\\" in plain:
        raise UnfitError("protocol.path-ambiguous", "path", "escaped slash or backslash")
    if _ESCAPE.search(plain):
        raise UnfitError("protocol.path-ambiguous", "path", "escaped twice")
    if _CONTROL.search(path):
        raise UnfitError("protocol.path-encoding", "path", "control character")
    return path


def _refuse_tricks(segment: str) -> None:
    if segment.partition(";")[0].strip() in _DOTS:
        raise UnfitError("protocol.path-ambiguous", "path", "dots alone")
    if segment.isascii():
        return
    # some systems fold look-alikes (a wide slash, a dot leader) to the ASCII sign after the gate has decided
    folded = normalize("NFKC", segment)
    if folded.strip() in _DOTS or any(folded.count(sign) > segment.count(sign) for sign in "/\\%"):
        raise UnfitError("protocol.path-ambiguous", "path", "look-alike of a slash or a dot")
