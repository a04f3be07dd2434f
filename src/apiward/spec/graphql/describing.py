"""A GraphQL schema becomes an Api: one operation for each field of its query and mutation types."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from apiward.core.api import Answer, Api, Body, GraphqlField, Operation, Parameter, Place, Problem
from apiward.spec.graphql.looping import Loops
from apiward.spec.graphql.model import Field, GraphqlSchema, Input, Kind, TypeRef
from apiward.spec.graphql.schemas import Schemas
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
    maker = _Maker(schema, endpoint)
    found: list[Operation] = []
    left_out = 0
    for kind, root in (("query", schema.query), ("mutation", schema.mutation)):
        for one in schema.fields_of(root):
            if len(found) >= MAX_OPERATIONS:
                left_out += 1
            else:
                found += maker.operations(kind, one)
    problems = (Problem("", f"{left_out} more fields were left out."),) if left_out else ()
    return Api("GraphQL API", "", tuple(found), source=source, dialect=DIALECT, problems=problems)


def moved_to(api: Api, endpoint: str) -> Api:
    """Return the API with what GraphQL carries served at another path."""
    moved = (
        replace(op, field=replace(op.field, endpoint=endpoint)) if op.field is not None else op for op in api.operations
    )
    return replace(api, operations=tuple(moved))


class _Maker:
    """Makes the operations of one schema."""

    def __init__(self, schema: GraphqlSchema, endpoint: str) -> None:
        self._schema = schema
        self._endpoint = endpoint
        self._schemas = Schemas(schema)
        self._loops = Loops(schema)

    def operations(self, kind: str, one: Field) -> Iterator[Operation]:
        """Yield the operation of a field; of one that finds anything by a global id, one for each type it may find."""
        types = self._schema.types.get(one.type.name)
        is_any = kind == "query" and one.name == _NODE and types is not None and types.kind is Kind.INTERFACE
        for only_type in types.members[:MAX_NODE_TYPES] if is_any and types is not None else ("",):
            yield self._operation(kind, one, only_type)

    def _operation(self, kind: str, one: Field, only_type: str) -> Operation:
        wrapper = None if kind == "query" else self._wrapper(one)
        inner = self._schema.types[wrapper.type.name].inputs if wrapper else ()
        shape = self._shape(kind, one, only_type, inner)
        of = TypeRef(only_type) if only_type else one.type
        return Operation(
            method=shape.method,
            path=shape.path,
            operation_id=one.name,
            description=one.description,
            parameters=tuple(self._parameters(kind, shape, one, inner)),
            bodies=() if kind == "query" else tuple(self._bodies(shape, one, wrapper, inner)),
            answers=(Answer("200", bodies=(Body(_JSON, self._schemas.output(of)),)),),
            is_deprecated=one.is_deprecated,
            field=self._carried(kind, one, only_type, wrapper, inner),
        )

    def _wrapper(self, one: Field) -> Input | None:
        """Return the one argument of a mutation that holds nearly all it takes, where there is one."""
        objects = [a for a in one.arguments if is_input_object(self._schema, a)]
        if len(objects) != 1 or len(one.arguments) > 3:
            return None
        taken = {a.name for a in one.arguments}
        inner = self._schema.types[objects[0].type.name].inputs
        return None if any(a.name in taken for a in inner) else objects[0]

    def _shape(self, kind: str, one: Field, only_type: str, inner: tuple[Input, ...]) -> Shape:
        if kind == "query":
            return query_shape(self._schema, one, only_type=only_type)
        everything = self._schemas.inputs((*one.arguments, *inner))
        leaves = frozenset(str(pointer[-1]) for pointer, _ in everything.fields() if pointer)
        return mutation_shape(one, leaves, (*one.arguments, *inner))

    def _parameters(self, kind: str, shape: Shape, one: Field, inner: tuple[Input, ...]) -> Iterator[Parameter]:
        for name in shape.in_path:
            told = next(a for a in (*inner, *one.arguments) if a.name == name)
            of = self._schemas.input(told.type)
            yield Parameter(name, Place.PATH, of, is_required=True, description=told.description)
        for other in one.arguments if kind == "query" else ():
            if other.name not in shape.in_path:
                of = self._schemas.input(other.type)
                yield Parameter(other.name, Place.QUERY, of, other.is_required, other.description)

    def _bodies(self, shape: Shape, one: Field, wrapper: Input | None, inner: tuple[Input, ...]) -> Iterator[Body]:
        beside = [a for a in one.arguments if a is not wrapper]
        sent = [a for a in (*inner, *beside) if a.name not in shape.in_path]
        if sent:
            yield Body(_JSON, self._schemas.inputs(sent), is_required=any(a.is_required for a in sent))

    def _carried(
        self, kind: str, one: Field, only_type: str, wrapper: Input | None, inner: tuple[Input, ...]
    ) -> GraphqlField:
        loop = self._loops.loop_from(one.type.name) if kind == "query" else None
        return GraphqlField(
            kind=kind,
            name=one.name,
            endpoint=self._endpoint,
            document=document(self._schema, kind, one, only_type=only_type),
            scalars=tuple((a.name, a.type.name) for a in (*one.arguments, *inner) if a.type.name in _BUILT_IN),
            wrapper=wrapper.name if wrapper else "",
            beside=frozenset(a.name for a in one.arguments if a is not wrapper),
            only_type=only_type,
            way=loop.way if loop else (),
            circle=loop.circle if loop else (),
            has_lists=(loop.has_lists or one.type.is_list) if loop else False,
            is_truth=one.type.name == "Boolean" and not one.type.is_list,
        )


def document(schema: GraphqlSchema, kind: str, one: Field, *, only_type: str = "") -> str:
    """Return the document that calls a field with all its arguments as variables."""
    declared = ", ".join(f"${a.name}: {a.type.text}" for a in one.arguments)
    given = ", ".join(f"{a.name}: ${a.name}" for a in one.arguments)
    picked = selection(schema, one.type, only_type=only_type)
    head = f"{kind} {one.name}({declared})" if declared else f"{kind} {one.name}"
    return f"{head} {{ {one.name}{f'({given})' if given else ''}{' ' if picked else ''}{picked} }}"
