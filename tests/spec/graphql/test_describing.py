"""Fields become operations that read like the ones of any other API, and documents that a server takes."""

import pytest

from apiward.core.api import Api, Operation, Place
from apiward.spec.graphql.describing import describe_graphql, moved_to
from apiward.spec.graphql.sdl import read_sdl
from apiward.spec.meaning import accounts, dangers, roles
from tests.spec.graphql.schemas import SHOP

API = describe_graphql(read_sdl(SHOP), endpoint="/graphql", source="shop.graphql")


def named(name: str, api: Api = API) -> Operation:
    return next(op for op in api.operations if op.field is not None and op.field.name == name)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("me", "GET /me"),
        ("orders", "GET /orders"),
        ("order", "GET /orders/{id}"),
        ("getNoteById", "GET /notes/{noteId}"),
        ("userByName", "GET /users/{username}"),
        ("searchProducts", "GET /products"),
        ("login", "POST /login"),
        ("register", "POST /register"),
        ("createOrder", "POST /orders"),
        ("updateNote", "PATCH /notes/{id}"),
        ("deleteNote", "DELETE /notes/{id}"),
        ("cancelOrder", "POST /orders/{orderId}/cancel"),
        ("orderUpdate", "PATCH /orders/{id}"),
        ("updateUser", "PATCH /me"),
        ("logout", "POST /logout"),
    ],
)
def test_a_field_reads_like_an_operation_of_http(name: str, shape: str) -> None:
    operation = named(name)
    assert f"{operation.method} {operation.path}" == shape


def test_each_operation_has_a_key_of_its_own() -> None:
    keys = [op.key for op in API.operations]
    assert len(set(keys)) == len(keys)
    assert "POST /graphql query order" in keys
    assert {"POST /graphql query node User", "POST /graphql query node Order"} <= set(keys)


def test_what_a_field_is_for_is_understood() -> None:
    assert accounts.is_log_in(named("login"))
    assert accounts.is_sign_up(named("register"))
    assert accounts.is_log_out(named("logout"))
    assert roles.is_meant_for_staff(named("allUsers"))
    assert dangers.danger(named("deleteNote")) is None


def test_the_document_asks_for_plain_fields_to_a_small_depth_and_cuts_circles() -> None:
    assert named("me").field is not None
    documents = {op.field.name: op.field.document for op in API.operations if op.field is not None}
    assert documents["me"] == "query me { me { id email role orders { id total items(first: 5) { name } } } }"
    assert documents["orders"] == (
        "query orders($first: Int) { orders(first: $first) { edges { cursor node { id total "
        "owner { id email role } items(first: 5) { name } } } pageInfo { hasNextPage } } }"
    )
    assert "price" not in documents["order"]  # it needs an argument
    assert documents["login"] == (
        "mutation login($username: String!, $password: String!) { login(username: $username, password: $password) "
        "{ __typename ... on LoginSuccess { token } ... on LoginError { message } } }"
    )


def test_arguments_become_parameters_and_body() -> None:
    order = named("order")
    assert [(p.name, p.place, p.is_required) for p in order.parameters] == [("id", Place.PATH, True)]
    search = named("searchProducts")
    assert [(p.name, p.place, p.is_required) for p in search.parameters] == [
        ("term", Place.QUERY, False),
        ("limit", Place.QUERY, False),
    ]
    body = named("createOrder").body_schema()
    assert body is not None
    assert set(body.properties) == {"productId", "quantity", "note", "address"}
    assert body.required == {"productId"}
    update = named("updateNote").body_schema()
    assert update is not None
    assert set(update.properties) == {"text"}


def test_types_that_hold_themselves_are_cut() -> None:
    text = "type Query { a(of: In): A } type A { a: A b: String } input In { in: In name: String }"
    api = describe_graphql(read_sdl(text), endpoint="/graphql", source="")
    (operation,) = api.operations
    assert operation.field is not None
    assert operation.field.document == "query a($of: In) { a(of: $of) { b } }"


def test_a_type_without_a_plain_field_is_asked_for_its_name() -> None:
    api = describe_graphql(read_sdl("type Query { a: A } type A { b(c: Int!): String }"), endpoint="/g", source="")
    assert api.operations[0].field is not None
    assert api.operations[0].field.document == "query a { a { __typename } }"


def test_a_schema_moves_to_where_it_is_served() -> None:
    assert named("me", moved_to(API, "/api/graphql")).key == "POST /api/graphql query me"


def test_on_the_way_there_is_one_operation_for_all() -> None:
    assert [op.key for op in API.by_address().operations] == ["POST /graphql"]
