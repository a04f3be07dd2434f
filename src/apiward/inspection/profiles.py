"""Which profile fits a text of which nothing else is known."""

import re
from typing import Final

from apiward.inspection.model import Profile

_PROSE_NAMES: Final = (
    "message", "note", "comment", "description", "review", "body", "text", "content", "bio", "about", "remark",
    "feedback",
    "instruction", "reason", "summary", "question", "answer", "caption", "subject", "memo",
)  # fmt: skip
_SECRET_NAMES: Final = ("password", "passwd", "passphrase", "secret", "passwort", "contrasena", "senha")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
LOOKED_AT: Final = 600
"""Characters from which the profile is told."""


def profile_of(name: str, text: str) -> Profile:
    """Return PROSE for text of eight or more words (four, under a name such as `note`) that is nearly all words.

    SECRET is one word under a name such as `password`; all else is VALUE.
    """
    if text and " " not in text and _is_named(name, _SECRET_NAMES):
        return Profile.SECRET
    if len(text) < 20 or " " not in text:
        return Profile.VALUE
    start = text[:LOOKED_AT]
    words = _WORD.findall(start)
    if len(words) < 4 or (len(words) < 8 and not _is_named(name, _PROSE_NAMES)):
        return Profile.VALUE
    inside = sum(map(len, words)) + start.count(" ")
    return Profile.PROSE if inside >= 0.85 * len(start) else Profile.VALUE


def _is_named(name: str, parts: tuple[str, ...]) -> bool:
    low = name.lower()
    return any(part in low for part in parts)
