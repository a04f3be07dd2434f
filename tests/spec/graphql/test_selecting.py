"""What is asked for stays small, whatever the schema."""

from apiward.spec.graphql.model import TypeRef
from apiward.spec.graphql.sdl import read_sdl
from apiward.spec.graphql.selecting import MAX_PICKED, selection


def test_a_plain_type_has_no_selection() -> None:
    assert selection(read_sdl("type Query { a: Int }"), TypeRef("Int")) == ""


def test_depth_is_bounded() -> None:
    chain = " ".join(f"type T{n} {{ a: Int next: T{n + 1} }}" for n in range(20))
    assert selection(read_sdl(chain), TypeRef("T0")) == "{ a next { a next { a } } }"


def test_width_is_bounded() -> None:
    wide = " ".join(f"type T{n} {{ {' '.join(f'f{m}: Int' for m in range(90))} next: T{n + 1} }}" for n in range(4))
    assert selection(read_sdl(wide), TypeRef("T0")).count("f") <= MAX_PICKED


def test_fields_of_one_name_and_different_types_are_left_out_of_a_union() -> None:
    schema = read_sdl("union U = A | B type A { x: Int y: Int } type B { x: String z: Int }")
    assert selection(schema, TypeRef("U")) == "{ __typename ... on A { y } ... on B { z } }"


def test_types_that_hold_only_others_are_bounded_too() -> None:
    layers = [" ".join(f"f{m}: T{n + 1}_{m}" for m in range(100)) for n in range(2)]
    types = [f"type T0 {{ {layers[0]} }}", *(f"type T1_{m} {{ {layers[1]} }}" for m in range(100))]
    types += [f"type T2_{m} {{ told(by: Int!): Int }}" for m in range(100)]
    assert selection(read_sdl(" ".join(types)), TypeRef("T0")).count("__typename") <= MAX_PICKED
