"""Formats and patterns as linear expressions.

Formats are taken widely: what web frameworks accept passes, but nothing that could hold a text of
another kind. An empty text passes, as forms send it for "nothing".
"""

from functools import lru_cache
from typing import Final

from jsonschema_rs import Draft202012Validator, RegexOptions

PATTERN_OPTIONS: Final = RegexOptions(size_limit=2_000_000, dfa_size_limit=2_000_000)
_TIME: Final = r"^[0-9TtZzWwAaPpMm:+\-. ,/]{0,40}$"
FORMATS: Final = {
    "date-time": _TIME,
    "date": _TIME,
    "time": _TIME,
    "uuid": r"^(?:urn:uuid:)?[{]?[0-9a-fA-F-]{0,36}[}]?$",
    "email": r"^(?:[^\s@<>]{1,100}@[^\s@<>]{1,253})?$",
    "ipv4": r"^[0-9./]{0,18}$",
    "ipv6": r"^[0-9a-fA-F:.%/]{0,49}$",
    "byte": r"^[A-Za-z0-9+/=_\s-]*$",
}
WHOLE_BOUNDS: Final = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


@lru_cache(maxsize=10_000)
def is_usable(pattern: str) -> bool:
    """Return whether a pattern of a description can be run in linear time; if not it is left out."""
    try:
        Draft202012Validator({"pattern": pattern}, pattern_options=PATTERN_OPTIONS)
    except ValueError:
        return False
    return True
