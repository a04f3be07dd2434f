"""Types of a GraphQL schema as the schemas that the rest of apiward knows."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from apiward.core.schema import Schema
from apiward.spec.graphql.model import Field, GraphqlSchema, Input, Kind, TypeRef

MAX_DEPTH: Final = 5
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


def input_schema(schema: GraphqlSchema, of: TypeRef, description: str = "", above: tuple[str, ...] = ()) -> Schema:
    """Return the schema of a value that is sent."""
    if of.is_list:
        items = input_schema(schema, of.inner(), "", above)
        return Schema(types=("array",), items=items, description=description, is_nullable=not of.is_required)
    kind = schema.kind_of(of.name)
    if kind is Kind.INPUT:
        if of.name in above or len(above) >= MAX_DEPTH:
            return Schema(types=("object",), name=of.name, is_recursive=True)
        return _object(schema, schema.types[of.name].inputs, of, (*above, of.name))
    return _leaf(schema, of, kind, description)


def inputs_schema(schema: GraphqlSchema, inputs: Iterable[Input]) -> Schema:
    """Return the schema of an object that holds these values."""
    return _object(schema, tuple(inputs), TypeRef(""), ())


def _object(schema: GraphqlSchema, inputs: tuple[Input, ...], of: TypeRef, above: tuple[str, ...]) -> Schema:
    chosen = inputs[:MAX_MEMBERS]
    return Schema(
        types=("object",),
        name=of.name or None,
        properties=MappingProxyType(
            {one.name: input_schema(schema, one.type, one.description, above) for one in chosen}
        ),
        required=frozenset(one.name for one in chosen if one.is_required),
        is_open=False,
        is_nullable=not of.is_required,
    )


def output_schema(schema: GraphqlSchema, of: TypeRef, fields: Iterable[Field], above: tuple[str, ...] = ()) -> Schema:
    """Return the schema of an answer of type `of`, of which these fields are asked for."""
    if of.is_list:
        items = output_schema(schema, of.inner(), fields, above)
        return Schema(types=("array",), items=items, is_nullable=not of.is_required)
    kind = schema.kind_of(of.name)
    if kind in (Kind.SCALAR, Kind.ENUM):
        return _leaf(schema, of, kind, "")
    if of.name in above or len(above) >= MAX_DEPTH:
        return Schema(types=("object",), name=of.name, is_recursive=True, is_nullable=not of.is_required)
    properties = {
        one.name: output_schema(schema, one.type, schema.fields_of(one.type.name), (*above, of.name))
        for one in list(fields)[:MAX_MEMBERS]
    }
    return Schema(
        types=("object",), name=of.name, properties=MappingProxyType(properties), is_nullable=not of.is_required
    )


def _leaf(schema: GraphqlSchema, of: TypeRef, kind: Kind, description: str) -> Schema:
    types, form = _SCALARS.get(of.name, ((), None))
    values = schema.types[of.name].members if kind is Kind.ENUM else ()
    return Schema(
        types=("string",) if values else types,
        format=form,
        description=description,
        enum=tuple(values[:MAX_MEMBERS]),
        is_nullable=not of.is_required,
    )
