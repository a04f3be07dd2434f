"""What a GraphQL server tells of itself: the question, and the answer read into a schema."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.spec.graphql.model import (
    MAX_FIELDS,
    MAX_TYPES,
    MAX_WRAPPINGS,
    Field,
    GraphqlSchema,
    Input,
    Kind,
    Type,
    TypeRef,
)

_REF: Final = (
    "name kind ofType { name kind ofType { name kind ofType { name kind ofType { name kind ofType { name kind } } } } }"
)
QUESTION: Final = (
    "query IntrospectionQuery { __schema { queryType { name } mutationType { name } types { kind name "
    "fields(includeDeprecated: true) { name description isDeprecated "
    f"args {{ name description defaultValue type {{ {_REF} }} }} type {{ {_REF} }} }} "
    f"inputFields {{ name description defaultValue type {{ {_REF} }} }} "
    "enumValues(includeDeprecated: true) { name } possibleTypes { name } } } }"
)
_KINDS: Final = {kind.value: kind for kind in Kind}


def told_schema(answer: Json) -> GraphqlSchema | None:
    """Return the schema in an answer to `QUESTION`, with or without its `data` around it; None where there is none."""
    body = _member(answer, "data") or answer
    schema = _member(body, "__schema")
    if not isinstance(schema, dict):
        return None
    types = {one.name: one for one in map(_type, _objects(schema.get("types"), MAX_TYPES)) if one is not None}
    if not types:
        return None
    roots = [_text(_member(schema.get(role), "name")) for role in ("queryType", "mutationType")]
    query, mutation = (name if name in types else "" for name in roots)
    return GraphqlSchema(MappingProxyType(types), query, mutation)


def _type(told: dict[str, Json]) -> Type | None:
    name, kind = _text(told.get("name")), _KINDS.get(_text(told.get("kind")))
    if not name or name.startswith("__") or kind is None:
        return None
    members = [_text(one.get("name")) for key in ("enumValues", "possibleTypes") for one in _objects(told.get(key))]
    return Type(
        name,
        kind,
        tuple(_field(one) for one in _objects(told.get("fields"))),
        tuple(_input(one) for one in _objects(told.get("inputFields"))),
        tuple(filter(None, members)),
    )


def _field(told: dict[str, Json]) -> Field:
    return Field(
        _text(told.get("name")),
        _type_ref(told.get("type")),
        tuple(_input(one) for one in _objects(told.get("args"))),
        _text(told.get("description")),
        is_deprecated=told.get("isDeprecated") is True,
    )


def _input(told: dict[str, Json]) -> Input:
    has_default = told.get("defaultValue") is not None
    return Input(_text(told.get("name")), _type_ref(told.get("type")), _text(told.get("description")), has_default)


def _type_ref(told: Json) -> TypeRef:
    wrappings: list[str] = []
    while isinstance(told, dict) and told.get("kind") in ("LIST", "NON_NULL") and len(wrappings) < 2 * MAX_WRAPPINGS:
        wrappings.append(_text(told.get("kind")))
        told = told.get("ofType")
    text = _text(_member(told, "name")) or "String"
    for wrapping in reversed(wrappings):
        text = f"[{text}]" if wrapping == "LIST" else text.removesuffix("!") + "!"
    return TypeRef(text)


def _objects(value: Json, most: int = MAX_FIELDS) -> Iterator[dict[str, Json]]:
    return (one for one in (value if isinstance(value, list) else [])[:most] if isinstance(one, dict))


def _member(value: Json, key: str) -> Json:
    return value.get(key) if isinstance(value, dict) else None


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
