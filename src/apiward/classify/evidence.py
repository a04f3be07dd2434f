"""Whether a value bears out what the name of its field promises, kind by kind."""

import re
from collections.abc import Callable
from typing import Final

from apiward.classify.kinds import Kind
from apiward.classify.numbers import (
    digits_of,
    is_aadhaar,
    is_iban,
    is_named_card_number,
    is_phone_shaped,
)
from apiward.classify.placeholders import is_message, is_placeholder
from apiward.classify.values import kinds_of_text

_HEX_DIGEST_LENGTHS: Final = frozenset({32, 40, 56, 64, 96, 128})
_HEX: Final = re.compile(r"[0-9a-fA-F]{32,128}")
_DATE: Final = re.compile(
    r"(?:1[89]|20)\d\d(?:[-/.]?\d{1,2}[-/.]?\d{1,2}(?!\d)|\Z)|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}(?!\d)"
)
_PAN: Final = re.compile(r"[A-Za-z]{5}\d{4}[A-Za-z]")
_UPI: Final = re.compile(r"[\w.-]{2,64}@[A-Za-z]{2,24}")
_CVV: Final = re.compile(r"\d{3,4}")
_URL: Final = re.compile(r"[a-z]{3,10}://|/")
_DEGREES: Final = re.compile(r"[-+]?(?:1[0-7]|[1-9])?\d\.\d{1,20}")
_NUMBER_MAX: Final = 24


def bears_out(kind: Kind, text: str) -> bool:
    """Return whether `text`, under a name that promises `kind`, can be the real thing."""
    return not is_placeholder(text) and _HOLDS[kind](text)


def is_hex_digest(text: str) -> bool:
    """Return whether `text` has the form of an MD5 or SHA digest: a hash under a password's name."""
    return len(text) in _HEX_DIGEST_LENGTHS and bool(_HEX.fullmatch(text))


def _is_opaque(text: str) -> bool:
    if len(text) < 8 or is_message(text) or _URL.match(text):
        return False
    bare = text.removeprefix("Bearer ")
    return " " not in bare and (len(bare) >= 24 or any(char.isdigit() for char in bare))


def _is_person_number(text: str) -> bool:
    bare = re.sub(r"[ .\-/]", "", text[:_NUMBER_MAX])
    return 6 <= len(bare) <= 20 and bare.isalnum() and sum(char.isdigit() for char in bare) >= 5


def _is_person_name(text: str) -> bool:
    return len(text) <= 100 and "/" not in text and any(map(str.isalpha, text)) and not is_message(text)


def _is_hash(text: str) -> bool:
    return is_hex_digest(text) or (len(text) >= 16 and " " not in text)


def _is_degrees(text: str) -> bool:
    return any(_DEGREES.fullmatch(part.strip()) for part in text[:64].split(","))


_HOLDS: Final[dict[Kind, Callable[[str], bool]]] = {
    Kind.EMAIL: lambda _: False,  # only a value that is an e-mail address is one
    Kind.PHONE: is_phone_shaped,
    Kind.NAME: _is_person_name,
    Kind.ADDRESS: lambda text: 2 <= len(text) <= 300 and "@" not in text and not _URL.match(text),
    Kind.BIRTH_DATE: lambda text: bool(_DATE.match(text)),
    Kind.CARD_NUMBER: lambda text: bool(_CVV.fullmatch(text)) or is_named_card_number(digits_of(text)),
    Kind.IBAN: is_iban,
    Kind.PAN: lambda text: bool(_PAN.fullmatch(text.strip())),
    Kind.AADHAAR: lambda text: is_aadhaar(digits_of(text)),
    Kind.UPI: lambda text: bool(_UPI.fullmatch(text.strip())),
    Kind.SSN: _is_person_number,
    Kind.HEALTH: lambda text: not is_message(text) and not _URL.match(text),
    Kind.PASSWORD: lambda text: not is_message(text) and not is_hex_digest(text),
    Kind.PASSWORD_HASH: _is_hash,
    Kind.TOKEN: _is_opaque,
    Kind.API_KEY: _is_opaque,
    Kind.PRIVATE_KEY: lambda text: len(text) >= 32 and not is_message(text),
    Kind.SECRET: lambda text: not is_message(text) and not _URL.match(text),
    Kind.IP_ADDRESS: lambda text: Kind.IP_ADDRESS in kinds_of_text(text),
    Kind.GEO: _is_degrees,
    Kind.IDENTIFIER: lambda text: 0 < len(text) <= 128 and "\n" not in text,
}
