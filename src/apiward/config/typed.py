"""Reads a TOML table into a dataclass of settings by its type hints; every slip is told, none stops the reading."""

import types
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from apiward.config.errors import meant, nearest, shown
from apiward.core.settings import LEAST, MOST

_T = TypeVar("_T")

Hint: TypeAlias = Any
"""A type as `get_type_hints` gives it: a class, or a form such as `tuple[str, ...]`, which has no class of its own."""
_SECRET_WORDS = ("secret", "password", "token", "key")


class _SlipError(Exception):
    """One value that cannot be used: what it must be."""


def read_settings(kind: type[_T], table: Mapping[str, object], where: str, problems: list[str]) -> _T:
    """Return the settings of `table`, with defaults for what is wrong or missing.

    Each slip adds one sentence to `problems`, which begins with its place ("guard.flood.window_s:")
    and never shows what looks like a secret.
    """
    known = settings_of(kind)
    values: dict[str, object] = {}
    for key, value in table.items():
        place = f"{where}.{key}" if where else key
        if key not in known:
            problems.append(f"{where}.{ascii(key[:60])[1:-1]}: unknown key. {nearest(key, tuple(known))}")
            continue
        field, hint = known[key]
        try:
            values[key] = _value(hint, value, place, problems)
            _check_bounds(field, values[key])
        except _SlipError as slip:
            values.pop(key, None)
            said = "what stands there" if any(word in key for word in _SECRET_WORDS) else shown(value)
            problems.append(f"{place}: must be {slip}, not {said}.{meant(value, _words_of(hint))}")
    return _built(kind, values, where, problems)


def settings_of(kind: type) -> dict[str, tuple["Field[Any]", Any]]:
    """Return the fields of a dataclass of settings with their types, by name in their order."""
    hints = get_type_hints(kind)
    return {field.name: (field, hints[field.name]) for field in fields(kind) if field.init}


def says(hint: Hint) -> str:
    """Return what a value of the type `hint` must be, as people say it."""
    simple = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    if hint in simple:
        return simple[hint]
    origin, inner = _form(hint)
    if origin in (types.UnionType, Union):
        return " or ".join(says(part) for part in inner if part is not type(None))
    if origin is tuple:
        return "tables" if is_dataclass(inner[0]) else f"a list, each {says(inner[0])}"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"one of {', '.join(str(one.value) for one in hint)}"
    return "a table"


def _words_of(hint: Hint) -> tuple[object, ...]:
    """Return the words that a value may be, also where it may be missing; none for other types."""
    kinds = [kind for kind in (hint, *_form(hint)[1]) if isinstance(kind, type) and issubclass(kind, Enum)]
    return tuple(one.value for kind in kinds for one in kind)


def _form(hint: Hint) -> tuple[Hint, tuple[Hint, ...]]:
    """Return what a form is made of: `tuple[str, ...]` gives tuple and its inner types; a class gives None."""
    return get_origin(hint), get_args(hint)


def _built(kind: type[_T], values: Mapping[str, object], where: str, problems: list[str]) -> _T:
    try:
        return kind(**values)
    except ValueError as error:
        problems.append(f"{where}.{error}." if where else f"{error}.")
    try:
        return kind()
    except ValueError:  # a table whose defaults alone say nothing, such as an exception without a path
        return object.__new__(kind)


def _value(hint: Hint, value: object, place: str, problems: list[str]) -> object:
    origin, inner = _form(hint)
    if origin in (types.UnionType, Union):
        return _value(next(part for part in inner if part is not type(None)), value, place, problems)
    if is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, Mapping):
            raise _SlipError("a table")
        return read_settings(hint, value, place, problems)
    if origin is tuple or origin is frozenset:
        return _many(origin, inner[0], value, place, problems)
    if origin is not None and issubclass(origin, Mapping):
        return _table(hint, inner[1], value, place, problems)
    return _scalar(hint, value)


def _many(origin: type, inner: Hint, value: object, place: str, problems: list[str]) -> object:
    if not isinstance(value, list):
        raise _SlipError(
            f"tables, each begun with [[{place}]]" if is_dataclass(inner) else f"a list, each {says(inner)}"
        )
    try:
        found = [_value(inner, one, f"{place}[{number}]", problems) for number, one in enumerate(value, 1)]
    except _SlipError as slip:
        raise _SlipError(f"a list, each {slip}") from None
    return origin(found)


def _table(hint: Hint, inner: Hint, value: object, place: str, problems: list[str]) -> object:
    if not isinstance(value, Mapping):
        raise _SlipError(says(hint))
    try:
        return {str(key): _value(inner, one, f"{place}.{key}", problems) for key, one in value.items()}
    except _SlipError as slip:
        raise _SlipError(f"a table in which each value is {slip}") from None


def _scalar(hint: Hint, value: object) -> object:
    if isinstance(hint, type) and issubclass(hint, Enum):
        words = {one.value: one for one in hint}
        if not isinstance(value, str | int) or value not in words:
            raise _SlipError(says(hint))
        return words[value]
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise _SlipError(says(hint))
    return value


def _check_bounds(field: "Field[Any]", value: object) -> None:
    least, most = field.metadata.get(LEAST), field.metadata.get(MOST)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    if (least is not None and value < least) or (most is not None and value > most):
        if most is None:
            raise _SlipError(f"at least {least}")
        raise _SlipError(f"at most {most}" if least is None else f"from {least} to {most}")
