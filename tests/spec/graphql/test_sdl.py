"""A written schema is read whole, a broken one is refused with its reason, and nothing takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.spec.graphql.model import Kind
from apiward.spec.graphql.sdl import looks_like_sdl, read_sdl
from apiward.spec.graphql.words import GraphqlError
from tests.spec.graphql.schemas import SHOP


def test_types_fields_arguments_and_roots_are_read() -> None:
    schema = read_sdl(SHOP)
    assert (schema.query, schema.mutation) == ("Query", "Mutation")
    order = next(one for one in schema.fields_of("Query") if one.name == "order")
    assert (order.type.text, [(a.name, a.type.text, a.is_required) for a in order.arguments]) == (
        "Order",
        [("id", "ID!", True)],
    )
    assert schema.types["Role"].members == ("USER", "ADMIN")
    assert schema.types["LoginResult"].kind is Kind.UNION
    assert schema.types["Node"].members == ("User", "Order")
    assert [one.has_default for one in schema.types["OrderInput"].inputs] == [False, True, False, False]


def test_an_extension_adds_to_its_type() -> None:
    assert [one.name for one in read_sdl(SHOP).fields_of("Mutation")][-1] == "logout"


def test_descriptions_and_deprecations_are_kept() -> None:
    schema = read_sdl(SHOP)
    assert next(one.description for one in schema.fields_of("Query") if one.name == "allUsers") == "Only for admins"
    assert [one.is_deprecated for one in schema.fields_of("Note")] == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "type Query { a: }",
        "type Query { a: String",
        "type Query { a(: String): String }",
        "type Query { a(b: Int = [1): String }",
        "type { a: String }",
        "query { a }",
        "type Query { a: String } §",
        "type Query { a: " + "[" * 40 + "String" + "]" * 40 + " }",
        'type Query { "open: String }',
    ],
)
def test_what_is_broken_is_refused(text: str) -> None:
    with pytest.raises(GraphqlError):
        read_sdl(text)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (SHOP, True),
        ("# made by hand\n\nschema {\n query: Q }", True),
        ('"A text"\nscalar Date @specifiedBy(url: "x")', True),
        ("extend type Query { a: Int }", True),
        ("openapi: 3.0.0\npaths: {}\n", False),
        ("type: object\nproperties: {}\n", False),
        ('{"openapi": "3.0.0"}', False),
        ("type A\n", False),
        ("", False),
    ],
)
def test_a_schema_is_told_from_other_texts(text: str, is_one: bool) -> None:  # noqa: FBT001
    assert looks_like_sdl(text) is is_one


@given(st.text(alphabet='{}()[]!:=@&|"#$ \nabIDtype', max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    looks_like_sdl(text)
    try:
        read_sdl(text)
    except GraphqlError:
        return


@pytest.mark.parametrize("text", ['"' * 200_001, '"""' + '"' * 200_000, "#" * 400_000, "type " * 20_000, "{" * 40_001])
def test_a_hostile_text_ends(text: str) -> None:
    looks_like_sdl(text)
    with pytest.raises(GraphqlError):
        read_sdl(f"type Query {{ a: String }} {text}\n (")


@pytest.mark.parametrize(
    "text",
    [
        f"type Query implements {'I ' * 20_000} {{ a: Int }}",
        "type Query { a: Int } " + "extend type Query { a: Int } " * 20_000,
        f"union Query = {'A |' * 20_000} A",
    ],
    ids=["interfaces", "extensions", "members"],
)
def test_what_is_told_in_many_pieces_has_a_bound_as_well(text: str) -> None:
    with pytest.raises(GraphqlError, match="more than"):
        read_sdl(f"interface I {{ a: Int }} {text}")


def test_an_interface_that_many_say_often_takes_no_time() -> None:
    often = "I " * 1_900
    begun = time.process_time()
    types = " ".join(f"type T{n} implements {often} {{ a: Int }}" for n in range(60))
    schema = read_sdl(f"interface I {{ a: Int }} {types}")
    assert time.process_time() - begun < 5
    assert schema.types["I"].members[:2] == ("T0", "T1")
