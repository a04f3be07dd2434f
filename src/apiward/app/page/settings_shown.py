"""The page of settings: each value with its default and its effect. What may be a secret is only said to be set."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final
from urllib.parse import urlsplit

from apiward.app.page.changing import MODES, before_last_change, seen
from apiward.app.page.showing import shown
from apiward.app.page.source import PageSource
from apiward.config.typed import settings_of
from apiward.core.settings import HELP

_SECRET: Final = ("secret", "password", "token", "key", "address", "database", "headers", "credential")
"""A setting whose name holds one of these is shown only where it ends in one of _OPEN, or is empty."""
_OPEN: Final = ("_env", "_file", "_days", "_s", "_addresses", "key_file", "never_block")
_NOT_SECRET: Final = (bool, int, float, Enum)
HIDDEN: Final = "…"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting: its name as the file writes it, what it is and would be, and what it does."""

    name: str
    value: str
    default: str
    effect: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """The settings of one table."""

    name: str
    lines: tuple[SettingLine, ...]

    @property
    def changed(self) -> int:
        """How many are not the default."""
        return sum(line.is_changed for line in self.lines)


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One way in which the owner is told."""

    name: str
    kind: str
    since: str


@dataclass(frozen=True, slots=True)
class SettingsShown:
    """The page. `file` is empty where there is no settings file; `problem` says what is wrong with it."""

    file: str
    problem: str
    groups: tuple[SettingGroup, ...]
    channels: tuple[ChannelLine, ...]
    is_autopilot_on: bool
    mode: str
    modes: tuple[str, ...]
    seen: str
    can_be_undone: bool


def settings_shown(source: PageSource) -> SettingsShown:
    """Return the page."""
    found = source.settings()
    tables: Mapping[str, object] = {
        "guard": found.guard, "watch": found.watch, "notify": found.notify, "business": found.business,
        "page": found.page,
    }  # fmt: skip
    groups = [group for name, table in tables.items() for group in _groups(name, table)]
    return SettingsShown(
        str(file) if (file := source.place.file) is not None and file.exists() else "",
        shown(found.problem),
        tuple(group for group in groups if group.lines),
        tuple(ChannelLine(one.name, str(one.kind), one.since) for one in found.notify.channels),
        found.guard.autopilot.enabled,
        found.guard.mode.value,
        tuple(one.value for one in MODES if one is not found.guard.mode),
        "" if found.problem else seen(source),
        not found.problem and before_last_change(source) is not None,
    )


def _groups(name: str, table: Any) -> Iterator[SettingGroup]:  # noqa: ANN401 - any dataclass of settings
    """Yield the group of a table, then those of the tables within."""
    inner = []
    lines = []
    for key, (field, _) in settings_of(type(table)).items():
        value = getattr(table, key)
        if dataclasses.is_dataclass(value):
            inner.append((f"{name}.{key}", value))
        else:
            lines.append(_line(key, field, value))
    yield SettingGroup(name, tuple(lines))
    for inner_name, value in inner:
        yield from _groups(inner_name, value)


def _line(key: str, field: "dataclasses.Field[Any]", value: object) -> SettingLine:
    default = field.default if field.default is not dataclasses.MISSING else _made(field)
    return SettingLine(
        key, _value(key, value), _value(key, default), str(field.metadata.get(HELP, "")), bool(value != default)
    )


def _made(field: "dataclasses.Field[Any]") -> object:
    return field.default_factory() if field.default_factory is not dataclasses.MISSING else ""


def _value(key: str, value: object) -> str:
    """Return a value in words: tables by their number, what may be a secret not at all."""
    if value is None or value in ("", (), {}):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if not isinstance(value, _NOT_SECRET) and _is_secret(key):
        return HIDDEN
    if isinstance(value, Mapping):
        return shown(", ".join(f"{name} = {HIDDEN if _is_secret(str(name)) else one}" for name, one in value.items()))
    if isinstance(value, tuple | list):
        if any(dataclasses.is_dataclass(one) for one in value):
            return f"{len(value)} tables" if len(value) != 1 else "1 table"
        return ", ".join(_text(str(getattr(one, "value", one))) for one in value)
    return _text(str(value))


def _text(text: str) -> str:
    """Return a text; of an address, neither a log-in nor a query."""
    if "://" in text:
        parts = urlsplit(text)
        return shown(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}")
    return shown(text)


def _is_secret(key: str) -> bool:
    return any(word in key.lower() for word in _SECRET) and not key.endswith(_OPEN)
