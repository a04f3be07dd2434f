"""Schemas of a description as one shared graph without cycles.

Every definition is built once, those it refers to before it. A reference that leads back to a
definition still being built is cut: it becomes a short form of it (`is_recursive`, its name, its
own simple properties), so that a reader still sees what the cut thing holds.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from types import MappingProxyType

from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.spec.document import Document, Node, kind_of
from apiward.spec.keywords import plain_schema, required_names
from apiward.spec.merging import merged
from apiward.spec.references import follow, is_reference, resolved
from apiward.spec.subtypes import Subtypes

_BESIDE_A_REFERENCE = frozenset(
    {"description", "nullable", "x-nullable", "example", "examples", "default", "readOnly", "writeOnly", "required"}
    | {"properties", "type", "allOf", "anyOf", "oneOf", "enum", "format", "pattern", "minLength", "maxLength"}
)
_MAX_SHORT_OPEN = 10
_MAX_PLACES = 50
_SMALL_HEIGHT = 3


class SchemaReader:
    """Reads the schemas of one document; one instance for the whole of it, so that all are shared."""

    def __init__(self, document: Document) -> None:
        self._journal = document.journal
        self._left = document.journal.limits.max_schemas
        self._max_height = document.journal.limits.max_height
        # by identity of the raw object: references and YAML aliases to one thing share its schema
        self._built: dict[int, tuple[Schema, int]] = {}
        self._short: dict[int, tuple[Schema, int]] = {}
        self._short_open: set[int] = set()
        self._height = 0
        self._subtypes = Subtypes(document)

    def read(self, node: Node) -> Schema:
        """Return the schema that stands at `node`, with all it refers to. Never raises."""
        schema = self._whole(node, None)
        # These lead back to what they are subtypes of, so they are read when that is complete.
        for awaited, nodes in self._subtypes.awaited():
            awaited += [self._whole(one, _name_of(one)) for one in nodes]
        return schema

    def _whole(self, node: Node, name: str | None) -> Schema:
        self._build_what_is_needed(node, name)
        known = self._built.get(id(node.value))
        return known[0] if known else self._schema(node, 0)

    def _build_what_is_needed(self, node: Node, name: str | None) -> None:
        """Build definitions in the order of need, on a stack of our own: chains may be long."""
        if not isinstance(node.value, dict) or id(node.value) in self._built:
            return
        is_open = {id(node.value)}
        stack = [(node, self._references(node))]
        while stack:
            current, needed = stack[-1]
            target = next(needed, None)
            if target is None:
                stack.pop()
                self._build(current, _name_of(current) if stack else name)
            elif id(target.value) not in self._built and id(target.value) not in is_open:
                is_open.add(id(target.value))
                stack.append((target, self._references(target)))

    def _references(self, node: Node) -> Iterator[Node]:
        """Yield what the schema at `node` refers to, each once."""
        stack: list[Json] = [node.value]
        seen: set[int] = set()
        while stack and not self._journal.is_late():
            value = stack.pop()
            if is_reference(value):
                target, _ = follow(Node(value, node.pointer, node.document))
                if target is not None and isinstance(target.value, dict) and id(target.value) not in seen:
                    seen.add(id(target.value))
                    yield target
            if isinstance(value, dict | list) and id(value) not in seen:
                seen.add(id(value))
                stack.extend(value.values() if isinstance(value, dict) else value)

    def _build(self, node: Node, name: str | None) -> None:
        self._height = 0
        schema = self._schema(node, 0, name)
        self._built[id(node.value)] = (schema, self._height)

    def _schema(self, node: Node, depth: int, name: str | None = None, *, is_short: bool = False) -> Schema:
        self._height = max(self._height, depth)
        if isinstance(node.value, bool):
            return Schema()
        if not isinstance(node.value, dict):
            node.note(f"Expected a schema here, found {kind_of(node.value)}.")
            return Schema()
        if not self._has_room(node, depth):
            return Schema()
        if "$ref" in node.value:
            return self._reference(node, depth, is_short=is_short)
        return self._inline(node, depth, name, is_short=is_short)

    def _has_room(self, node: Node, depth: int) -> bool:
        self._left -= 1
        if self._left < 0 or self._journal.is_late():
            self._journal.note((), "The description is too large; some of its schemas were left out.")
            return False
        if depth > self._max_height:
            node.note("This schema is nested too deeply; what is below was left out.")
            return False
        return True

    def _reference(self, node: Node, depth: int, *, is_short: bool) -> Schema:
        target = resolved(node)
        schema = Schema() if target is None else self._definition(target, depth, is_short=is_short)
        if isinstance(node.value, dict) and _BESIDE_A_REFERENCE & node.value.keys():
            beside = {key: value for key, value in node.value.items() if key != "$ref"}
            own = Node(beside, node.pointer, node.document)
            return merged(schema, self._inline(own, depth, None, is_short=is_short))
        return schema

    def _definition(self, target: Node, depth: int, *, is_short: bool) -> Schema:
        known = self._built.get(id(target.value))
        most = _SMALL_HEIGHT if is_short else self._max_height - depth
        if known and (known[1] <= most or not (depth or is_short)):
            self._height = max(self._height, depth + known[1])
            return known[0]
        return _stub(target) if is_short else self._short_form(target, depth)

    def _short_form(self, target: Node, depth: int) -> Schema:
        """Return a definition without what it refers to: for the places where a cycle is cut."""
        key = id(target.value)
        if key not in self._short:
            if len(self._short_open) > _MAX_SHORT_OPEN or key in self._short_open or depth > self._max_height // 2:
                return _stub(target)
            self._short[key] = self._built_short(target, depth)
        schema, height = self._short[key]
        self._height = max(self._height, depth + height)
        return schema

    def _built_short(self, target: Node, depth: int) -> tuple[Schema, int]:
        before, self._height = self._height, depth
        self._short_open.add(id(target.value))
        full = self._schema(target, depth, is_short=True)
        self._short_open.discard(id(target.value))
        height, self._height = self._height - depth, before
        return replace(full, is_recursive=True, name=_name_of(target)), height

    def _inline(self, node: Node, depth: int, name: str | None, *, is_short: bool) -> Schema:
        schema = plain_schema(node, name)
        properties = dict(self._properties(node, depth, is_short=is_short))
        wanted_below = {key for key, child in node.entries("properties") if child.is_on("required")}
        schema = replace(
            schema,
            properties=MappingProxyType(properties) if properties else schema.properties,
            required=required_names(node) | wanted_below,
            items=self._items(node, depth, is_short=is_short),
        )
        if node.has("discriminator"):
            schema = replace(schema, subtypes=self._subtypes.below(node))
        schema = self._with_variants(node, schema, depth, is_short=is_short)
        return self._with_parts(node, schema, depth, is_short=is_short)

    def _properties(self, node: Node, depth: int, *, is_short: bool) -> Iterator[tuple[str, Schema]]:
        for name, child in node.entries("properties"):
            yield name, self._schema(child, depth + 1, is_short=is_short)

    def _items(self, node: Node, depth: int, *, is_short: bool) -> Schema | None:
        is_old = isinstance(node.value, dict) and isinstance(node.value.get("items"), list)
        first, rest = ("items", "additionalItems") if is_old else ("prefixItems", "items")
        places = list(islice(node.elements(first), _MAX_PLACES))
        after = node.child(rest)
        if not places:
            is_said = after is not None and after.value is not False and not is_old
            return self._schema(after, depth + 1, is_short=is_short) if after is not None and is_said else None
        found = [self._schema(place, depth + 1, is_short=is_short) for place in places]
        if after is not None and not isinstance(after.value, bool):
            found.append(self._schema(after, depth + 1, is_short=is_short))
        elif not _is_closed(node, len(places), rest):
            found.append(Schema())
        return _any_of(found)

    def _with_variants(self, node: Node, schema: Schema, depth: int, *, is_short: bool) -> Schema:
        members = [item for key in ("oneOf", "anyOf") for item in node.elements(key)]
        real = [item for item in members if not _says_null(item)]
        if len(real) < len(members):
            schema = replace(schema, is_nullable=True)
        variants = [self._schema(item, depth + 1, is_short=is_short) for item in real]
        if len(variants) == 1:
            return merged(variants[0], schema)
        return replace(schema, variants=tuple(variants))

    def _with_parts(self, node: Node, schema: Schema, depth: int, *, is_short: bool) -> Schema:
        for item in node.elements("allOf"):
            part = self._part(item, depth, is_short=is_short)
            self._left -= len(part.properties)
            schema = merged(part, schema)
        return schema

    def _part(self, item: Node, depth: int, *, is_short: bool) -> Schema:
        if not is_reference(item.value):
            return self._schema(item, depth + 1, is_short=is_short)
        target, _ = follow(item)
        if not is_short or target is None:
            return self._schema(item, depth, is_short=is_short)
        # even a short form has what it inherits
        known = self._built.get(id(target.value))
        if known and known[1] <= _SMALL_HEIGHT:
            return known[0]
        return self._short_form(target, depth)


def _any_of(places: list[Schema]) -> Schema:
    """Return one schema for all places of a tuple: theirs where they are alike, else one with them as variants."""
    first = places[0]
    is_flat = not (first.properties or first.items or first.variants)
    if all(one is first or (is_flat and one == first) for one in places):
        return first
    return Schema(variants=tuple(places))


def _is_closed(node: Node, places: int, rest: str) -> bool:
    """Whether nothing may follow the places of a tuple."""
    most = node.value.get("maxItems") if isinstance(node.value, dict) else None
    return node.is_off(rest) or (isinstance(most, int) and most <= places)


def _stub(target: Node) -> Schema:
    types = ("object",) if target.says("type", "object") or target.has("properties") else ()
    return Schema(name=_name_of(target), types=types, is_recursive=True)


def _says_null(node: Node) -> bool:
    """Whether a variant only stands for null; `type: null` without quotes is YAML's null."""
    return node.says("type", "null") or (node.has("type") and node.child("type") is None)


def _name_of(node: Node) -> str | None:
    return str(node.pointer[-1]) if node.pointer else None
