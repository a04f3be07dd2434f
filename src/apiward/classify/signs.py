"""What stands in the place of a masked value: a sign that still tells its kind or size apart."""

import re
from typing import Final

from apiward.classify.kinds import Kind
from apiward.classify.numbers import digits_of

MORE: Final = "… +"
"""Begins the sign for left-out items: `… +12`."""
CUT: Final = " … [cut]"
"""Ends a text that was longer."""
DEEPER: Final = "…"
"""Stands for what is nested too deep."""

_SIGN: Final = re.compile(
    r"…\((?:1|8|20)\+\)|…|…\d{2}|…\d{4}|[A-Z]{2}…[0-9A-Z]{4}|… \+\d{1,9}|[^\s…]?…@[\w.]{0,4}…?[\w.]{0,40}"
)


def sign(text: str) -> str:
    """Return the sign for `text` that tells its length class: from 1, from 8, from 20 characters."""
    if len(text) < 8:
        return "…(1+)"
    return "…(8+)" if len(text) < 20 else "…(20+)"


def is_sign(text: str) -> bool:
    """Return whether `text` is a sign of this module already."""
    return "…" in text and bool(_SIGN.fullmatch(text))


def masked(kind: Kind, text: str) -> str:
    """Return the sign for a whole `text` of that kind: enough to recognise it, not enough to use it."""
    if is_sign(text):
        return text
    if kind is Kind.EMAIL:
        return _masked_email(text)
    if kind is Kind.UPI and "@" in text:
        return f"{text[0]}…@{text.rpartition('@')[2]}"
    return _masked_number(kind, text) or sign(text)


def _masked_number(kind: Kind, text: str) -> str:
    if kind is Kind.IBAN:
        bare = text.replace(" ", "").upper()
        return f"{bare[:2]}…{bare[-4:]}" if len(bare) >= 15 else ""
    digits = digits_of(text)
    if kind is Kind.CARD_NUMBER and len(digits) >= 12:
        return f"…{digits[-4:]}"
    return f"…{digits[-2:]}" if kind is Kind.PHONE and len(digits) >= 7 else ""


def _masked_email(text: str) -> str:
    local, _, domain = text.replace("%40", "@").rpartition("@")
    host, _, ending = domain.rpartition(".")
    return f"{local[:1]}…@{host[:1]}….{ending}"
