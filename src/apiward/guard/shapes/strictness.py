"""Takes out of a JSON value what the description does not declare, or calls read-only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from apiward.core.jsonvalue import Json, Pointer
from apiward.core.schema import Schema
from apiward.guard.shapes.compiling import is_map

_MOST_DEPTH: Final = 64
_MOST_ALTERNATIVES: Final = 32


@dataclass(slots=True)
class Pruner:
    """Takes out parts of one value. `first` is where the first part stood that was taken out."""

    definitions: Mapping[str, Schema]
    drops_undeclared: bool
    drops_read_only: bool
    only: Callable[[Pointer, bool], bool] | None = None
    """Asked of each such part (its pointer, whether it is read-only): only where it says so, it is taken out."""
    first: Pointer | None = None
    is_first_read_only: bool = False
    dropped: int = 0
    _alternatives: dict[tuple[int, ...], "Members"] = field(default_factory=dict)

    def pruned(self, value: Json, schema: Schema) -> Json:
        """Return `value` without what should not be there; the same object where nothing was taken out."""
        return self._pruned(value, (schema,), ())

    def _pruned(self, value: Json, schemas: tuple[Schema, ...], pointer: Pointer) -> Json:
        if len(pointer) > _MOST_DEPTH or not isinstance(value, dict | list):
            return value
        members = self._members(schemas)
        if isinstance(value, dict):
            return self._object(value, members, pointer)
        return self._list(value, members.items, pointer) if members.items else value

    def _object(self, value: dict[str, Json], members: "Members", pointer: Pointer) -> Json:
        if members.is_free and not members.properties:
            return value
        kept: dict[str, Json] = {}
        is_same = True
        for name, child in value.items():
            found = members.properties.get(name)
            if self._is_barred(found, members, pointer, name):
                is_same = False
                continue
            kept[name] = self._pruned(child, found, (*pointer, name)) if found else child
            is_same = is_same and kept[name] is child
        return value if is_same else kept

    def _is_barred(self, found: tuple[Schema, ...] | None, members: "Members", pointer: Pointer, name: str) -> bool:
        if found is None:
            is_barred, is_read_only = self.drops_undeclared and not members.is_free, False
        else:
            is_barred = is_read_only = self.drops_read_only and all(one.is_read_only for one in found)
        if is_barred and self.only is not None:
            is_barred = self.only((*pointer, name), is_read_only)
        if is_barred:
            self.dropped += 1
            if self.first is None:
                self.first, self.is_first_read_only = (*pointer, name), is_read_only
        return is_barred

    def _list(self, value: list[Json], items: tuple[Schema, ...], pointer: Pointer) -> Json:
        kept = [self._pruned(child, items, (*pointer, at)) for at, child in enumerate(value)]
        return value if all(new is old for new, old in zip(kept, value, strict=True)) else kept

    def _members(self, schemas: tuple[Schema, ...]) -> "Members":
        key = tuple(map(id, schemas))
        found = self._alternatives.get(key)
        if found is None:
            found = self._alternatives[key] = members_of(schemas, self.definitions)
        return found


@dataclass(frozen=True, slots=True)
class Members:
    """What values of some alternative schemas may hold, taken together."""

    properties: Mapping[str, tuple[Schema, ...]]
    items: tuple[Schema, ...]
    is_free: bool


def members_of(schemas: tuple[Schema, ...], definitions: Mapping[str, Schema]) -> Members:
    """Return what values may hold that fit any of `schemas`; cuts are replaced by what they lead back to."""
    properties: dict[str, tuple[Schema, ...]] = {}
    items: list[Schema] = []
    is_free = False
    waiting, seen = list(schemas), 0
    while waiting and seen < _MOST_ALTERNATIVES:
        seen += 1
        schema = waiting.pop(0)
        if schema.is_recursive:
            whole = definitions.get(schema.name or "")
            is_free = is_free or whole is None
            waiting += [whole] if whole else []
            continue
        waiting += [*schema.variants, *schema.subtypes]
        items += [schema.items] if schema.items else []
        is_free = is_free or is_map(schema)
        for name, child in schema.properties.items():
            properties[name] = (*properties.get(name, ()), child)
        for name in schema.required:
            properties.setdefault(name, (Schema(),) if schema.properties else ())
    return Members(properties, tuple(items), is_free or bool(waiting))
