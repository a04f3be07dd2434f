"""The shape of a piece of data, as far as apiward needs it: a resolved JSON Schema."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from apiward.core.jsonvalue import Json, Pointer

_NO_PROPERTIES: Final[Mapping[str, "Schema"]] = MappingProxyType({})
MAX_FIELDS: Final = 400
MAX_FIELD_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema with `$ref`s resolved and `allOf` merged (JSON Schema 2020-12, OpenAPI 3.0, Swagger 2).

    `types` holds JSON type names, empty for "any"; `variants` are `oneOf` and `anyOf` members;
    `items` is the schema of a list's elements, with one variant for each place of a tuple;
    `subtypes` are the schemas that a `discriminator` leads to without `oneOf`: a value may be of
    any of them. They hold what they inherit, and are the one way from a schema back to itself;
    `examples` holds `example`, `examples` and `default` in that order; `is_open` says whether
    undeclared properties are allowed (`additionalProperties` not false); `is_recursive` marks the
    place where a cycle was cut, with `name` telling which definition it leads back to.
    """

    types: tuple[str, ...] = ()
    name: str | None = None
    format: str | None = None
    description: str = ""
    properties: Mapping[str, "Schema"] = field(default_factory=lambda: _NO_PROPERTIES)
    required: frozenset[str] = frozenset()
    items: "Schema | None" = None
    variants: tuple["Schema", ...] = ()
    enum: tuple[Json, ...] = ()
    examples: tuple[Json, ...] = ()
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    is_nullable: bool = False
    is_read_only: bool = False
    is_write_only: bool = False
    is_open: bool = True
    is_recursive: bool = False
    subtypes: "Sequence[Schema]" = field(default=(), compare=False, repr=False)

    def fields(self) -> Iterator[tuple[Pointer, "Schema"]]:
        """Yield every scalar place below this schema with its pointer (0 stands for any item); bounded."""
        stack: list[tuple[Pointer, Schema]] = [((), self)]
        given = 0
        while stack and given < MAX_FIELDS:
            pointer, schema = stack.pop()
            below = _below(pointer, schema) if len(pointer) < MAX_FIELD_DEPTH else []
            if below:
                stack.extend(reversed(below))
            else:
                given += 1
                yield pointer, schema


def _below(pointer: Pointer, schema: Schema) -> list[tuple[Pointer, Schema]]:
    found = [((*pointer, name), child) for name, child in schema.properties.items()]
    if schema.items is not None:
        found.append(((*pointer, 0), schema.items))
    if not found and schema.variants:
        return [(pointer, schema.variants[0])] if schema.variants[0] is not schema else []
    return found
