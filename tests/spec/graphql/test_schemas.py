"""Types become schemas: scalars by name, enums, lists, objects; circles are cut."""

from apiward.spec.graphql.model import TypeRef
from apiward.spec.graphql.schemas import input_schema, output_schema
from apiward.spec.graphql.sdl import read_sdl
from tests.spec.graphql.schemas import SHOP

SCHEMA = read_sdl(SHOP)


def test_an_input_object_becomes_an_object() -> None:
    found = input_schema(SCHEMA, TypeRef("OrderInput!"))
    assert (found.types, found.required) == (("object",), frozenset({"productId"}))
    assert not found.is_open
    assert not found.is_nullable
    assert found.properties["productId"].types == ("string", "integer")
    assert found.properties["quantity"].types == ("integer",)
    assert found.properties["address"].required == {"street"}


def test_lists_enums_and_unknown_scalars() -> None:
    roles = input_schema(SCHEMA, TypeRef("[Role!]!"))
    assert roles.types == ("array",)
    assert roles.items is not None
    assert roles.items.enum == ("USER", "ADMIN")
    assert input_schema(SCHEMA, TypeRef("DateTime")).format == "date-time"
    assert input_schema(SCHEMA, TypeRef("Money")).types == ()


def test_circles_are_cut() -> None:
    user = output_schema(SCHEMA, TypeRef("User"), SCHEMA.fields_of("User"))
    orders = user.properties["orders"].items
    assert orders is not None
    assert orders.properties["owner"].is_recursive
    loop = read_sdl("input In { in: In } type Query { a: Int }")
    assert input_schema(loop, TypeRef("In")).properties["in"].is_recursive
