"""A clue: something that tells of an operation, before anybody has looked whether it is there."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.spec.origins import origin_of

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
        address = urljoin(base, target)
        parts = urlsplit(address)
    except ValueError:
        return None
    path = unquote(parts.path) or "/"
    if origin_of(address) != origin_of(base) or "@" in parts.netloc:
        return None
    is_odd = _ODD.search(path) is not None or path.count("/") > MAX_PARTS or "//" in path
    return None if is_odd else path
