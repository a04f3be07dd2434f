"""YAML text to a plain tree, event by event: no tags, no dates, no explosions.

Scalars follow the JSON schema of YAML 1.2 (OpenAPI asks for it): `yes` and `2020-01-01` are text.
Keys are always text, as written. Aliases share what they repeat and are counted as if they did not.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from apiward.core.jsonvalue import Json, Pointer
from apiward.spec.document import Journal

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG: Final = "tag:yaml.org,2002:"
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,300}")
_HEX: Final = re.compile(r"0x[0-9a-fA-F]{1,200}|0o[0-7]{1,200}")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]{1,300}|[0-9]{1,300}(\.[0-9]{0,300})?)([eE][-+]?[0-9]{1,5})?")
_MAX_SKIPPED: Final = 2_000
_EVENTS_PER_LOOK: Final = 2_000


class OutOfTime(Exception):  # noqa: N818 - it says what happened
    """The time for reading is over before the text was."""


def parse_yaml_text(text: str, journal: Journal) -> Json:
    """Return the tree of the first document in `text`. Raises yaml.YAMLError, OutOfTime."""
    builder = _Builder(journal)
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        if count % _EVENTS_PER_LOOK == 0 and journal.is_late():
            raise OutOfTime
        if isinstance(event, yaml.DocumentStartEvent) and builder.is_done:
            journal.note((), "There is more than one YAML document here; only the first was read.")
            break
        builder.take(event)
    return builder.root


@dataclass(slots=True)
class _Frame:
    """One collection that is still open. `size` counts its values with aliases unfolded."""

    made: dict[str, Json] | list[Json]
    anchor: str | None
    size: int = 1
    key: str | None = None
    drops_value: bool = False
    merged: list[Json] = field(default_factory=list)

    @property
    def wants_key(self) -> bool:
        return isinstance(self.made, dict) and self.key is None

    @property
    def step(self) -> str | int:
        return len(self.made) if isinstance(self.made, list) else self.key or ""


class _Builder:
    """Makes a tree of parser events, without recursion."""

    def __init__(self, journal: Journal) -> None:
        self.root: Json = None
        self.is_done = False
        self._journal = journal
        self._frames: list[_Frame] = []
        self._anchors: dict[str, tuple[Json, int]] = {}
        self._skipping = 0
        self._unfolded = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif self._skipping:
            return
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor or "")

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if self._skipping:
            self._skipping += 1
            if self._skipping > _MAX_SKIPPED:
                # libyaml takes quadratic time in nested brackets: leave early
                raise yaml.YAMLError
        elif self._frames and self._frames[-1].wants_key:
            self._note("A list or an object cannot be a name here; it was left out with its value.")
            self._skipping = 1
        elif len(self._frames) >= self._journal.limits.max_depth:
            self._note("This is nested too deeply; what is below was left out.")
            self._skipping = 1
        else:
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            self._frames.append(_Frame({} if is_mapping else [], event.anchor))

    def _close(self) -> None:
        if self._skipping:
            self._skipping -= 1
            if not self._skipping:
                self._skipped()
            return
        frame = self._frames.pop()
        if isinstance(frame.made, dict):
            for members in frame.merged:
                frame.made = {**members, **frame.made} if isinstance(members, dict) else frame.made
        self._place(frame.made, frame.size, frame.anchor)

    def _skipped(self) -> None:
        frame = self._frames[-1]
        if frame.wants_key:
            frame.key, frame.drops_value = "", True
        else:
            self._place(None, 1, None)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if self._frames and self._frames[-1].wants_key:
            self._frames[-1].key = event.value
            if event.anchor:
                self._anchors[event.anchor] = (event.value, 1)
            return
        self._place(_scalar_value(event), 1, event.anchor)

    def _alias(self, anchor: str) -> None:
        value, size = self._anchors.get(anchor, (None, 1))
        if anchor not in self._anchors:
            self._note(f"The alias *{anchor} stands for itself or for nothing.")
        if self._frames and self._frames[-1].wants_key:
            self._frames[-1].key = str(value)
            return
        self._unfolded += size
        if self._unfolded > self._journal.limits.max_unfolded:
            self._note("Aliases repeat too much here; this one was left out.")
            self._unfolded -= size
            value, size = None, 1
        self._place(value, size, None)

    def _place(self, value: Json, size: int, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = (value, size)
        if not self._frames:
            self.root, self.is_done = value, True
            return
        frame = self._frames[-1]
        frame.size += size
        if isinstance(frame.made, list):
            frame.made.append(value)
        else:
            self._member(frame, frame.made, value)

    def _member(self, frame: _Frame, made: dict[str, Json], value: Json) -> None:
        key = frame.key or ""
        if key == "<<" and isinstance(value, dict | list):
            frame.merged.extend(value if isinstance(value, list) else [value])
        elif not frame.drops_value:
            if key in made:
                self._note("This name stands twice; the last one counts.")
            made[key] = value
        frame.key, frame.drops_value = None, False

    def _note(self, message: str) -> None:
        self._journal.note(self._pointer(), message)

    def _pointer(self) -> Pointer:
        steps = tuple(frame.step for frame in self._frames)
        return steps[:-1] if self._frames and self._frames[-1].wants_key else steps


def _scalar_value(event: yaml.ScalarEvent) -> Json:
    text: str = event.value
    if event.tag in (None, "!") or not event.tag.startswith(_TAG):
        return _plain(text) if event.implicit[0] else text
    return text if event.tag == f"{_TAG}str" else _plain(text)


def _plain(text: str) -> Json:
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[:1] not in "+-.0123456789":
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    if _HEX.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text
