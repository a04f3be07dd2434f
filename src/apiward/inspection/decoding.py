"""What a text may be once more decoded: percent, entities, escapes, full-width letters, base64, and the like.

Decodings are applied one after another, at most MAX_STEPS times, each only where its mark is present.
"""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

MAX_STEPS: Final = 6
_ENTITY_NAMES: Final = """
    # lt gt quot amp apos tab; newline; colon; lpar; rpar; sol; equals; excl; num; lsqb; rsqb; lcub; rcub;
    lbrace; lbrack; grave; period; comma; semi; quest; dollar; bsol; vert;""".split()
MARKS: Final = (
    *("%" + char for char in "0123456789abcdefu"),
    *("+" + char for char in "abcdefghijklmnopqrstuvwxyz'\"`(/*-|&=!@"),
    *("\\" + char for char in "ux0123"),
    *("&" + name for name in _ENTITY_NAMES),
    "\x00", "0x", "\x7f", "\x08",
)  # fmt: skip
"""Literals (lower case) without which an ASCII text has no further layer but base64 and hex."""

_PERCENT: Final = re.compile(r"%[0-9a-fA-F]{2}|%u[0-9a-fA-F]{4}")
_PERCENT_U: Final = re.compile(r"%u([0-9a-fA-F]{4})")
_ENTITY: Final = re.compile(r"&(?:#|[a-zA-Z]{2,10};|(?:lt|gt|quot|amp)(?![a-z]))")
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3][0-7]{2}))")
_HEX_BYTES: Final = re.compile(r"(?:0x|(?<=[0-9a-fA-F]{2})x)[0-9a-fA-F]{2}(?=0x|x[0-9a-fA-F]{2}|[^0-9a-fA-F]|$)")
_HEX_SLASH: Final = re.compile(r"\.0x(?:2[fF]|5[cC])")
_PLUS: Final = re.compile(r"(?<=[\w'\"`)*/=,|&!<>-])\++(?=[\w'\"`(/*=<>|&!@.~-])|\++$")
_BLANKS: Final = re.compile(r"[\x00\x08\x7f\u00ad\u200b-\u200f\u2060\ufeff]")
_FOLDED: Final = re.compile(
    r"[\u2018\u2019\u02b9\u02bc\u2032\u00b4\u201c\u201d\u2033\u2215\u2044\u29f8\u29f5\u2216\u2024\u3002\u2039\u"
    r"203a\u3008\u3009\u560a\u560d\u2028\u2029\u0131\u017f]"
)
_UTF7: Final = re.compile(r"\+([A-Za-z0-9/]{2,})-")
_OVERLONG: Final = re.compile(rb"[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x9f][\x80-\xbf]|\xf0[\x80-\x8f][\x80-\xbf]{2}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_NOT_ASCII_LEAD: Final = re.compile(r"[^A-Za-f]")
_HEX: Final = re.compile(r"(?:0x)?(?:[2-7][0-9a-fA-F]|0[9aAdD]){8,}")
_PRINTABLE: Final = re.compile(r"[^\x09\x0a\x0d\x20-\x7e]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def layers(text: str) -> Iterator[tuple[str, str]]:
    """Yield (name of the decoding, text after it), each built on the one before; bounded by MAX_STEPS."""
    for _ in range(MAX_STEPS):
        found = _next_layer(text)
        if found is None:
            return
        yield found
        text = found[1]


def hidden_text(text: str) -> tuple[str, str] | None:
    """Return ("base64" or "hex", the text) where the whole value is one clean encoding of readable ASCII."""
    if len(text) < 16 or not text.isascii():
        return None
    bare = text.rstrip("=")
    if not _NOT_ASCII_LEAD.search(bare[::4]) and _BASE64.fullmatch(text):
        return _readable("base64", _from_base64(bare))
    if _HEX.fullmatch(text):
        return _readable("hex", bytes.fromhex(text.removeprefix("0x")) if len(text) % 2 == 0 else b"")
    return None


def sound(text: str) -> str:
    """Return `text` without lone surrogates, which no encoder takes."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _next_layer(text: str) -> tuple[str, str] | None:
    hidden = hidden_text(text)
    if hidden is not None:
        return hidden
    for name, mark, decode in _DECODERS:
        if mark in text:
            decoded = decode(text)
            if decoded != text:
                return name, decoded
    if not text.isascii() and (not unicodedata.is_normalized("NFKC", text) or _FOLDED.search(text)):
        folded = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
        if folded != text:
            return "unicode", sound(folded)
    return None


def _percent(text: str) -> str:
    if not _PERCENT.search(text):
        return text
    text = _PERCENT_U.sub(lambda match: chr(int(match[1], 16)), text)
    raw = _OVERLONG.sub(_shortest, unquote_to_bytes(text.encode("utf-8", "replace")))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _shortest(match: re.Match[bytes]) -> bytes:
    """Return the character that an over-long UTF-8 sequence stands for."""
    code = 0
    for byte in match[0]:
        code = code << 6 | byte & 0x3F
    return chr(code & 0x7F if len(match[0]) == 2 else code & 0xFFF).encode()


def _entities(text: str) -> str:
    return html.unescape(text) if _ENTITY.search(text) else text


def _escapes(text: str) -> str:
    return _ESCAPE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    octal = match[4]
    code = int(octal, 8) if octal else int(match[1] or match[2] or match[3], 16)
    return chr(code) if code < 0xD800 or 0xE000 <= code <= 0x10FFFF else "\ufffd"


def _utf7(text: str) -> str:
    return _UTF7.sub(_from_utf7, text)


def _from_utf7(match: re.Match[str]) -> str:
    try:
        decoded = match[0].encode().decode("utf-7")
    except UnicodeDecodeError:
        return match[0]
    # Shortened and lower-cased copies give rubbish: only plain characters count.
    return decoded if decoded.isascii() and not decoded.isalnum() else match[0]


def _hex_bytes(text: str) -> str:
    if text.count("0x") < 2 and not _HEX_SLASH.search(text):
        return text
    return _HEX_BYTES.sub(lambda match: chr(int(match[0][-2:], 16)), text)


def _spaced(text: str) -> str:
    return _PLUS.sub(" ", text)


def _without_blanks(text: str) -> str:
    return _BLANKS.sub("", text)


def _from_base64(bare: str) -> bytes:
    try:
        return base64.b64decode(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _readable(name: str, raw: bytes) -> tuple[str, str] | None:
    text = raw.decode("latin-1")
    return (name, text) if text and not _PRINTABLE.search(text) else None


_DECODERS: Final[tuple[tuple[str, str, Callable[[str], str]], ...]] = (
    ("percent", "%", _percent),
    ("entities", "&", _entities),
    ("escapes", "\\", _escapes),
    ("utf-7", "+", _utf7),
    ("hex-bytes", "0x", _hex_bytes),
    ("blanks", "", _without_blanks),
    ("plus", "+", _spaced),
)
_LOOKALIKES: Final = {
    0x2018: "'", 0x2019: "'", 0x02BC: "'", 0x02B9: "'", 0x2032: "'", 0x00B4: "'", 0x201C: '"', 0x201D: '"', 0x2033: '"',
    0x2215: "/", 0x2044: "/", 0x29F8: "/", 0x29F5: "\\", 0x2216: "\\", 0x2024: ".", 0x3002: ".", 0x2039: "<",
    0x203A: ">",
    0x3008: "<", 0x3009: ">", 0x560A: "\n", 0x560D: "\r", 0x2028: "\n", 0x2029: "\n", 0x0131: "i", 0x017F: "s",
}  # fmt: skip
"""Characters that some stores and browsers turn into ASCII punctuation; folded only as a further layer."""
