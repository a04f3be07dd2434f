"""YAML text to plain values with their lines, event by event: nothing is built that the text does not show.

Scalars follow the core schema of YAML 1.2: `yes` and `2026-01-01` are text. Aliases are refused, as a small file of
them can unfold into billions of values.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from apiward.core.jsonvalue import Json, Pointer
from apiward.watch.sigma.errors import SigmaError

MAX_CHARS: Final = 262_144
MAX_DEPTH: Final = 24
MAX_NODES: Final = 20_000
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]{1,20}|[0-9]{1,18}\.[0-9]{0,20})([eE][-+]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: its value, and the line at which each part of it begins."""

    value: Json
    lines: Mapping[Pointer, int]
    file: str = ""

    def line(self, pointer: Pointer) -> int:
        """Return the line of a part, or of the nearest part around it."""
        while pointer and pointer not in self.lines:
            pointer = pointer[:-1]
        return self.lines.get(pointer, 1)

    def error(self, pointer: Pointer, what: str, advice: str = "") -> SigmaError:
        """Return the error that a part is no good."""
        return SigmaError(what, advice, file=self.file, line=self.line(pointer))


def documents(text: str, file: str = "") -> Iterator[Document]:
    """Yield the documents of `text`. Raises SigmaError."""
    if len(text) > MAX_CHARS:
        raise SigmaError(f"This is larger than {MAX_CHARS // 1024} KB.", "Split it into several files.", file=file)
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                builder = _Builder(file)
            elif isinstance(event, yaml.DocumentEndEvent):
                yield Document(builder.root, builder.lines, file)
            else:
                builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 0
        problem = str(getattr(error, "problem", "") or "it cannot be read")
        raise SigmaError(
            f"This is no YAML: {problem[:100]}.", "Check the spaces before it.", file=file, line=line
        ) from None


@dataclass(slots=True)
class _Frame:
    made: dict[str, Json] | list[Json]
    key: str | None = None

    @property
    def wants_key(self) -> bool:
        return isinstance(self.made, dict) and self.key is None

    @property
    def step(self) -> str | int:
        return len(self.made) if isinstance(self.made, list) else self.key or ""


@dataclass(slots=True)
class _Builder:
    """Makes a tree of parser events, without recursion."""

    file: str
    root: Json = None
    lines: dict[Pointer, int] = field(default_factory=dict)
    _frames: list[_Frame] = field(default_factory=list)
    _nodes: int = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._error(line, f"There are more than {MAX_NODES:,} values.", "Split it into several files.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._error(line, "Anchors and aliases (& and *) are not read.", "Write the value out.")
        if isinstance(event, yaml.CollectionStartEvent):
            self._open(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._place(self._frames.pop().made)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)

    def _open(self, event: yaml.CollectionStartEvent, line: int) -> None:
        if len(self._frames) >= MAX_DEPTH:
            raise self._error(line, f"This is nested more than {MAX_DEPTH} deep.", "No rule needs that.")
        if self._frames and self._frames[-1].wants_key:
            raise self._error(line, "A list or a table cannot be a name.", "Write a text before the colon.")
        self.lines.setdefault(self._pointer(), line)
        self._frames.append(_Frame({} if isinstance(event, yaml.MappingStartEvent) else []))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.wants_key:
            frame.key = event.value
            if frame.key in frame.made:
                raise self._error(
                    line, f"The name {event.value[:60]!r} stands twice here.", "Only one of them would count."
                )
            self.lines[self._pointer()] = line
            return
        self.lines.setdefault(self._pointer(), line)
        self._place(_plain(event.value) if event.implicit[0] else event.value)

    def _place(self, value: Json) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is None:
            self.root = value
        elif isinstance(frame.made, list):
            frame.made.append(value)
        else:
            frame.made[frame.key or ""] = value
            frame.key = None

    def _pointer(self) -> Pointer:
        return tuple(frame.step for frame in self._frames)

    def _error(self, line: int, what: str, advice: str) -> SigmaError:
        return SigmaError(what, advice, file=self.file, line=line)


def _plain(text: str) -> Json:
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
