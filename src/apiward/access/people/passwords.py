"""Which passwords people may choose: long ones that are no list of common words (NIST SP 800-63B-4, section 3.1.1).

Nothing is asked of signs, capitals or digits, and nobody has to change a password because time has passed.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from typing import Final, Protocol

from apiward.catalogue.words import load_words

LEAST: Final = 15
MOST: Final = 256
OWN: Final = 8
"""Characters that must be left once everything that others try first is taken away."""
_SHORTEST_WORD: Final = 4
_RUNS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_LEAST_RUN: Final = 4


class Stolen(Protocol):
    """Passwords that were stolen elsewhere."""

    def __contains__(self, password: str, /) -> bool: ...


class Lack(StrEnum):
    """What is wrong with a password."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    STOLEN = "stolen"


def lack_of(password: str, context: Iterable[str] = (), stolen: Stolen = ()) -> Lack | None:
    """Return what is wrong with a password.

    `context` are words that others know: names, the business, the product. `stolen` are whole passwords.
    """
    if len(password) < LEAST:
        return Lack.SHORT
    if len(password) > MOST:
        return Lack.LONG
    if password in stolen:
        return Lack.STOLEN
    return Lack.COMMON if len(_left(password.casefold(), context)) < OWN else None


def _left(password: str, context: Iterable[str]) -> str:
    """Return what is left of a password without common passwords, runs of the alphabet, and what it repeats."""
    known = [word.casefold() for text in context for word in re.split(r"\W+", text) if len(word) >= _SHORTEST_WORD]
    for word in sorted({*known, *_common()}, key=len, reverse=True):
        password = password.replace(word, "\n")
    kept: list[str] = []
    for place, sign in enumerate(password):
        before = password[:place]
        if sign == "\n" or _is_repeated(before, sign) or _is_run(before[-_LEAST_RUN + 1 :] + sign):
            continue
        kept.append(sign)
    return "".join(kept)


def _is_repeated(before: str, sign: str) -> bool:
    """Return whether a sign goes on with what stood there already: "aaa", "abcabc"."""
    return before[-1:] == sign or (len(before) >= 2 and before[-2:] + sign in before)


def _is_run(signs: str) -> bool:
    return len(signs) == _LEAST_RUN and any(signs in run or signs[::-1] in run for run in _RUNS)


@cache
def _common() -> frozenset[str]:
    return frozenset(word for word in map(str.casefold, load_words("weak_passwords")) if len(word) >= _SHORTEST_WORD)
