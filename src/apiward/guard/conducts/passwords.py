"""Whether a password is one that attackers try first."""

import re
from itertools import pairwise
from typing import Final

from apiward.catalogue.words import load_words

MAX_READ: Final = 300
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop", "1234567890", "1q2w3e4r5t6z7u8i9o0p")
_PLAIN: Final = str.maketrans("@430157$!", "aaeoisssi")
_TAIL: Final = re.compile(r"[\d\W_]{0,6}\Z")
_MIN_BASE: Final = 4
_MIN_NAME: Final = 4


class WeakPasswords:
    """Knows the most common passwords, and the ways in which people change them a little."""

    def __init__(self) -> None:
        words = {word.lower() for word in load_words("weak_passwords")}
        self._words = frozenset(words)
        self._bases = frozenset(base for word in words if len(base := _base(word)) >= _MIN_BASE)

    def is_common(self, password: str) -> bool:
        """Whether it is on the list, a little changed, or no more than a row of keys or a repetition."""
        text = password[:MAX_READ].lower()
        if text in self._words or len(set(text)) <= 2:
            return True
        return _base(text) in self._bases or _is_row(text) or _is_repeated(text)

    @staticmethod
    def holds_name(password: str, names: tuple[str, ...]) -> bool:
        """Whether the password is, or is little more than, the name or e-mail address of its owner."""
        text = password[:MAX_READ].lower()
        for name in names:
            for part in (name, name.partition("@")[0]):
                if len(part) >= _MIN_NAME and (part in text or part[::-1] in text) and len(text) < len(part) + 5:
                    return True
        return False


def _base(text: str) -> str:
    """Return the word without the digits and signs at its end, with digits that stand for letters read so."""
    return _TAIL.sub("", text, count=1).translate(_PLAIN)


def _is_row(text: str) -> bool:
    steps = {ord(second) - ord(first) for first, second in pairwise(text)}
    if steps in ({1}, {-1}):
        return True
    return any(text in row or text[::-1] in row for row in _ROWS)


def _is_repeated(text: str) -> bool:
    return text in (text + text)[1:-1] and len(set(text)) <= 6
