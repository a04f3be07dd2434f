"""What the endpoint tells of its own schema, to who may ask."""

from typing import Any

from apiward.spec.graphql.model import Field, GraphqlSchema, Input, Kind, Type, TypeRef


def told(schema: GraphqlSchema) -> dict[str, Any]:
    """Return the whole schema as introspection shows it (specification of October 2021, section 4)."""
    built_in = [Type(name, Kind.SCALAR) for name in ("ID", "String", "Boolean", "Int", "Float")]
    return {
        "queryType": {"name": schema.query},
        "mutationType": {"name": schema.mutation},
        "subscriptionType": None,
        "types": [_type(schema, one) for one in (*schema.types.values(), *built_in)],
        "directives": [],
    }


def _type(schema: GraphqlSchema, one: Type) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "name": one.name,
        "description": None,
        "fields": [_field(schema, each) for each in one.fields] or None,
        "inputFields": [_input(schema, each) for each in one.inputs] or None,
        "interfaces": [],
        "enumValues": None,
        "possibleTypes": None,
        "ofType": None,
    }


def _field(schema: GraphqlSchema, one: Field) -> dict[str, Any]:
    return {
        "name": one.name,
        "description": one.description or None,
        "args": [_input(schema, each) for each in one.arguments],
        "type": _ref(schema, one.type),
        "isDeprecated": one.is_deprecated,
        "deprecationReason": None,
    }


def _input(schema: GraphqlSchema, one: Input) -> dict[str, Any]:
    return {"name": one.name, "description": None, "type": _ref(schema, one.type), "defaultValue": None}


def _ref(schema: GraphqlSchema, use: TypeRef) -> dict[str, Any]:
    if use.is_required:
        return {"kind": "NON_NULL", "name": None, "ofType": _ref(schema, TypeRef(use.text[:-1]))}
    if use.is_list:
        return {"kind": "LIST", "name": None, "ofType": _ref(schema, use.inner())}
    return {"kind": schema.kind_of(use.name).value, "name": use.name, "ofType": None}
