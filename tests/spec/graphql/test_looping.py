"""The shortest way back is found, and documents of any depth are made of it."""

from apiward.spec.graphql.describing import describe_graphql
from apiward.spec.graphql.looping import Loops, deep_document
from apiward.spec.graphql.sdl import read_sdl

SCHEMA = read_sdl(
    "type Query { note(id: ID!): Note book: Book } type Note { id: ID book: Book tags(n: Int!): [Note] } "
    "type Book { author: Author } type Author { books: [Book!]! self: Author }"
)


def test_the_shortest_loop_is_found() -> None:
    loop = Loops(SCHEMA).loop_from("Note")
    assert loop is not None
    assert (loop.way, loop.circle, loop.has_lists) == (("book", "author"), ("self",), False)
    listed = Loops(read_sdl("type A { bs: [B] } type B { a: A }")).loop_from("A")
    assert listed is not None
    assert (listed.circle, listed.has_lists) == (("bs", "a"), True)
    assert Loops(read_sdl("type A { b: B } type B { c: Int }")).loop_from("A") is None


def test_a_document_is_as_deep_as_it_should_be() -> None:
    api = describe_graphql(SCHEMA, endpoint="/graphql", source="")
    field = api.operations[0].field
    assert field is not None
    assert deep_document(field, 0) == "query note($id: ID!) { note(id: $id) { __typename } }"
    assert deep_document(field, 5) == (
        "query note($id: ID!) { note(id: $id) { book { author { self { self { self { __typename } } } } } } }"
    )


def test_a_tangled_schema_ends() -> None:
    wide = " ".join(f"type T{n} {{ {' '.join(f'f{m}: T{n + 1}' for m in range(60))} }}" for n in range(8))
    assert Loops(read_sdl(wide)).loop_from("T0") is None
