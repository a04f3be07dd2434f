"""The shortest ways out of a string: a quote and a comment, or two quotes with an operator between them."""

import re
from typing import Final

from apiward.inspection.model import Sighting

MAX_LENGTH: Final = 60

_OPERATORS: Final = (
    r"(?:&&|\|\||:=|!?~\*?|[-+*/%^&|=<>!]{1,3}|(?:not\s)?(?:r?like|ilike|glob|regexp|in|between)|sounds\slike|similar\sto"
    r"|is(?:\snot)?|x?or|and|mod|div|collate)"
)
_NAMED: Final = re.compile(r"[^\s'\"]{1,40}['\"]\)*\s?;?\s?(?:--|#)[\s+-]{0,3}|[^\s'\"]{1,40}'\)*\s?/\*")
_BARE_CUT: Final = re.compile(
    r"['\"]\)*\s?;?\s?(?:--[\s+-]{0,3}|#|/\*)|[\w%]{0,20}'\)*;\s?\w{1,20}\s?(?:--|#)[\s+-]{0,3}"
)
_CUT_NUMBER: Final = re.compile(
    r"-?\d{1,6}\)*\s?(?:x?or|and|\|\||&&)\s?\(*(?:not\s|!)?(?:\d{1,6}|true|false|null)\)*\s?;?\s?(?:--[\s+-]{0,3}|#|/\*)"
)
_TRUTH: Final = re.compile(
    rf"[^']{{0,3}}'\s?{_OPERATORS}\s?'[^']{{0,3}}|[^\"]{{0,2}}\"\s?(?:=|\|\||<>|!=)\s?\"[^\"]{{0,2}}"
)
_NUMBER_LEFT: Final = re.compile(
    r"[a-z0-9]{0,10}'\s?(?:or|and|\|\||&&|xor)\s?'\s?[0-9]{0,3}|[a-z0-9\"]{0,10}'\s?(?:or|\|\|)\s?'?1"
    r"|[\w ]{0,20}'\s?[-+*/|^&]{1,2}\s?\d+\s?[-+*/|^&]{1,2}\s?'\w{0,3}"
)
_JOINED: Final = re.compile(r"[\w ]{0,20}'\s?(?:\|\||&&)\s?'[\w ]{0,20}")

_PILED: Final = re.compile(r"[^'\"]{0,50}[^'\"\s]'{3,5}")
"""A word with a few quotes piled up at its end, and none before them: markup would open and close with them."""


def cut_hit(low: str) -> Sighting | None:
    """Judge a number with a condition that is always so, the rest of the query cut off: `1 or 1 --`."""
    if _CUT_NUMBER.fullmatch(low.strip()):
        return Sighting("sql.short.cut", 0.6, "a condition is joined on and a comment cuts the rest off")
    return None


def short_hit(low: str) -> Sighting | None:
    """Judge a text of at most MAX_LENGTH characters that hardly has a shape."""
    text = low.strip()
    if len(text) > MAX_LENGTH:
        return None
    if _NAMED.fullmatch(text) or _BARE_CUT.fullmatch(text):
        return Sighting("sql.short.cut", 0.6, "a quote closes the string and a comment cuts the rest off")
    if any(pattern.fullmatch(text) for pattern in (_TRUTH, _NUMBER_LEFT, _JOINED)):
        return Sighting("sql.short.operator", 0.6, "two quotes with an operator between them make a condition")
    if text.endswith("'''") and _PILED.fullmatch(text):
        return Sighting("sql.short.quotes", 0.6, "quotes piled up at the end try whether they end a string")
    return None
