"""How a value differs from the schema that describes it: types, properties missing or too many."""

from collections.abc import Iterator
from typing import Final

from apiward.classify.names import kinds_of_name
from apiward.core.jsonvalue import Json, Pointer, dotted
from apiward.core.schema import Schema
from apiward.spec.meaning import naming

MAX_ITEMS: Final = 20
MAX_DEPTH: Final = 6
MAX_SAID: Final = 5


def differences(schema: Schema, value: Json) -> list[str]:
    """Return in words how `value` differs from `schema`, at most `MAX_SAID`, outermost first."""
    found: list[str] = []
    for text in _differences(schema, value, ()):
        if text not in found:
            found.append(text)
        if len(found) >= MAX_SAID:
            break
    return found


def kind_of(value: Json) -> str:
    """Return the JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _differences(schema: Schema, value: Json, at: Pointer) -> Iterator[str]:
    if schema.is_recursive or len(at) > MAX_DEPTH:
        return
    if not _may_be(schema, value):
        yield f"{dotted(at) or 'the answer'} is {_a(kind_of(value))}, described as {' or '.join(schema.types)}"
    elif isinstance(value, dict) and not schema.variants:
        yield from _in_object(schema, value, at)
    elif isinstance(value, list) and schema.items is not None:
        for item in value[:MAX_ITEMS]:
            yield from _differences(schema.items, item, (*at, 0))


def _in_object(schema: Schema, value: dict[str, Json], at: Pointer) -> Iterator[str]:
    for name in sorted(schema.required - value.keys()):
        if not (name in schema.properties and schema.properties[name].is_write_only):
            yield f"{dotted((*at, name))} is missing, described as always there"
    for name, child in value.items():
        if name in schema.properties:
            yield from _differences(schema.properties[name], child, (*at, name))
        elif any(name in one.properties for one in schema.subtypes):
            continue
        elif schema.properties and (not schema.is_open or _is_delicate(name)):
            yield f"{dotted((*at, name))} is there, but not described"


def _is_delicate(name: str) -> bool:
    kinds = kinds_of_name(name)
    return any(kind.is_secret or kind.is_payment for kind in kinds) or (
        naming.is_privileged_name(name) and naming.plain(name) not in ("status", "level", "plan", "tier", "active")
    )


def _may_be(schema: Schema, value: Json) -> bool:
    if not schema.types or schema.variants or (value is None and schema.is_nullable):
        return True
    kind = kind_of(value)
    return kind in schema.types or (kind == "integer" and "number" in schema.types)


def _a(kind: str) -> str:
    return kind if kind == "null" else f"an {kind}" if kind[0] in "aio" else f"a {kind}"
