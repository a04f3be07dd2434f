"""Types become schemas: scalars by name, enums, lists, objects; circles are cut."""

from apiward.core.schema import Schema
from apiward.spec.graphql.model import TypeRef
from apiward.spec.graphql.schemas import Schemas
from apiward.spec.graphql.sdl import read_sdl
from tests.spec.graphql.schemas import SHOP

SCHEMAS = Schemas(read_sdl(SHOP))


def test_an_input_object_becomes_an_object() -> None:
    found = SCHEMAS.input(TypeRef("OrderInput!"))
    assert (found.types, found.required) == (("object",), frozenset({"productId"}))
    assert not found.is_open
    assert not found.is_nullable
    assert found.properties["productId"].types == ("string", "integer")
    assert found.properties["quantity"].types == ("integer",)
    assert found.properties["address"].required == {"street"}


def test_lists_enums_and_unknown_scalars() -> None:
    roles = SCHEMAS.input(TypeRef("[Role!]!"))
    assert roles.types == ("array",)
    assert roles.items is not None
    assert roles.items.enum == ("USER", "ADMIN")
    assert SCHEMAS.input(TypeRef("DateTime")).format == "date-time"
    assert SCHEMAS.input(TypeRef("Money")).types == ()


def test_circles_are_cut() -> None:
    user = SCHEMAS.output(TypeRef("User"))
    orders = user.properties["orders"].items
    assert orders is not None
    assert orders.properties["owner"].properties["orders"].items is not None
    loop = read_sdl("input In { in: In } type Query { a: Int }")
    assert _depth(Schemas(loop).input(TypeRef("In"))) < 10


def test_a_large_schema_is_made_once() -> None:
    wide = " ".join(f"type T{n} {{ {' '.join(f'f{m}: T{(n + m) % 40}' for m in range(40))} }}" for n in range(40))
    schemas = Schemas(read_sdl(wide))
    first = schemas.output(TypeRef("T0"))
    assert first.properties["f1"].properties["f0"] is schemas.output(TypeRef("T1"), 3).properties["f0"]


def _depth(schema: Schema) -> int:
    return 1 + max((_depth(child) for child in schema.properties.values()), default=0)
