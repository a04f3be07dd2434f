"""Path templates as segments: `/orders/{id}:cancel` is the text `orders`, then `{id}` before `:cancel`."""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import unquote

_PARAMETER: Final = re.compile(r"\{([^{}/]*)\}")
_SWALLOWS: Final = ("+", "*", "...", ":path")
"""How frameworks mark a parameter that takes all the rest of the path, slashes too."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A segment with parameters. `texts` stand before, between and after them: one more than `names`."""

    texts: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether one parameter fills the segment."""
        return self.texts == ("", "")

    @property
    def is_rest(self) -> bool:
        """Whether the parameter takes all the rest of the path."""
        return self.is_whole and self.names[0].endswith(_SWALLOWS)

    def values(self, segment: str) -> tuple[str, ...] | None:
        """Return the values in `segment`, or None where it does not fit. Linear; no value is empty."""
        first, *between, last = self.texts
        if not segment.startswith(first) or not segment.endswith(last):
            return None
        at, end = len(first), len(segment) - len(last)
        found: list[str] = []
        for text in between:
            cut = segment.find(text, at + 1, end) if text else at + 1
            if cut < 0:
                return None
            found.append(segment[at:cut])
            at = cut + len(text)
        if at >= end:
            return None
        return (*found, segment[at:end])


Segment: TypeAlias = str | Pattern


def segments_of(template: str) -> tuple[Segment, ...]:
    """Return the segments of a path template; the first is the empty text before the leading slash."""
    path = template.partition("?")[0].partition("#")[0]
    return tuple(_segment(text) for text in path.split("/"))


def names_in(template: str) -> tuple[str, ...]:
    """Return the names of the parameters of a path template, from left to right."""
    return tuple(
        name.rstrip("+*.").removesuffix(":path")
        for segment in segments_of(template)
        if isinstance(segment, Pattern)
        for name in segment.names
    )


def _segment(text: str) -> Segment:
    pieces = _PARAMETER.split(text)
    if len(pieces) == 1:
        return unquote(text)
    return Pattern(tuple(unquote(piece) for piece in pieces[::2]), tuple(pieces[1::2]))
