"""What a stage judges one operation by, as a digest: where it changes, evidence from before says nothing any more."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Final

from apiward.core.api import Operation
from apiward.core.schema import Schema
from apiward.guard.stage import StageName

_BOUNDS: Final = ("pattern", "minimum", "maximum", "min_length", "max_length", "min_items", "max_items")


def outline(operation: Operation, off: Iterable[StageName], settings: Iterable[object]) -> str:
    """Return the digest of an operation, of which stages are off there, and of the settings of those that judge."""
    parts = [
        operation.key,
        *sorted(
            f"{one.place.value} {one.name} {one.is_required} {_schema(one.schema)}" for one in operation.parameters
        ),
        *sorted(f"{one.media_type} {one.is_required} {_schema(one.schema)}" for one in operation.bodies),
        _plain(operation.security),
        " ".join(sorted(name.value for name in off)),
        *map(_plain, settings),
    ]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _schema(schema: Schema) -> str:
    """Return a schema as far as it refuses; bounded as `Schema.fields` is."""
    shown = [f"{sorted(schema.required)} {sorted(schema.properties)} {schema.is_open}"]
    for pointer, one in schema.fields():
        bounds = [repr(getattr(one, name)) for name in _BOUNDS]
        shown.append(f"{pointer} {one.types} {one.format} {one.enum!r} {one.is_nullable} {one.is_read_only} {bounds}")
    return "\n".join(shown)


def _plain(value: object) -> str:
    """Return a value in words that are the same in every process: sets of texts have no order of their own."""
    if is_dataclass(value) and not isinstance(value, type):
        return "(" + ", ".join(f"{one.name}={_plain(getattr(value, one.name))}" for one in fields(value)) + ")"
    if isinstance(value, frozenset | set):
        return "{" + ", ".join(sorted(map(_plain, value))) + "}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(sorted(f"{_plain(key)}: {_plain(one)}" for key, one in value.items())) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return repr(value)
