"""What a field's name promises. The value still has to bear it out (see `fields`)."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from apiward.classify.kinds import Kind
from apiward.classify.terms import BENIGN_STARTS, BENIGN_TAILS, LONGEST_TERM_WORDS, TERMS

MAX_NAME: Final = 128
"""Characters of a name that are looked at: the last ones, where the noun stands."""

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_MAX_WORDS: Final = 12
_NAMED_TAILS: Final = frozenset({Kind.NAME, Kind.TOKEN, Kind.API_KEY, Kind.IDENTIFIER})
_NOTHING: Final[frozenset[Kind]] = frozenset()


def words_of(name: str) -> tuple[str, ...]:
    """Split camelCase, snake_case, kebab-case and dotted names into lower-case words without accents."""
    text = name[-MAX_NAME:]
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
        text = "".join(char for char in text if not unicodedata.combining(char))
    return tuple(word.lower() for word in _WORD.findall(text))[-_MAX_WORDS:]


# A pure memo: APIs repeat the same few names; the bound keeps names that are data from piling up.
@lru_cache(maxsize=2048)
def kinds_of_name(name: str) -> frozenset[Kind]:
    """Return the kinds of data that a field of that name should hold; empty for most names."""
    words = words_of(name)
    if not words:
        return _NOTHING
    found = _terms_in(words)
    kinds = frozenset(kind for _, _, kind in found if _is_the_point(kind, found))
    return kinds | {Kind.CARD_NUMBER} if words[-1] == "pan" else kinds


def _terms_in(words: tuple[str, ...]) -> list[tuple[int, int, Kind]]:
    """Return (start, end, kind) of the longest terms in `words`, left to right."""
    found: list[tuple[int, int, Kind]] = []
    start = 0
    while start < len(words):
        end, kind = _longest_at(words, start)
        if kind and not _is_about(words, start, end, kind):
            found.append((start, end, kind))
        start = end
    return found


def _longest_at(words: tuple[str, ...], start: int) -> tuple[int, Kind | None]:
    for end in range(min(len(words), start + LONGEST_TERM_WORDS), start, -1):
        joined = "".join(words[start:end])
        kind = TERMS.get(joined) or TERMS.get(joined.removesuffix("s"))
        if kind:
            return end, kind
    return start + 1, None


def _is_about(words: tuple[str, ...], start: int, end: int, kind: Kind) -> bool:
    before = words[start - 1] if start else ""
    if before in BENIGN_STARTS.get(kind, ()):
        return True
    if end == len(words):
        return False
    if words[-1] == "id":
        return kind is not Kind.IDENTIFIER
    return words[-1] in BENIGN_TAILS


def _is_the_point(kind: Kind, found: list[tuple[int, int, Kind]]) -> bool:
    """Whether `kind` is what the name is for: in `password_reset_token` it is the token."""
    last = found[-1][2]
    if kind is last:
        return True
    return not (kind in {Kind.PASSWORD, Kind.EMAIL, Kind.PHONE, Kind.IDENTIFIER} or last in _NAMED_TAILS)
