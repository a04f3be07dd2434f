"""A clue: something that tells of an operation, before anybody has looked whether it is there."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from apiward.core.jsonvalue import NOT_JSON, Json, NotJson

MAX_TARGET: Final = 300
MAX_PARTS: Final = 12
_IN_TEMPLATE: Final = re.compile(r"\$\{[^{}]*\}|\{\{[^{}]*\}\}|\{[^{}]*\}|<[^<>]*>")
_COLON: Final = re.compile(r"(?<=/):[A-Za-z_]\w*\??")
_ODD: Final = re.compile(r"[\x00-\x20\"'`<>\\^|]")


@dataclass(frozen=True, slots=True)
class Clue:
    """What a page, a script or an answer tells. `target` is as written, but that `{}` stands for each value.

    `method` is empty where none is told. `is_based` says that the target begins after an address that only the
    program knows. `body` is an example of what is sent, its texts empty.
    """

    target: str
    method: str = ""
    query: tuple[str, ...] = ()
    body_type: str = ""
    body: Json | NotJson = field(default=NOT_JSON, repr=False)
    is_based: bool = False


def plain_target(text: str) -> tuple[str, bool]:
    """Return a written target with `{}` for each value, and whether it begins with an address that is not told."""
    target = _COLON.sub("{}", _IN_TEMPLATE.sub("{}", text.strip()))
    is_based = target.startswith("{}")
    while target.startswith("{}"):
        target = target[2:]
    return target, is_based


def path_of(target: str, base: str) -> str | None:
    """Return the decoded path that a target means on the page `base`, or None where it is none of that server."""
    if not target or len(target) > MAX_TARGET or target.startswith(("#", "{}")):
        return None
    try:
        parts = urlsplit(urljoin(base, target))
        own = urlsplit(base)
        is_same = (parts.scheme, parts.hostname, _port(parts)) == (own.scheme, own.hostname, _port(own))
    except ValueError:
        return None
    path = unquote(parts.path) or "/"
    if not is_same or _ODD.search(path) or path.count("/") > MAX_PARTS or "//" in path or "@" in parts.netloc:
        return None
    return path


def _port(parts: object) -> int | None:
    port = getattr(parts, "port", None)
    return port or {"http": 80, "https": 443}.get(getattr(parts, "scheme", ""))
