"""Names with values in text that is no whole JSON: cut JSON, logs, XML, forms, multipart."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Final

NamedMask = Callable[[str, str], str]
"""Takes a field's name and value, returns what to show instead of the value."""

_NAMED: Final = re.compile(
    r"(?<![\w.\[\]-])(?P<open>\\{0,3}[\"']?)(?P<name>[^\W\d][\w.\[\]-]*+)(?P=open)\s{0,4}[:=]\s{0,4}"
    r"(?P<value>\"(?>(?:[^\"\\]++|\\.)*)\"?|'(?>(?:[^'\\]++|\\.)*)'?|\\{1,3}\"[^\"\\]*+"
    r"|(?:(?:Bearer|Basic|Token) )?[^\s&<>\"'{}\[\]\\]++)",
    re.DOTALL,
)
_ELEMENT: Final = re.compile(
    r"<(?:\w{1,40}:)?(?P<name>[A-Za-z][\w.-]*+)(?:\s[^<>]*+)?>(?P<mark>\s*+(?:<!\[CDATA\[)?)(?P<value>[^<]++)"
)
_PART: Final = re.compile(
    r"\bname=\"(?P<name>[^\"\r\n]{1,200})\"[^\r\n]*+\r?\n(?:[^\r\n]++\r?\n){0,4}\r?\n(?P<value>[^\r\n]++)"
)
_USERINFO: Final = re.compile(r"(?P<before>://)(?P<value>[^\s/@?#\"'<>]++)(?=@)")
_BASIC: Final = re.compile(r"\b[Bb]asic (?P<value>[0-9A-Za-z+/_-]{6,}+=*+)")
_SCHEMED: Final = re.compile(
    r"(?P<scheme>Bearer|Basic|Token|Digest|ApiKey|JWT) +(?P<rest>\S.*)", re.DOTALL | re.IGNORECASE
)


def mask_pairs(text: str, mask: NamedMask) -> str:
    """Return `text` with the value of every named field as `mask` shows it."""
    text = _sub_value(_NAMED, text, mask)
    if "<" in text:
        text = _sub_value(_ELEMENT, text, mask)
    return _sub_value(_PART, text, mask) if 'name="' in text else text


def mask_logins(text: str, hide: Callable[[str], str]) -> str:
    """Return `text` with `user:password@` of addresses and `Basic …` credentials hidden."""
    if "://" in text:
        text = _USERINFO.sub(lambda match: match["before"] + hide(match["value"]), text)
    if "asic " in text:
        text = _BASIC.sub(lambda match: _hidden_basic(match, hide), text)
    return text


def mask_authorization(value: str, hide: Callable[[str], str]) -> str:
    """Return an Authorization value with nothing but its scheme word and the sign of the rest."""
    match = _SCHEMED.fullmatch(value.strip())
    return f"{match['scheme']} {hide(match['rest'])}" if match else hide(value)


def mask_cookies(value: str, hide: Callable[[str], str]) -> str:
    """Return a Cookie value with the names and the signs of the values."""
    return "; ".join(_hidden_pair(pair.strip(), hide) for pair in value.split(";"))


def mask_set_cookie(value: str, hide: Callable[[str], str]) -> str:
    """Return a Set-Cookie value with its name, the sign of its value, and its attributes."""
    pair, semicolon, attributes = value.partition(";")
    return _hidden_pair(pair.strip(), hide) + semicolon + attributes


def _hidden_pair(pair: str, hide: Callable[[str], str]) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return hide(pair) if pair else pair
    return f"{name}={hide(value)}" if value else pair


def _hidden_basic(match: re.Match[str], hide: Callable[[str], str]) -> str:
    value = match["value"]
    try:
        is_login = b":" in base64.urlsafe_b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4))
    except binascii.Error:
        is_login = False
    return f"{match[0][:6]}{hide(value)}" if is_login else match[0]


def _sub_value(pattern: re.Pattern[str], text: str, mask: NamedMask) -> str:
    def shown(match: re.Match[str]) -> str:
        before = match[0][: match.start("value") - match.start()]
        start, inner, end = _unquoted(match["value"])
        return before + start + (mask(match["name"], inner) if inner else inner) + end

    return pattern.sub(shown, text)


def _unquoted(value: str) -> tuple[str, str, str]:
    bare = value.lstrip("\\")
    mark = bare[:1] if bare[:1] in {'"', "'"} else ""
    if not mark:
        inner = value.rstrip(",;")
        return "", inner, value[len(inner) :]
    start = value[: len(value) - len(bare) + 1]
    inner = value[len(start) :]
    is_closed = inner.endswith(mark) and not start.startswith("\\")
    return (start, inner[:-1], mark) if is_closed else (start, inner, "")
