"""Path templates without a description: what answered well, with the parts that look like values left out.

Only what answered well is remembered. So somebody who tries thousands of paths that are not there fills up nothing.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from apiward.spec.learning.tree import MOST_FIXED, ending_of

MOST_KNOWN: Final = 5_000
"""Operations that are remembered; of further ones only the first part of the path counts."""
_DEEPEST: Final = 12
_VALUE: Final = "{id}"
_NONE: Final = frozenset[str]()


class PathTemplates:
    """Learns operations from a log. `known` is what `state` gave earlier."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self.known: set[str] = set()
        self._below: dict[str, set[str]] = {}
        for key in known:
            self.add(key)

    def key_of(self, method: str, path: str) -> tuple[str, str]:
        """Return the operation that a request would belong to, and the last part of its path that is a value."""
        parts = path.split("/")[1:]
        way, value = "", ""
        for at, part in enumerate(parts[:_DEEPEST]):
            beside = self._below.get(way, _NONE)
            ending = None if part in beside or not part else _ending(part)
            if ending is not None:
                way, value = f"{way}/{_VALUE}{ending}", part.removesuffix(ending)
            elif len(beside) >= MOST_FIXED and at > 0 and part not in beside:
                way, value = f"{way}/{_VALUE}", part
            else:
                way = f"{way}/{part}"
        if len(parts) > _DEEPEST:
            way += "/…"
        key = f"{_told(method)} {way or '/'}"
        if key not in self.known and len(self.known) >= MOST_KNOWN:
            key = f"{_told(method)} /{parts[0] if parts[0] in self._below.get('', ()) else _VALUE}/…"
        return key, value

    def add(self, key: str) -> None:
        """Remember an operation, as it has answered well."""
        if key in self.known or len(self.known) >= MOST_KNOWN:
            return
        self.known.add(key)
        way = ""
        for part in key.partition(" ")[2].split("/")[1:]:
            if not part.startswith(_VALUE):
                self._below.setdefault(way, set()).add(part)
            way = f"{way}/{part}"

    def __contains__(self, key: str) -> bool:
        return key in self.known or key.endswith("/…")

    def state(self) -> list[str]:
        """Return what is known, for a later start."""
        return sorted(self.known)


def _ending(part: str) -> str | None:
    """Return what follows a value (`.json`), or None for a word. Plain numbers and known words are told at once."""
    return "" if part.isdecimal() and part.isascii() and len(part) <= 20 else _looked_at(part)


_looked_at = lru_cache(maxsize=8_192)(ending_of)


def _told(method: str) -> str:
    return "GET" if method == "HEAD" else method
