"""Whether a password is one that attackers try first."""

import re
from itertools import pairwise
from typing import Final

from apiward.catalogue.words import load_words

MAX_READ: Final = 300
_ROWS: Final = (
    *(
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "qwertzuiop",
        "yxcvbnm",
        "azertyuiop",
        "1234567890",
        "abcdefghijklmnopqrstuvwxyz",
    ),
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "789456123", "147258369", "1q2w3e4r5t6z7u8i9o0p"),
)
"""Keys in the order in which fingers find them: along a row, down a column, over the block of digits."""
_LEAST_RUN: Final = 3
_PLAIN: Final = str.maketrans("@430157$!", "aaeoisssi")
_ENDS: Final = re.compile(r"\A[\d\W_]{0,6}?(?=[a-z@$])|[\d\W_]{0,6}\Z")
_FEW_LETTERS: Final = re.compile(r"[a-z]{1,2}(\d{3,})|(?=\d*[a-z]{1,2}\Z)(\d{3,})[a-z]+")
_MIN_BASE: Final = 4
_MIN_WORD: Final = 5
_MIN_NAME: Final = 4
_MOST_DIGITS: Final = 10
"""So many digits are tried through in minutes, and are dates or telephone numbers anyway."""


class WeakPasswords:
    """Knows the most common passwords and words, and the ways in which people change them a little."""

    def __init__(self) -> None:
        self._words = frozenset(word.lower() for word in load_words("weak_passwords"))
        everyday = (*load_words("password_words"), *load_words("weak_keys"))
        self._bases = frozenset(
            base for word in self._words for base in _bases(word) if len(base) >= _MIN_BASE
        ) | frozenset(word.lower() for word in everyday if len(word) >= _MIN_WORD and word.isalpha())

    def is_common(self, password: str) -> bool:
        """Whether it is on the list, a little changed, or no more than a row of keys, digits or a repetition."""
        text = password[:MAX_READ].lower()
        if text in self._words or len(set(text)) <= 2 or (text.isdecimal() and len(text) <= _MOST_DIGITS):
            return True
        return _is_row(text) or any(self._is_word(part) for part in _bases(_once(text)))

    def _is_word(self, text: str) -> bool:
        """Whether it is one word, with or without an s, or the same one twice."""
        return bool(text) and (text in self._bases or text.removesuffix("s") in self._bases)

    @staticmethod
    def holds_name(password: str, names: tuple[str, ...]) -> bool:
        """Whether the password is, or is little more than, the name or e-mail address of its owner."""
        text = password[:MAX_READ].lower()
        for name in names:
            for part in (name, name.partition("@")[0]):
                if len(part) >= _MIN_NAME and (part in text or part[::-1] in text) and len(text) < len(part) + 5:
                    return True
        return False


def _bases(text: str) -> tuple[str, ...]:
    """Return the word without the digits and signs at its ends: as it is, and with digits read as letters."""
    tail = _ENDS.sub("", text)
    return tail.translate(_PLAIN), _ENDS.sub("", text.translate(_PLAIN)), tail


def _once(text: str) -> str:
    """Return what is said again and again once."""
    at = (text + text).find(text, 1) if text else 0
    return text[:at]


def _is_row(text: str) -> bool:
    """Whether all of it is runs over the keyboard, or two of them in turn (`q1w2e3r4`)."""
    steps = {ord(second) - ord(first) for first, second in pairwise(text)}
    few = _FEW_LETTERS.fullmatch(text)
    if few and _is_runs(few[1] or few[2]):
        return True
    return steps in ({1}, {-1}) or _is_runs(text) or (_is_run(text[::2]) and _is_run(text[1::2]))


def _is_runs(text: str) -> bool:
    at = 0
    while at < len(text):
        size = _LEAST_RUN
        if not _is_run(text[at : at + size]):
            return False
        while at + size < len(text) and _is_run(text[at : at + size + 1]):
            size += 1
        at += size
    return True


def _is_run(text: str) -> bool:
    if len(text) < _LEAST_RUN:
        return False
    return len(set(text)) == 1 or any(text in row or text[::-1] in row for row in _ROWS)
