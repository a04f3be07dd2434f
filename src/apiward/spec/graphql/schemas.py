"""Types of a GraphQL schema as the schemas that the rest of apiward knows."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from apiward.core.schema import Schema
from apiward.spec.graphql.model import GraphqlSchema, Input, Kind, TypeRef

INPUT_LEVELS: Final = 5
OUTPUT_LEVELS: Final = 4
NAMELESS: Final = TypeRef("")
MAX_MEMBERS: Final = 200
_SCALARS: Final = {
    "Int": (("integer",), None),
    "Float": (("number",), None),
    "String": (("string",), None),
    "Boolean": (("boolean",), None),
    "ID": (("string", "integer"), None),
    "DateTime": (("string",), "date-time"),
    "Timestamp": (("string",), "date-time"),
    "Date": (("string",), "date"),
    "Time": (("string",), "time"),
    "UUID": (("string",), "uuid"),
    "Email": (("string",), "email"),
    "EmailAddress": (("string",), "email"),
    "URL": (("string",), "uri"),
    "URI": (("string",), "uri"),
    "BigInt": (("integer",), None),
    "Long": (("integer",), None),
    "Decimal": (("string", "number"), None),
    "Upload": (("string",), "binary"),
}


class Schemas:
    """Makes the schemas of one GraphQL schema. What was made once is used again, so that large ones take no time."""

    def __init__(self, schema: GraphqlSchema) -> None:
        self._schema = schema
        self._inputs: dict[tuple[str, int], Schema] = {}
        self._outputs: dict[tuple[str, int], Schema] = {}

    def input(self, of: TypeRef, description: str = "", levels: int = INPUT_LEVELS) -> Schema:
        """Return the schema of a value that is sent."""
        if of.is_list:
            items = self.input(of.inner(), "", levels)
            return Schema(types=("array",), items=items, description=description, is_nullable=not of.is_required)
        kind = self._schema.kind_of(of.name)
        if kind is not Kind.INPUT:
            return self._leaf(of, kind, description)
        if levels == 0:
            return Schema(types=("object",), name=of.name, is_recursive=True)
        key = (of.text, levels)
        if key not in self._inputs:
            self._inputs[key] = self.inputs(self._schema.types[of.name].inputs, of, levels - 1)
        return self._inputs[key]

    def inputs(self, inputs: Iterable[Input], of: TypeRef = NAMELESS, levels: int = INPUT_LEVELS) -> Schema:
        """Return the schema of an object that holds these values."""
        chosen = list(inputs)[:MAX_MEMBERS]
        return Schema(
            types=("object",),
            name=of.name or None,
            properties=MappingProxyType({one.name: self.input(one.type, one.description, levels) for one in chosen}),
            required=frozenset(one.name for one in chosen if one.is_required),
            is_open=False,
            is_nullable=not of.is_required,
        )

    def output(self, of: TypeRef, levels: int = OUTPUT_LEVELS) -> Schema:
        """Return the schema of an answer."""
        if of.is_list:
            return Schema(types=("array",), items=self.output(of.inner(), levels), is_nullable=not of.is_required)
        kind = self._schema.kind_of(of.name)
        if kind in (Kind.SCALAR, Kind.ENUM):
            return self._leaf(of, kind, "")
        if levels == 0:
            return Schema(types=("object",), name=of.name, is_recursive=True, is_nullable=not of.is_required)
        key = (of.text, levels)
        if key not in self._outputs:
            fields = self._schema.fields_of(of.name)[:MAX_MEMBERS]
            properties = {one.name: self.output(one.type, levels - 1) for one in fields}
            self._outputs[key] = Schema(
                types=("object",), name=of.name, properties=MappingProxyType(properties), is_nullable=not of.is_required
            )
        return self._outputs[key]

    def _leaf(self, of: TypeRef, kind: Kind, description: str) -> Schema:
        types, form = _SCALARS.get(of.name, ((), None))
        values = self._schema.types[of.name].members if kind is Kind.ENUM else ()
        return Schema(
            types=("string",) if values else types,
            format=form,
            description=description,
            enum=tuple(values[:MAX_MEMBERS]),
            is_nullable=not of.is_required,
        )
