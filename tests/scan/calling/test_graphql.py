"""An operation that GraphQL carries is called with its document, and its answer read as one of HTTP alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import GraphqlField
from apiward.core.exchange import Response
from apiward.core.jsonvalue import Json
from apiward.scan.calling.arguments import Arguments
from apiward.scan.calling.graphql import answer_of, body_of

_QUERY = GraphqlField("query", "order", "/graphql", "query order { order { id } }", scalars=(("id", "Int"),))
_DELETE = GraphqlField("mutation", "deleteOrder", "/graphql", "…", is_truth=True)
_LOGIN = GraphqlField("mutation", "login", "/graphql", "…")


def _answer(body: Json, status: int = 200) -> Response:
    return Response(status, (("Content-Type", "application/json"),), json.dumps(body).encode())


def _read(field: GraphqlField, body: Json, status: int = 200) -> tuple[int, object]:
    said = answer_of(field, _answer(body, status))
    return said.status, said.json()


def test_arguments_become_variables_in_the_form_that_is_wanted() -> None:
    body = body_of(_QUERY, Arguments(path={"id": "12"}, query={"first": 3}))
    assert body == {"query": _QUERY.document, "variables": {"first": 3, "id": 12}, "operationName": "order"}


def test_what_belongs_into_one_variable_stands_there_and_so_does_what_nobody_declared() -> None:
    field = GraphqlField("mutation", "update", "/g", "…", wrapper="input", beside=frozenset({"id"}))
    body = body_of(field, Arguments(path={"id": "a"}, body={"text": "x", "role": "admin"}))
    assert isinstance(body, dict)
    assert body["variables"] == {"id": "a", "input": {"text": "x", "role": "admin"}}


def test_the_value_of_the_field_is_the_body() -> None:
    assert _read(_QUERY, {"data": {"order": {"id": 1}}}) == (200, {"id": 1})
    assert _read(_QUERY, {"data": {"order": [{"id": 1}]}}) == (200, [{"id": 1}])


def test_a_partial_answer_is_an_answer() -> None:
    assert _read(_QUERY, {"data": {"order": {"id": 1}}, "errors": [{"message": "no"}]}) == (200, {"id": 1})


def test_pages_become_plain_lists() -> None:
    paged: Json = {"edges": [{"cursor": "a", "node": {"id": 1, "items": {"nodes": [2]}}}], "pageInfo": {}}
    assert _read(_QUERY, {"data": {"order": paged}}) == (200, [{"id": 1, "items": [2]}])


def test_a_text_and_a_truth_are_put_under_a_name() -> None:
    assert _read(_LOGIN, {"data": {"login": "eyJ"}}) == (200, {"token": "eyJ"})
    assert _read(_DELETE, {"data": {"deleteOrder": False}}) == (200, {"success": False})


def test_nothing_found_is_nothing_found() -> None:
    assert _read(_QUERY, {"data": {"order": None}})[0] == 404
    assert _read(_LOGIN, {"data": {"login": None}})[0] == 404


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"message": "x", "extensions": {"code": "UNAUTHENTICATED"}}, 401),
        ({"message": "You must be logged in"}, 401),
        ({"message": "Not authenticated"}, 401),
        ({"message": "x", "extensions": {"code": "FORBIDDEN"}}, 403),
        ({"message": "You are not authorized to see this"}, 403),
        ({"message": "You do not have permission to perform this action"}, 403),
        ({"message": "x", "extensions": {"code": "NOT_FOUND"}}, 404),
        ({"message": "Order matching query does not exist."}, 404),
        ({"message": "x", "extensions": {"code": "BAD_USER_INPUT"}}, 400),
        ({"message": 'Variable "$id" of required type "ID!" was not provided.'}, 400),
        ({"message": "Cannot query field 'x' on type 'Y'.", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}, 400),
        ({"message": "Too many requests"}, 429),
        ({"message": "Username already taken"}, 409),
        ({"message": "Internal server error"}, 500),
        ({"message": "boom", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}, 500),
        ({"message": "Order not found", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}, 404),
        ({"message": "x", "extensions": {"status": 418}}, 418),
        ({"message": "That will not do"}, 400),
        ("only a text", 400),
        (None, 400),
    ],
)
def test_a_refusal_with_status_200_gets_the_status_that_it_means(error: Json, status: int) -> None:
    body: Json = {"data": None, "errors": [error]}
    assert _read(_QUERY, body) == (status, body)


def test_a_status_that_says_enough_is_kept() -> None:
    assert _read(_QUERY, {"errors": [{"message": "Order not found"}]}, 403)[0] == 403


def test_a_result_that_is_a_fault_by_its_type_or_list_is_a_refusal() -> None:
    failed: Json = {"data": {"login": {"__typename": "LoginError", "message": "wrong password"}}}
    assert _read(_LOGIN, failed)[0] == 401
    assert _read(_LOGIN, {"data": {"login": {"userErrors": [{"message": "name is taken"}]}}})[0] == 400
    assert _read(_LOGIN, {"data": {"login": {"userErrors": [], "id": 1}}})[0] == 200


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"detail": "no"}', b"\xff"])
def test_what_is_no_graphql_stays_as_it_is(body: bytes) -> None:
    response = Response(502, (), body)
    assert answer_of(_QUERY, response) is response


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "errors", "order", "edges", "node", "message", "extensions", "code"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(_json)
def test_any_answer_can_be_read(body: Json) -> None:
    bodies: tuple[Json, ...] = (body, {"data": body}, {"data": {"order": body}}, {"errors": body, "data": None})
    for one in bodies:
        said = answer_of(_QUERY, _answer(one))
        assert 200 <= said.status < 600
