"""The path of a request that no description knows, as it may be kept."""

import re
from functools import lru_cache
from typing import Final

from apiward.classify.masking import Masker
from apiward.classify.names import kinds_of_name
from apiward.classify.signs import CUT, is_sign, sign

_PLAIN: Final = re.compile(r"(?:/(?:[a-z][a-z_-]{0,15}|[a-z]{2,8}\.[a-z]{2,4}|v?[0-9]{1,6})?)*")
"""Paths of short words and short numbers: nothing in them looks like a secret or like personal data."""
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_OPAQUE: Final = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_~+=-]{20,}")
"""Letters and digits mixed, too long for a number or a name: a link to reset or to join is one."""
_SECRET_WORD: Final = re.compile(
    "pass|pwd|pw|pin|kenn|contra|senha|haslo|parola|mdp|wacht|otp|tok|secret|key|code|sess|sid|auth|jwt|bearer"
    "|cred|hash|cvv|cvc|csc|seed|connection|magic|mnemo|pem|answer|ticket"
)
"""A part of every word that names a secret (a test holds it against the list of those words)."""
_MASKER: Final = Masker()
_MOST: Final = 400
_PARTS: Final = 24


def kept_path(path: str) -> str:
    """Return `path`, cut, with whatever looks like a secret or personal data masked."""
    if len(path) <= _MOST and not _SECRET_WORD.search(path) and _PLAIN.fullmatch(path):
        return path
    return _masked(path[: _MOST + 1])


@lru_cache(maxsize=2_048)
def _masked(path: str) -> str:
    # A path is decoded already: a question mark or a hash in it begins no query.
    parts = path[:_MOST].split("/", _PARTS)
    is_cut = len(path) > _MOST or len(parts) > _PARTS
    before = ["", *parts[:_PARTS]]
    shown = [_part(part, name) for part, name in zip(parts[:_PARTS], before, strict=False)]
    return "/".join([*shown, CUT] if is_cut else shown)


def _part(part: str, name: str) -> str:
    if not part or is_sign(part):
        return part
    if (_is_secret(name) and not part.isalpha()) or (_OPAQUE.fullmatch(part) and not _UUID.fullmatch(part)):
        return sign(part)
    return _MASKER.mask_text(part)


def _is_secret(name: str) -> bool:
    return any(kind.is_secret for kind in kinds_of_name(name))
