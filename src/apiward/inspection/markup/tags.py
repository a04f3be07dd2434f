"""Tags and their attributes as a lenient browser sees them; bounded in number and length."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MAX_TAGS: Final = 60
MAX_ATTRIBUTES: Final = 30
MAX_TAG_TEXT: Final = 2_000

_OPEN: Final = re.compile(r"<[\s+\x00]{0,4}([a-z!?%][a-z0-9:_-]{0,40})")
_ATTRIBUTE: Final = re.compile(
    r"[\s/+\x00\"'`]*+(?P<name>[^\s=>/\"'`\x00][^\s=>/\x00]{0,60})"
    r"(?:[\s+\x00]{0,8}=[\s+\x00]{0,8}(?P<value>\"[^\"]*+\"?|'[^']*+'?|`[^`]*+`?|[^\s>]*+))?"
)


@dataclass(frozen=True, slots=True)
class Tag:
    """One opening tag: its name, its attributes, and where it begins and ends in the text."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    start: int
    end: int


def tags_of(low: str) -> Iterator[Tag]:
    """Yield the opening tags of lower-cased text. Linear: each character is read once or twice."""
    for number, match in enumerate(_OPEN.finditer(low)):
        if number >= MAX_TAGS:
            return
        end = _end_of(low, match.end())
        yield Tag(match[1], tuple(_attributes(low[match.end() : end])), match.start(), end)


def _end_of(low: str, start: int) -> int:
    """Return where the tag that has begun ends: at `>` outside quotes, or where no quote ever closes, at any `>`."""
    end = low.find(">", start, start + MAX_TAG_TEXT)
    stop = min(len(low), start + MAX_TAG_TEXT)
    if end < 0:
        return stop
    inside = low[start:end]
    if inside.count('"') % 2 or inside.count("'") % 2:
        mark = '"' if inside.count('"') % 2 else "'"
        closing = low.find(mark, end, stop)
        after = low.find(">", closing, stop) if closing >= 0 else -1
        return after if after >= 0 else end
    return end


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    for number, match in enumerate(_ATTRIBUTE.finditer(text)):
        if number >= MAX_ATTRIBUTES:
            return
        yield match["name"], (match["value"] or "").strip("\"'`")
