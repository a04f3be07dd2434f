"""Schemas as validators: `core.schema` to JSON Schema 2020-12, closed where it only seems open.

An object takes the properties that are declared for it, also where the description does not forbid
others; one that declares none is a map and takes any. Shared schemas stay shared (`$defs`), so
that a description with many references does not grow.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from jsonschema_rs import Draft202012Validator

from apiward.core.schema import Schema
from apiward.guard.shapes.formats import FORMATS, PATTERN_OPTIONS, WHOLE_BOUNDS, is_usable

_Doc: TypeAlias = dict[str, Any]
_MOST_SCHEMAS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Strictness:
    """Whether undeclared and read-only properties are faults."""

    is_closed: bool = True
    bars_read_only: bool = True


OPEN: Final = Strictness(is_closed=False, bars_read_only=False)


def validator(
    schema: Schema, strictness: Strictness, definitions: Mapping[str, Schema] | None = None
) -> Draft202012Validator | None:
    """Return a validator, or None where any value fits or the schema cannot be used.

    `definitions` are the whole schemas for the places where a cycle was cut, by name.
    """
    writer = _Writer(strictness, definitions or {})
    document = writer.written(schema, is_branch=False)
    if not document:
        return None
    try:
        return Draft202012Validator({**document, "$defs": writer.defs}, pattern_options=PATTERN_OPTIONS)
    except ValueError:
        return None


def is_map(schema: Schema) -> bool:
    """Return whether an object of this schema may hold any property: none is declared, none forbidden."""
    if schema.properties or schema.variants or not schema.is_open:
        return False
    return "object" in schema.types or (not schema.types and not schema.required and not schema.enum)


def definitions_in(schemas: "list[Schema]") -> dict[str, Schema]:
    """Return the named schemas below `schemas` that are whole, for the places where a cycle was cut."""
    found: dict[str, Schema] = {}
    unclear: set[str] = set()
    seen: set[int] = set()
    waiting = list(schemas)
    while waiting and len(seen) < _MOST_SCHEMAS:
        schema = waiting.pop()
        if id(schema) in seen:
            continue
        seen.add(id(schema))
        waiting += [*schema.properties.values(), *schema.variants, *schema.subtypes]
        waiting += [schema.items] if schema.items else []
        if schema.name and not schema.is_recursive:
            known = found.setdefault(schema.name, schema)
            if known.properties.keys() != schema.properties.keys():
                unclear.add(schema.name)
    return {name: schema for name, schema in found.items() if name not in unclear}


class _Writer:
    """Writes one document. A schema has two forms: closed, and as a branch that its parent closes."""

    def __init__(self, strictness: Strictness, definitions: Mapping[str, Schema]) -> None:
        self.defs: dict[str, _Doc] = {}
        self._strictness = strictness
        self._definitions = definitions
        self._names: dict[tuple[int, bool], str] = {}

    def written(self, schema: Schema, *, is_branch: bool) -> _Doc:
        """Return the JSON Schema of `schema`: in full where it is simple, else as a reference."""
        if schema.is_recursive:
            return self._cut(schema, is_branch=is_branch)
        if not (schema.properties or schema.items or schema.variants or schema.subtypes):
            return self._plain(schema, is_branch=is_branch)
        key = (id(schema), is_branch)
        if key not in self._names:
            if len(self._names) >= _MOST_SCHEMAS:
                return {}
            name = self._names[key] = f"d{len(self._names)}"
            self.defs[name] = {}
            self.defs[name] = self._full(schema, is_branch=is_branch)
        return {"$ref": f"#/$defs/{self._names[key]}"}

    def _cut(self, schema: Schema, *, is_branch: bool) -> _Doc:
        whole = self._definitions.get(schema.name or "")
        if whole is None or not schema.properties.keys() <= whole.properties.keys():
            return _types(schema)
        return self.written(whole, is_branch=is_branch)

    def _plain(self, schema: Schema, *, is_branch: bool) -> _Doc:
        document = _scalar(schema)
        if schema.required:
            document["required"] = sorted(schema.required)
        if is_map(schema):
            if is_branch:
                document["additionalProperties"] = True
        elif not is_branch and not schema.is_open and (not schema.types or "object" in schema.types):
            document["additionalProperties"] = False
        return document

    def _full(self, schema: Schema, *, is_branch: bool) -> _Doc:
        document = _scalar(schema)
        properties = {name: self._property(child) for name, child in schema.properties.items()}
        required = sorted(name for name in schema.required if not self._is_barred(schema.properties.get(name)))
        if required:
            document["required"] = required
            properties |= {name: {} for name in required if name not in properties and schema.properties}
        if properties:
            document["properties"] = properties
        if schema.items is not None:
            document["items"] = self.written(schema.items, is_branch=False)
        if schema.variants:
            document["anyOf"] = self._branches(schema)
        elif schema.subtypes:
            # any value of the schema itself will do; of the subtypes, those that fit add their properties
            document["anyOf"] = [{}, *(self.written(one, is_branch=True) for one in schema.subtypes)]
        if not is_branch and (self._strictness.is_closed or not schema.is_open):
            self._close(schema, document)
        return document

    def _close(self, schema: Schema, document: _Doc) -> None:
        if schema.variants or schema.subtypes:
            document["unevaluatedProperties"] = False
        elif schema.properties:
            document["additionalProperties"] = False

    def _branches(self, schema: Schema) -> list[_Doc]:
        branches = [self.written(one, is_branch=True) for one in schema.variants]
        return [*branches, {"type": "null"}] if schema.is_nullable else branches

    def _property(self, schema: Schema) -> "_Doc | bool":
        return False if self._is_barred(schema) else self.written(schema, is_branch=False)

    def _is_barred(self, schema: Schema | None) -> bool:
        return schema is not None and schema.is_read_only and self._strictness.bars_read_only


def _types(schema: Schema) -> _Doc:
    if not schema.types:
        return {}
    return {"type": [*schema.types, "null"] if schema.is_nullable else list(schema.types)}


def _scalar(schema: Schema) -> _Doc:
    document = _types(schema)
    if schema.enum:
        document["enum"] = [*schema.enum, *((None,) if schema.is_nullable else ())]
    patterns = [one for one in (schema.pattern, FORMATS.get(schema.format or "")) if one and is_usable(one)]
    if patterns:
        document["allOf"] = [{"pattern": one} for one in patterns]
    lowest, highest = WHOLE_BOUNDS.get(schema.format or "", (None, None)) if "integer" in schema.types else (None, None)
    bounds = {
        "minimum": _tighter(schema.minimum, lowest, max),
        "maximum": _tighter(schema.maximum, highest, min),
        "minLength": schema.min_length,
        "maxLength": schema.max_length,
        "minItems": schema.min_items,
        "maxItems": schema.max_items,
    }
    document |= {key: bound for key, bound in bounds.items() if bound is not None and math.isfinite(bound)}
    return document


def _tighter(first: float | None, second: float | None, pick: Callable[[float, float], float]) -> float | None:
    if first is None or second is None:
        return second if first is None else first
    return pick(first, second)
