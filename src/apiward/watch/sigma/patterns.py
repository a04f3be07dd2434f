"""Texts with wildcards, as rules write them: `*` is any text, `?` any one sign, a backslash takes their meaning away.

Letters match in either case, unless a rule says `cased`.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Final, TypeAlias

import re2

Test: TypeAlias = Callable[[str], bool]


class Wild(Enum):
    """A sign that stands for others."""

    MANY = "*"
    ONE = "?"


Part: TypeAlias = str | Wild
Pattern: TypeAlias = tuple[Part, ...]

_WILD: Final = {wild.value: wild for wild in Wild}
_SPECIAL: Final = frozenset(_WILD) | {"\\"}
MAX_PATTERN: Final = 4_000
"""Signs of one regular expression at most."""
_MAX_MEMORY: Final = 8 << 20


def parsed(text: str) -> Pattern:
    """Return the parts of `text`. A backslash before any other sign is a backslash."""
    parts: list[Part] = []
    plain: list[str] = []
    position = 0
    while position < len(text):
        sign = text[position]
        if sign == "\\" and text[position + 1 : position + 2] in _SPECIAL and position + 1 < len(text):
            plain.append(text[position + 1])
            position += 1
        elif sign in _WILD:
            parts += ["".join(plain), _WILD[sign]] if plain else [_WILD[sign]]
            plain = []
        else:
            plain.append(sign)
        position += 1
    return (*parts, "".join(plain)) if plain else tuple(parts)


def plain_text(pattern: Pattern) -> str | None:
    """Return the one text that matches, or None where there are wildcards."""
    return "".join(map(str, pattern)) if not has_wild(pattern) else None


def has_wild(pattern: Pattern) -> bool:
    """Return whether there are wildcards."""
    return any(isinstance(part, Wild) for part in pattern)


def surrounded(pattern: Pattern, *, before: bool, after: bool) -> Pattern:
    """Return a pattern that lets any text stand before or after."""
    if before and pattern[:1] != (Wild.MANY,):
        pattern = (Wild.MANY, *pattern)
    if after and pattern[-1:] != (Wild.MANY,):
        pattern = (*pattern, Wild.MANY)
    return pattern


def matcher(pattern: Pattern, *, is_cased: bool) -> Test:
    """Return what says whether a text matches. The frequent forms need no regular expression."""
    if not is_cased:
        lowered = tuple(part if isinstance(part, Wild) else part.lower() for part in pattern)
        inner = matcher(lowered, is_cased=True)
        return lambda text: inner(text.lower())
    match pattern:
        case ():
            return lambda text: not text
        case (str() as whole,):
            return whole.__eq__
        case (Wild.MANY,):
            return lambda _: True
        case (str() as start, Wild.MANY):
            return lambda text: text.startswith(start)
        case (Wild.MANY, str() as end):
            return lambda text: text.endswith(end)
        case (Wild.MANY, str() as middle, Wild.MANY):
            return lambda text: middle in text
    return _wild_test(pattern)


def regex_test(source: str, flags: str = "") -> Test:
    """Return what looks for a regular expression (re2 syntax) anywhere in a text. Raises ValueError."""
    if len(source) > MAX_PATTERN:
        raise ValueError(f"it is longer than {MAX_PATTERN:,} signs")
    compiled = _compiled(f"(?{flags}){source}" if flags else source)
    return lambda text: compiled.search(text) is not None


def expanded_dashes(pattern: Pattern) -> tuple[Pattern, ...]:
    """Return the pattern with each dash or slash before a word in all ways that Windows takes. Raises ValueError."""
    found: list[list[Part]] = [[]]
    dashes = 0
    for part in pattern:
        pieces = _dashes(part) if isinstance(part, str) else [part]
        for piece in pieces:
            is_dash = isinstance(piece, str) and piece.startswith("\0")
            dashes += is_dash
            if dashes > _MOST_DASHES:
                raise ValueError(f"windash takes at most {_MOST_DASHES} dashes in one value")
            ways: Sequence[Part] = _DASHES if is_dash else (piece,)
            found = [[*one, way] for one in found for way in ways]
    return tuple(_joined(one) for one in found)


_MOST_DASHES: Final = 3
_DASHES: Final = ("-", "/", "\u2013", "\u2014", "\u2015")


def _dashes(text: str) -> list[str]:
    """Return the pieces of a text; a dash or slash that begins a word, and ends none, comes as NUL and itself."""
    pieces: list[str] = []
    start = 0
    for index, sign in enumerate(text):
        before, after = text[index - 1 : index] if index else "", text[index + 1 : index + 2]
        if sign in "-/" and not _is_word(before) and _is_word(after):
            pieces += [text[start:index], f"\0{sign}"] if index > start else [f"\0{sign}"]
            start = index + 1
    return [*pieces, text[start:]] if start < len(text) else pieces


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _joined(parts: Sequence[Part]) -> Pattern:
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


def _wild_test(pattern: Pattern) -> Test:
    source = "".join(
        re2.escape(part) if isinstance(part, str) else "(?s:.*)" if part is Wild.MANY else "(?s:.)" for part in pattern
    )
    compiled = _compiled(source)
    return lambda text: compiled.fullmatch(text) is not None


def _compiled(source: str) -> Any:  # noqa: ANN401 - re2 brings no types
    options = re2.Options()
    options.never_capture = True
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    try:
        return re2.compile(source, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "it is no regular expression"
        raise ValueError(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)) from None
