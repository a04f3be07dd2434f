"""Texts and ids as the tables take them: bounded, without NUL, and the same for the same thing."""

import hashlib
from collections.abc import Iterable
from typing import Final

LONG: Final = 2_000
SHORT: Final = 400
MOST_PAIRS: Final = 60
MOST_KEYS: Final = 200
"""Names of events or of those touched that are kept for one incident."""


def kept_text(text: str, most: int = SHORT) -> str:
    """Return `text` so that any database takes it, and no longer than `most`."""
    text = text[:most].replace("\0", "␀").encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= most else text[:most]


def kept_texts(texts: Iterable[str], most: int = MOST_KEYS) -> list[str]:
    """Return the first texts of several."""
    return [kept_text(text) for _, text in zip(range(most), texts, strict=False)]


def kept_pairs(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the first pairs of several."""
    return [
        [kept_text(name), kept_text(value, LONG)] for _, (name, value) in zip(range(MOST_PAIRS), pairs, strict=False)
    ]


def row_id(*parts: object) -> str:
    """Return a name that depends on the parts alone."""
    text = "\x1f".join(map(str, parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
