"""The declared shape of an answer, compiled so that one look tells whether a value keeps to it."""

from collections.abc import Iterable, Mapping
from typing import Final

from apiward.core.schema import Schema
from apiward.guard.answers.caring import Care, Policy, is_person

MAX_DEPTH: Final = 40
MAX_NODES: Final = 20_000
_SECRET_FORMATS: Final = frozenset({"password"})
_NO_SECRET_FORMATS: Final = frozenset({"date", "date-time", "time", "duration", "uri", "url", "uri-reference"})
_NO_TEXT_TYPES: Final = frozenset({"boolean", "object", "null"})
_NO_SECRET_TYPES: Final = _NO_TEXT_TYPES | {"integer", "number"}


class Shape:
    """What may stand at one place. `members` is None where nothing is declared, so that anything may.

    `watched` are the declared names whose value must be looked at, with what they promise; `hidden`
    those of them that the description marks as never answered; `items` is the shape of a list's elements.
    """

    __slots__ = ("hidden", "is_closed", "items", "members", "required", "watched")

    def __init__(self) -> None:
        self.members: dict[str, Shape] | None = None
        self.is_closed = False
        self.items: Shape | None = None
        self.required: frozenset[str] = frozenset()
        self.hidden: frozenset[str] = frozenset()
        self.watched: dict[str, Care] = {}


OPEN: Final = Shape()
"""Anything may stand here; fields are judged by their names and values alone."""


def compile_shape(schemas: Iterable[Schema], policy: Policy, *, is_closed: bool) -> Shape:
    """Return the shape of a value that fits any of `schemas`; with `is_closed`, what they do not declare goes."""
    return _Compiler(policy, is_closed=is_closed).union(list(schemas), depth=0, is_in_list=False)


class _Compiler:
    """Compiles one answer. Shapes of the same schemas are shared, and what leads back to itself is followed."""

    def __init__(self, policy: Policy, *, is_closed: bool) -> None:
        self._policy = policy
        self._is_closed = is_closed
        self._done: dict[tuple[tuple[int, ...], bool], Shape] = {}
        self._named: dict[str, Schema] = {}

    def union(self, schemas: list[Schema], depth: int, *, is_in_list: bool) -> Shape:
        flat = self._flattened(schemas)
        if flat is None or depth > MAX_DEPTH or len(self._done) > MAX_NODES:
            return OPEN
        key = (tuple(sorted({id(schema) for schema in flat})), is_in_list)
        known = self._done.get(key)
        if known is None:
            known = self._done[key] = Shape()
            self._fill(known, flat, depth, is_in_list=is_in_list)
        return known

    def _flattened(self, schemas: list[Schema]) -> list[Schema] | None:
        """Return the schemas with variants opened up and cuts resolved; None where anything may stand."""
        flat: dict[int, Schema] = {}
        waiting = list(schemas)
        while waiting and len(flat) < 200:
            schema = waiting.pop()
            if schema.is_recursive:
                schema = self._named.get(schema.name or "", schema)
            elif schema.name:
                self._named.setdefault(schema.name, schema)
            if id(schema) in flat:
                continue
            flat[id(schema)] = schema
            if _is_anything(schema):
                return None
            waiting += [*schema.variants, *schema.subtypes]
        return list(flat.values())

    def _fill(self, shape: Shape, schemas: list[Schema], depth: int, *, is_in_list: bool) -> None:
        by_name: dict[str, list[Schema]] = {}
        for schema in schemas:
            for name, child in schema.properties.items():
                by_name.setdefault(name, []).append(child)
        items = [schema.items for schema in schemas if schema.items is not None]
        if items:
            shape.items = self.union(items, depth + 1, is_in_list=True)
        if not by_name or any(_is_bare_object(schema) for schema in schemas):
            return
        shape.is_closed = self._is_closed
        shape.required = frozenset().union(*(schema.required for schema in schemas))
        shape.hidden = frozenset(name for name, all_of in by_name.items() if any(map(self._is_hidden, all_of)))
        shape.watched = self._watched(by_name, is_in_list=is_in_list) | dict.fromkeys(shape.hidden, Care.REMOVE)
        shape.members = {
            name: self.union(children, depth + 1, is_in_list=is_in_list) for name, children in by_name.items()
        }

    def _is_hidden(self, schema: Schema) -> bool:
        return schema.is_write_only or (schema.format in _SECRET_FORMATS and not self._policy.gives)

    def _watched(self, by_name: Mapping[str, list[Schema]], *, is_in_list: bool) -> dict[str, Care]:
        found: dict[str, Care] = {}
        for name, schemas in by_name.items():
            care = self._policy.promised(name, is_declared=True, is_in_list=is_in_list)
            if care is Care.OF_PERSON:
                care = Care.REMOVE if is_person(by_name) else Care.KEEP
            if care is not Care.KEEP and not all(_is_harmless(schema, care) for schema in schemas):
                found[name] = care
        return found


def _is_harmless(schema: Schema, care: Care) -> bool:
    """Whether the declared type leaves no room for a secret: a count, a switch, a date, a choice, an object."""
    if schema.enum or schema.format in _NO_SECRET_FORMATS:
        return True
    harmless = _NO_SECRET_TYPES if care is Care.REMOVE else _NO_TEXT_TYPES
    return bool(schema.types) and not schema.variants and set(schema.types) <= harmless


def _is_anything(schema: Schema) -> bool:
    """Whether nothing at all is said of what may stand here."""
    return not (schema.types or schema.properties or schema.items or schema.variants or schema.enum)


def _is_bare_object(schema: Schema) -> bool:
    """Whether an object is meant whose properties are not declared: a map, or a cut that cannot be followed."""
    return "object" in schema.types and not schema.properties and not schema.variants
