"""Whether an answer shows that something is there: always beside the answer to a name that nobody has."""

import re
from dataclasses import dataclass
from typing import Final

from apiward.core.exchange import Response
from apiward.core.jsonvalue import NotJson, walk
from apiward.spec.discovery.words import NOWHERE

MAX_LOOKED: Final = 20_000
_METHODS: Final = re.compile(r"[A-Z]{3,10}")
_KNOWN: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_ABSENT: Final = frozenset({404, 410, 501})
_DOUBTFUL: Final = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Look:
    """What an answer looks like, without what changes from path to path."""

    status: int
    media_type: str
    names: frozenset[str]
    size: int
    target: str = ""


def look(response: Response, path: str) -> Look:
    """Return what an answer looks like."""
    value = response.json() if len(response.body) < MAX_LOOKED else NotJson.NOT_JSON
    names: frozenset[str] = frozenset()
    if not isinstance(value, NotJson):
        names = frozenset(str(pointer[-1]) for pointer, _ in walk(value) if pointer and isinstance(pointer[-1], str))
    text = response.text.replace(path, "").replace(path.rpartition("/")[2] or "\x00", "")
    target = (response.header("location") or "").replace(path, "").partition("?")[0]
    return Look(response.status, response.media_type, names, len(text), target)


def is_there(shown: Look, control: Look) -> bool:
    """Whether an answer shows that its path is served, as the answer to a made-up name beside it was another one."""
    if shown.status >= 500 or shown.status in _DOUBTFUL:
        return False
    if shown.status in _ABSENT:
        # an API says in its own words that one thing is missing, and its framework says that a path is
        return shown.status == 404 == control.status and bool(shown.names) and shown.names != control.names
    if 300 <= shown.status < 400:
        return control.status in _ABSENT or (control.status, control.target) != (shown.status, shown.target)
    if shown.status != control.status:
        return True
    return 200 <= shown.status < 300 and not _is_alike(shown, control)


def _is_alike(one: Look, other: Look) -> bool:
    if one.media_type != other.media_type or one.names != other.names:
        return False
    return bool(one.names) or abs(one.size - other.size) <= max(one.size, other.size) // 10 + 16


def allowed(response: Response) -> frozenset[str]:
    """Return the methods that an `Allow` header names (RFC 9110, section 10.2.1)."""
    said = ",".join(response.all_headers("allow"))[:500].upper()
    return frozenset(name for name in _METHODS.findall(said) if name in _KNOWN)


def beside(path: str, *, is_value: bool = False) -> str:
    """Return a path near `path` that nobody serves: beside it, or below a value where `path` ends with one."""
    parent = path.rstrip("/").rpartition("/")[0]
    return f"{parent}/{NOWHERE}/{NOWHERE}" if is_value else f"{parent}/{NOWHERE}"
