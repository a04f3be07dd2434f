"""How settings name operations: `GET /orders/*`, `/admin/**`, `tag:staff`, or an operation id.

In a path, `*` stands for one segment or a part of one, `**` at the end for all that follows, and
`{id}` for a templated segment, whatever its name. A pattern and a template may fit for some requests
only (`/admin/**` and `/{section}/{page}`): then the path that is asked for decides, each time.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final

from apiward.core.api import Operation
from apiward.guard.templates import Pattern, segments_of

_PATH: Final = re.compile(r"(?:([A-Z]+|\*) )?(/\S*)")
_TAG: Final = "tag:"
_FORM: Final = "write it as 'GET /orders/*', '/admin/**', 'tag:staff' or an operation id"
_HOLE: Final = "{}"


class Cover(StrEnum):
    """Whether a selector speaks of an operation: for each request, for none, or as the path asked for says."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class PathForm:
    """A pattern for paths in three readings: of templates in all their requests, in some, and of plain paths."""

    always: re.Pattern[str]
    sometimes: re.Pattern[str]
    asked: re.Pattern[str]
    takes_rest: bool


@dataclass(frozen=True, slots=True)
class Selector:
    """One way to name operations. `form` is None for tags and operation ids."""

    text: str
    method: str = "*"
    form: PathForm | None = None

    def cover(self, operation: Operation) -> Cover:
        """Return whether the selector speaks of a described operation."""
        if self.form is None:
            return Cover.ALWAYS if self._names(operation) else Cover.NEVER
        if self.method not in ("*", operation.method.upper()):
            return Cover.NEVER
        template, has_rest = _flat(operation.base_path + operation.path)
        if has_rest and not (self.form.takes_rest and self.form.always.fullmatch(template)):
            return Cover.SOMETIMES
        if self.form.always.fullmatch(template):
            return Cover.ALWAYS
        return Cover.SOMETIMES if self.form.sometimes.fullmatch(template) else Cover.NEVER

    def fits(self, method: str, path: str) -> bool:
        """Return whether the selector speaks of a request by its method and its decoded path."""
        if self.form is None:
            return False
        asked = "GET" if method == "HEAD" else method
        return self.method in ("*", method, asked) and self.form.asked.fullmatch(path) is not None

    def _names(self, operation: Operation) -> bool:
        if self.text.startswith(_TAG):
            return self.text.removeprefix(_TAG) in operation.tags
        return operation.operation_id is not None and fnmatchcase(operation.operation_id, self.text)


def selector(text: str) -> Selector:
    """Return the selector that `text` writes. Raises ValueError, which says how one is written."""
    found = _PATH.fullmatch(text)
    if found:
        return Selector(text, found[1] or "*", _form(found[2]))
    if text == "*":
        return Selector(text, "*", _form("/**"))
    if not text.removeprefix(_TAG) or "/" in text or " " in text:
        raise ValueError(f"{text!r} names no operation; {_FORM}")
    return Selector(text)


def selectors(texts: Iterable[str], setting_name: str) -> tuple[Selector, ...]:
    """Return the selectors of one setting. Raises ValueError with its name."""
    try:
        return tuple(selector(text) for text in texts)
    except ValueError as error:
        raise ValueError(f"{setting_name}: {error}") from None


def cover_of(chosen: Iterable[Selector], operation: Operation) -> Cover:
    """Return whether any of the selectors speaks of the operation."""
    covers = {one.cover(operation) for one in chosen}
    if Cover.ALWAYS in covers:
        return Cover.ALWAYS
    return Cover.SOMETIMES if Cover.SOMETIMES in covers else Cover.NEVER


def any_fits(chosen: Iterable[Selector], method: str, path: str) -> bool:
    """Return whether any of the selectors speaks of the request."""
    return any(one.fits(method, path) for one in chosen)


@lru_cache(maxsize=4096)
def _flat(template: str) -> tuple[str, bool]:
    """Return a template with `{}` for each parameter, and whether one takes the rest of the path."""
    segments = segments_of(template)
    texts = [_HOLE.join(one.texts) if isinstance(one, Pattern) else one for one in segments]
    return "/".join(texts), any(isinstance(one, Pattern) and one.is_rest for one in segments)


def _form(path: str) -> PathForm:
    head, takes_rest = (path[:-3], True) if path.endswith("/**") else (path, False)
    if "**" in head:
        raise ValueError(f"{path!r}: ** stands at the end only, after a slash; {_FORM}")
    texts = ["", "", ""]
    for segment in head.split("/")[1:]:
        if segment.count("*") + len(re.findall(r"\{[^{}]*\}", segment)) > 1:
            raise ValueError(f"{path!r}: one * or one {{name}} in a segment is the most; {_FORM}")
        here = _segment(segment, r"\{\}")
        texts[0] += "/" + here
        texts[1] += rf"/(?:{here}|[^/]*\{{\}}[^/]*)"
        texts[2] += "/" + _segment(segment, "[^/]+")
    rest = "(?:/.*)?" if takes_rest else ""
    always, sometimes, asked = (re.compile(text + rest, re.DOTALL) for text in texts)
    return PathForm(always, sometimes, asked, takes_rest)


def _segment(text: str, hole: str) -> str:
    pieces = re.split(r"(\*|\{[^{}]*\})", text)
    wild = "[^/]+" if text == "*" else "[^/]*"
    return "".join(wild if piece == "*" else hole if piece.startswith("{") else re.escape(piece) for piece in pieces)
