"""Two schemas that hold together (`allOf`, or keywords beside a `$ref`) as one."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeVar

from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema

_MAX_DEPTH: Final = 1
_MAX_BELOW: Final = 100
_Number = TypeVar("_Number", int, float)


def merged(first: Schema, second: Schema, *, depth: int = 0) -> Schema:
    """Return a schema for values that fit both; where they disagree, `second` has the last word."""
    if first is second or depth > _MAX_DEPTH:
        return second
    return replace(
        second,
        types=_types(first.types, second.types),
        name=second.name or first.name,
        format=second.format or first.format,
        description=second.description or first.description,
        properties=_properties(first.properties, second.properties, depth),
        required=first.required | second.required,
        items=second.items or first.items,
        variants=second.variants or first.variants,
        enum=_enum(first.enum, second.enum),
        examples=(*second.examples, *first.examples),
        pattern=second.pattern or first.pattern,
        minimum=_tighter(max, first.minimum, second.minimum),
        maximum=_tighter(min, first.maximum, second.maximum),
        min_length=_tighter(max, first.min_length, second.min_length),
        max_length=_tighter(min, first.max_length, second.max_length),
        min_items=_tighter(max, first.min_items, second.min_items),
        max_items=_tighter(min, first.max_items, second.max_items),
        is_nullable=first.is_nullable or second.is_nullable,
        is_read_only=first.is_read_only or second.is_read_only,
        is_write_only=first.is_write_only or second.is_write_only,
        is_open=first.is_open and second.is_open,
        is_recursive=_is_only_a_cut(first, second),
        # what adds properties is a subtype itself, and no longer any of the others
        subtypes=() if first.properties and second.properties else second.subtypes or first.subtypes,
    )


def _is_only_a_cut(first: Schema, second: Schema) -> bool:
    """Say whether it stays a cut: it does unless the other side brings a shape of its own."""
    cuts = (first.is_recursive, second.is_recursive)
    if all(cuts) or not any(cuts):
        return cuts[0]
    other = second if first.is_recursive else first
    return not (other.properties or other.variants or other.items)


def _types(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in second if name in first) or second or first


def _enum(first: tuple[Json, ...], second: tuple[Json, ...]) -> tuple[Json, ...]:
    return tuple(value for value in second if value in first) or second or first


def _properties(first: Mapping[str, Schema], second: Mapping[str, Schema], depth: int) -> Mapping[str, Schema]:
    if not first or not second:
        return first or second
    if depth and len(second) > _MAX_BELOW:
        return MappingProxyType({**first, **second})
    both = dict(first)
    for name, schema in second.items():
        both[name] = merged(both[name], schema, depth=depth + 1) if name in both else schema
    return MappingProxyType(both)


def _tighter(
    pick: Callable[[_Number, _Number], _Number], first: _Number | None, second: _Number | None
) -> _Number | None:
    if first is None or second is None:
        return first if second is None else second
    return pick(first, second)
