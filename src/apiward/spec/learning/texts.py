"""What a piece of text looks like: a number, a date, an id, a word. Linear in its length."""

import re
from enum import StrEnum
from itertools import pairwise
from typing import Final

MAX_TEXT: Final = 512
"""Characters that are looked at; a longer text is free text."""


class Look(StrEnum):
    """What a text looks like; the first that fits."""

    EMPTY = "empty"
    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "truth"
    UUID = "uuid"
    ULID = "ulid"
    HEX = "hex"
    DATE_TIME = "date-time"
    DATE = "date"
    EMAIL = "email"
    URI = "uri"
    IPV4 = "ipv4"
    TOKEN = "token"  # noqa: S105 - what a text looks like
    VERSION = "version"
    WORD = "word"
    NAME = "name"
    TEXT = "text"


IDENTIFYING: Final = frozenset(
    {Look.INTEGER, Look.UUID, Look.ULID, Look.HEX, Look.DATE, Look.DATE_TIME, Look.EMAIL, Look.TOKEN, Look.IPV4}
)
"""Looks that no fixed part of a path and no declared name has."""

_HEX8: Final = "[0-9a-fA-F]"
_DAY: Final = "[0-9]{4}-[01][0-9]-[0-3][0-9]"
_HOUR: Final = r"[0-2][0-9]:[0-5][0-9](?::[0-6][0-9](?:\.[0-9]{1,9})?)?"
_LOOKS: Final = tuple(
    (look, re.compile(pattern))
    for look, pattern in (
        (Look.INTEGER, r"[+-]?[0-9]{1,20}"),
        (Look.NUMBER, r"[+-]?[0-9]{1,20}\.[0-9]{1,20}(?:[eE][+-]?[0-9]{1,3})?"),
        (Look.TRUTH, r"(?i:true|false)"),
        (Look.UUID, rf"{_HEX8}{{8}}(?:-{_HEX8}{{4}}){{3}}-{_HEX8}{{12}}"),
        (Look.ULID, r"(?=[0-7][A-Z]*[0-9])[0-7][0-9A-HJKMNP-TV-Z]{25}"),
        (Look.HEX, r"(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,128}|(?=[A-F]*[0-9])(?=[0-9]*[A-F])[0-9A-F]{8,128}"),
        (Look.DATE_TIME, rf"{_DAY}[T ]{_HOUR}(?:[Zz]|[+-][0-2][0-9]:?[0-5][0-9])?"),
        (Look.DATE, r"[0-9]{4}-[01][0-9](?:-[0-3][0-9])?"),
        (Look.EMAIL, r"[^\s@/:<>]{1,64}@[^\s@/:<>]{1,190}\.[^\s@/:<>.]{1,63}"),
        (Look.URI, r"[a-z][a-z0-9+.-]{1,20}://\S{1,480}"),
        (Look.IPV4, r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"),
        (Look.VERSION, r"[vV][0-9]{1,4}(?:\.[0-9]{1,4}){0,3}(?:(?:alpha|beta|rc)[0-9]{0,3})?"),
        (Look.WORD, r"[A-Za-z]{1,40}(?:[_-][A-Za-z]{1,40}){0,2}"),
    )
)
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{10,400}={0,2}")
_NAME: Final = re.compile(r"[^\s/]{1,128}")
_CHANGES: Final = 0.45
"""The share of places at which a random text changes between capitals, small letters and digits; words do less."""
_PIECES: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_INNER: Final = re.compile(r"[a-z][A-Z]")
_UNSAID: Final = re.compile(
    r"(?i:(?!scr|spr|spl|str|thr|shr|chr|phr|sph|sch)[b-df-hj-np-tv-xz]{3}.*|[^aeiouy]{3,}|.*[b-df-hj-np-tv-xz]{5}.*)"
)
"""A piece of a word that nobody could say: how it begins, no vowel at all, or five consonants in a row."""
_SHORTENED: Final = frozenset(
    "bmp cmd crm css csv ctrl dns ftp gdpr gps html http https jpg jwt kyc mfa mgr mqtt msg nft otp pdf png ptr pwd qr "
    "rss rsvp sdk sms smtp sql src ssh ssl sso str svg tls ttl txt vat vpn www xml".split()
)
"""Pieces that nobody could say, and that people write all the same."""
_SHORT: Final = 3
_LEAST_DRAWN: Final = 6


def look_of(text: str) -> Look:
    """Return what `text` looks like."""
    if not text:
        return Look.EMPTY
    if len(text) > MAX_TEXT:
        return Look.TEXT
    for look, pattern in _LOOKS:
        if pattern.fullmatch(text):
            return look
    if _CODE.fullmatch(text) and is_random(text.rstrip("=")):
        return Look.TOKEN
    return Look.NAME if _NAME.fullmatch(text) else Look.TEXT


def is_random(text: str) -> bool:
    """Whether a text changes between kinds of letters as often as a drawn one; a word in camel case does not."""
    kinds = ["d" if letter.isdigit() else "u" if letter.isupper() else "l" for letter in text if letter.isalnum()]
    if len(kinds) < 10 or len(set(kinds)) < 2 or "d" not in kinds:
        return False
    changes = sum(one != other for one, other in pairwise(kinds))
    return changes / len(kinds) > _CHANGES


def has_inner_capital(text: str) -> bool:
    """Whether a capital follows a small letter, as in drawn ids and in camel case."""
    return _INNER.search(text) is not None


def is_odd_word(text: str) -> bool:
    """Whether letters alone are written as a fixed part of a path seldom is: with a capital, or as nobody could say.

    That alone shows nothing. It tells an id of letters beside other ids from a word such as `archived`.
    """
    return look_of(text) is Look.WORD and (not text.islower() or any(map(_is_unsaid, _PIECES.findall(text))))


def is_drawn(text: str) -> bool:
    """Whether letters with capitals among them look drawn, as short ids do: what nobody could say, or tiny pieces."""
    if not _LEAST_DRAWN <= len(text) <= MAX_TEXT or not has_inner_capital(text):
        return False
    pieces = _PIECES.findall(text)
    is_tiny = sum(len(piece) < _SHORT and piece.lower() not in _SHORTENED for piece in pieces) >= _SHORT
    return is_tiny or any(map(_is_unsaid, pieces))


def _is_unsaid(piece: str) -> bool:
    return not piece.isupper() and piece.lower() not in _SHORTENED and _UNSAID.fullmatch(piece) is not None


def is_value_like(segment: str) -> bool:
    """Whether a part of a path looks like a value more than like a fixed part: digits, many hyphens, blanks, drawn."""
    look = look_of(segment)
    if look is Look.WORD:
        return is_drawn(segment)
    if look in {Look.VERSION, Look.EMPTY}:
        return False
    return any(letter.isdigit() for letter in segment) or segment.count("-") > 2 or look is Look.TEXT
