"""What an API key looks like: `<prefix>_<env>_<id>_<secret>_<checksum>`, so that a leaked one is recognised offline.

The id has 8 and the secret 43 characters of base 62 (256 bits); the checksum is the CRC-32 of all
before it, in 6 characters. It tells a slip of the pen from a wrong key; it protects nothing.
"""

import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

ID_LENGTH: Final = 8
SECRET_BYTES: Final = 32
SECRET_LENGTH: Final = 43
CHECKSUM_LENGTH: Final = 6
LONGEST: Final = 12 + 1 + 12 + 1 + ID_LENGTH + 1 + SECRET_LENGTH + 1 + CHECKSUM_LENGTH

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LABEL: Final = re.compile(r"[a-z][a-z0-9]{1,11}")
_KEY: Final = re.compile(
    rb"([a-z][a-z0-9]{1,11})_([a-z][a-z0-9]{1,11})_([0-9A-Za-z]{8})_([0-9A-Za-z]{43})_([0-9A-Za-z]{6})"
)

RandomBytes = Callable[[int], bytes]
"""Gives that many bytes nobody can guess (`secrets.token_bytes`)."""


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key as it is shown: `digest` is the SHA-256 of the whole text, all that is ever kept of it."""

    prefix: str
    env: str
    id: str
    digest: bytes = field(repr=False)


def is_label(text: str) -> bool:
    """Whether `text` may be the prefix or the environment of a key: 2 to 12 small letters and digits."""
    return bool(_LABEL.fullmatch(text))


def new_key_text(prefix: str, env: str, key_id: str, random_bytes: RandomBytes) -> str:
    """Return a new key. Raises ValueError where prefix, environment or id have a wrong form."""
    if not is_label(prefix) or not is_label(env):
        raise ValueError("prefix and environment are 2 to 12 small letters and digits, the first a letter")
    if not re.fullmatch(r"[0-9A-Za-z]{8}", key_id):
        raise ValueError("the id is 8 letters and digits")
    body = f"{prefix}_{env}_{key_id}_{_base62(int.from_bytes(random_bytes(SECRET_BYTES), 'big'), SECRET_LENGTH)}"
    return f"{body}_{checksum(body.encode())}"


def new_key_id(random_bytes: RandomBytes) -> str:
    """Return a new id for a key: 8 characters, about 47 bits; the caller looks that it is not taken."""
    return _base62(int.from_bytes(random_bytes(8), "big") % 62**ID_LENGTH, ID_LENGTH)


def read_key_text(text: bytes) -> KeyText | None:
    """Return the parts of a key, or None where `text` has another form; its checksum may be wrong. Never raises."""
    hit = _KEY.fullmatch(text) if len(text) <= LONGEST else None
    if hit is None:
        return None
    return KeyText(hit.group(1).decode(), hit.group(2).decode(), hit.group(3).decode(), key_digest(text))


def has_right_checksum(text: bytes) -> bool:
    """Whether `text` is a key without a slip of the pen, known or not."""
    hit = _KEY.fullmatch(text) if len(text) <= LONGEST else None
    return hit is not None and checksum(text[: -CHECKSUM_LENGTH - 1]).encode() == hit.group(5)


def key_digest(text: bytes) -> bytes:
    """Return what is kept of a key. 256 random bits need no slow hash (ASVS 5.0.0, 6.5.2)."""
    return hashlib.sha256(text).digest()


def checksum(body: bytes) -> str:
    """Return the checksum over all that stands before it."""
    return _base62(zlib.crc32(body), CHECKSUM_LENGTH)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 62)
        digits.append(_DIGITS[rest])
    return "".join(reversed(digits))
