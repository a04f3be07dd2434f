"""Values that stand for nothing: masked, left out, an example of a type, or a message about the field."""

import re
from typing import Final

MAX_PLACEHOLDER: Final = 300
"""Longer texts are taken for real."""

_MASKED: Final = re.compile(r"[*•xX.#_…\-\u25cf\s]+|.{0,4}(?:\*{3}|•{3}|●{3}|\.{3}|…).{0,6}")
_BRACKETED: Final = re.compile(r"[\[<({]{1,2}[\w \-./]{1,40}[\])>}]{1,2}")
_EXAMPLE: Final = re.compile(r"[A-Z]{2,20}_[A-Z_]{2,60}\d{0,3}|(?i:your)[_ -][\w -]{1,60}")
_WORDS: Final = frozenset(
    """string str text null none nil undefined true false n/a na redacted masked hidden filtered removed omitted
    protected unset empty bearer jwt basic optional required
    your_password your-password your_token your-token your_api_key your-api-key yes no on off unknown
    encrypted confidential""".split()
)
_SAYING: Final = frozenset(
    """must is are was required invalid incorrect wrong should field please cannot may not least characters enter
    missing expected blank empty allowed contain contains match short weak updated changed sent ist muss est doit
    debe es""".split()
)


def is_placeholder(text: str) -> bool:
    """Return whether `text` is masked or a stand-in, so that nothing is given away by it."""
    if len(text) > MAX_PLACEHOLDER:
        return False
    bare = text.strip()
    if not bare or bare.lower() in _WORDS or bare.endswith(("...", "…")):
        return True
    return bool(_MASKED.fullmatch(bare) or _BRACKETED.fullmatch(bare) or _EXAMPLE.fullmatch(bare))


def is_message(text: str) -> bool:
    """Return whether `text` reads like a sentence about a field ("This field is required.")."""
    words = text[:MAX_PLACEHOLDER].lower().replace(".", " ").replace(",", " ").split()
    return len(words) >= 3 and not _SAYING.isdisjoint(words)
