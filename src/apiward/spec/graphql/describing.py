"""A GraphQL schema becomes an Api: one operation for each field of its query and mutation types."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from apiward.core.api import Answer, Api, Body, GraphqlField, Operation, Parameter, Place, Problem
from apiward.core.schema import Schema
from apiward.spec.graphql.looping import Loops
from apiward.spec.graphql.model import Field, GraphqlSchema, Input, Kind
from apiward.spec.graphql.schemas import input_schema, inputs_schema, output_schema
from apiward.spec.graphql.selecting import selection
from apiward.spec.graphql.shaping import Shape, is_input_object, mutation_shape, query_shape

MAX_OPERATIONS: Final = 1_000
MAX_NODE_TYPES: Final = 30
DIALECT: Final = "GraphQL"
ENDPOINT: Final = "/graphql"
"""Where a schema is served, as long as nobody says otherwise."""
_JSON: Final = "application/json"
_BUILT_IN: Final = ("Int", "Float", "String", "Boolean")
_NODE: Final = "node"


def describe_graphql(schema: GraphqlSchema, *, endpoint: str, source: str) -> Api:
    """Return the API that a schema describes and that is served at `endpoint`, a path."""
    found: list[Operation] = []
    left_out, loops = 0, Loops(schema)
    for kind, root in (("query", schema.query), ("mutation", schema.mutation)):
        for one in schema.fields_of(root):
            if len(found) >= MAX_OPERATIONS:
                left_out += 1
            else:
                found += _operations(schema, loops, kind, one, endpoint)
    problems = (Problem("", f"{left_out} more fields were left out."),) if left_out else ()
    return Api("GraphQL API", "", tuple(found), source=source, dialect=DIALECT, problems=problems)


def moved_to(api: Api, endpoint: str) -> Api:
    """Return the API with what GraphQL carries served at another path."""
    moved = (
        replace(op, field=replace(op.field, endpoint=endpoint)) if op.field is not None else op for op in api.operations
    )
    return replace(api, operations=tuple(moved))


def _operations(schema: GraphqlSchema, loops: Loops, kind: str, one: Field, endpoint: str) -> Iterator[Operation]:
    """Yield the operation of a field; of one that finds anything by a global id, one for each type it may find."""
    types = schema.types.get(one.type.name)
    is_any = kind == "query" and one.name == _NODE and types is not None and types.kind is Kind.INTERFACE
    for only_type in types.members[:MAX_NODE_TYPES] if is_any and types is not None else ("",):
        yield _operation(schema, loops, kind, one, endpoint, only_type)


def _operation(schema: GraphqlSchema, loops: Loops, kind: str, one: Field, endpoint: str, only_type: str) -> Operation:
    if kind == "query":
        shape, wrapper = query_shape(schema, one, only_type=only_type), None
    else:
        shape, wrapper = _mutation(schema, one)
    inner = schema.types[wrapper.type.name].inputs if wrapper else ()
    rest = tuple(a for a in (inner or one.arguments) if a.name not in shape.in_path)
    outer = tuple(a for a in one.arguments if wrapper and a is not wrapper and a.name not in shape.in_path)
    bodies = () if kind == "query" or not (rest or outer) else (_body(schema, (*rest, *outer)),)
    loop = loops.loop_from(one.type.name) if kind == "query" else None
    return Operation(
        method=shape.method,
        path=shape.path,
        operation_id=one.name,
        description=one.description,
        parameters=tuple(
            _parameters(schema, shape, (*inner, *one.arguments), in_query=one.arguments if kind == "query" else ())
        ),
        bodies=bodies,
        answers=(Answer("200", bodies=(Body(_JSON, _answer_schema(schema, one, only_type)),)),),
        is_deprecated=one.is_deprecated,
        field=GraphqlField(
            kind=kind,
            name=one.name,
            endpoint=endpoint,
            document=document(schema, kind, one, only_type=only_type),
            scalars=tuple((a.name, a.type.name) for a in (*one.arguments, *inner) if a.type.name in _BUILT_IN),
            wrapper=wrapper.name if wrapper else "",
            beside=frozenset(a.name for a in one.arguments if a is not wrapper),
            only_type=only_type,
            way=loop.way if loop else (),
            circle=loop.circle if loop else (),
            has_lists=(loop.has_lists or one.type.is_list) if loop else False,
            is_truth=one.type.name == "Boolean" and not one.type.is_list,
        ),
    )


def document(schema: GraphqlSchema, kind: str, one: Field, *, only_type: str = "") -> str:
    """Return the document that calls a field with all its arguments as variables."""
    declared = ", ".join(f"${a.name}: {a.type.text}" for a in one.arguments)
    given = ", ".join(f"{a.name}: ${a.name}" for a in one.arguments)
    picked = selection(schema, one.type, only_type=only_type)
    head = f"{kind} {one.name}({declared})" if declared else f"{kind} {one.name}"
    return f"{head} {{ {one.name}{f'({given})' if given else ''}{' ' if picked else ''}{picked} }}"


def _mutation(schema: GraphqlSchema, one: Field) -> tuple[Shape, Input | None]:
    """Return the shape of a mutation, and the one argument that holds all the others, where there is one."""
    objects = [a for a in one.arguments if is_input_object(schema, a)]
    wrapper = objects[0] if len(objects) == 1 and len(one.arguments) <= 3 else None
    inner = schema.types[wrapper.type.name].inputs if wrapper else ()
    taken = {a.name for a in one.arguments}
    if any(a.name in taken for a in inner):
        wrapper, inner = None, ()
    leaves = frozenset(
        str(pointer[-1]) for pointer, _ in inputs_schema(schema, (*one.arguments, *inner)).fields() if pointer
    )
    return mutation_shape(one, leaves, (*one.arguments, *inner)), wrapper


def _body(schema: GraphqlSchema, inputs: tuple[Input, ...]) -> Body:
    return Body(_JSON, inputs_schema(schema, inputs), is_required=any(a.is_required for a in inputs))


def _parameters(
    schema: GraphqlSchema, shape: Shape, candidates: tuple[Input, ...], *, in_query: tuple[Input, ...]
) -> Iterator[Parameter]:
    for name in shape.in_path:
        told = next(a for a in candidates if a.name == name)
        yield Parameter(
            name, Place.PATH, input_schema(schema, told.type), is_required=True, description=told.description
        )
    for one in in_query:
        if one.name not in shape.in_path:
            place, described = Place.QUERY, one.description
            yield Parameter(one.name, place, input_schema(schema, one.type), one.is_required, described)


def _answer_schema(schema: GraphqlSchema, one: Field, only_type: str) -> Schema:
    return output_schema(schema, one.type, schema.fields_of(only_type or one.type.name))
