"""Finds a check by what a person types."""

from difflib import SequenceMatcher
from typing import Final

from apiward.catalogue.entries import CheckEntry
from apiward.catalogue.loading import load_catalogue

_NEAR: Final = 0.6
"""The likeness from which on a suggestion helps; `difflib.get_close_matches` uses the same."""


def find_check(text: str) -> CheckEntry | None:
    """Return the check whose code or name is `text`, whatever its case, spaces or underscores."""
    wanted = _folded(text)
    checks = load_catalogue().checks.values()
    return next((entry for entry in checks if wanted in {_folded(entry.code), entry.name}), None)


def nearest(text: str, *, count: int = 3) -> tuple[str, ...]:
    """Return up to `count` codes or names that look like `text`, the nearest first; each check once."""
    wanted = _folded(text)
    checks = load_catalogue().checks.values()
    likest = [max((_likeness(wanted, shown), shown) for shown in (entry.code, entry.name)) for entry in checks]
    # The sort is stable: of two that are equally near, the catalogue's order decides.
    close = sorted((near for near in likest if near[0] >= _NEAR), key=lambda near: -near[0])
    return tuple(shown for _, shown in close[:count])


def _likeness(wanted: str, shown: str) -> float:
    return SequenceMatcher(a=wanted, b=_folded(shown), autojunk=False).ratio()


def _folded(text: str) -> str:
    return "-".join(text.casefold().replace("_", " ").split())
