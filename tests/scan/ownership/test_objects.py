"""Objects of the scan's accounts, and the operations that can point at them."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Headers, Request, Response
from apiward.core.jsonvalue import Json
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.calling.values import fresh_email, fresh_text
from apiward.scan.identities.personas import invent
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from tests.scan.operations import op

RNG = random.Random(1)
MARK = fresh_text(RNG, "title")
MAKE = op("POST /orders", body="title")
NO_HEADERS: Headers = ()


def _made(
    answer: Json, *, by: Operation = MAKE, sent: Json = None, status: int = 201, headers: Headers = NO_HEADERS
) -> OwnedObject:
    arguments = Arguments(body={"title": MARK} if sent is None else sent)
    body = json.dumps(answer).encode()
    exchange = Exchange(Request("POST", "http://api.test/orders"), Response(status, headers, body))
    return objects.made(by, "ann", arguments, exchange)


def _account() -> OwnedObject:
    return objects.account_object("ann", {"id": 5, "username": "wann", "email": "a@example.com"}, frozenset({"wann"}))


def test_marks_are_what_the_scanner_made_up() -> None:
    text, email = fresh_text(RNG), fresh_email(RNG)
    assert objects.marks_in(f"before {text}, {email} after") == {text.rpartition(" ")[2], email.partition("@")[0]}
    assert objects.marks_of({"a": [text], "b": 7, "c": "hello world"}) == {text.rpartition(" ")[2]}
    assert objects.marks_in(invent(RNG).handle)


@pytest.mark.parametrize(
    "answer",
    [
        {"id": 7},
        {"order_id": 7},
        {"orderId": 7, "status": "new"},
        {"data": {"id": 7}},
        {"order": {"id": 7, "customer": {"id": 3}}},
        {"message": "ok", "result": {"order": {"id": 7}}},
    ],
)
def test_the_identifier_of_what_was_made_is_found(answer: Json) -> None:
    made = _made(answer)
    assert made.names["orderid"] == (7,)
    assert made.marks == {MARK.rpartition(" ")[2]}
    assert (made.noun, made.collection) == ("order", "/orders")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/orders/7", 7),
        ("http://api.test/orders/7?x=1#y", 7),
        ("//api.test/orders/a%20b/", "a b"),
        ("/orders/2f1c3b5a", "2f1c3b5a"),
    ],
)
def test_an_identifier_in_the_location_is_found(location: str, expected: Json) -> None:
    assert _made({}, headers=(("Location", location),)).names["orderid"] == (expected,)


@pytest.mark.parametrize("location", ["", "http://api.test", "http://[::bad:::/", "?", "/"])
def test_a_location_that_names_nothing_is_ignored(location: str) -> None:
    made = _made({}, headers=(("Location", location),))
    assert made.names.get("orderid", ()) in ((), ("orders",))


def test_a_name_that_was_sent_may_identify() -> None:
    made = _made({"message": "ok"}, sent={"title": "book one", "author_id": 3})
    assert made.names["title"] == ("book one",)
    assert "authorid" not in made.names


@pytest.mark.parametrize(
    ("line", "more", "expected"),
    [
        ("GET /orders/{id}", {}, {Slot("path", ("id",)): 7}),
        ("GET /orders/{order_id}/items", {}, {Slot("path", ("order_id",)): 7}),
        ("GET /v2/order/{orderId}", {}, {Slot("path", ("orderId",)): 7}),
        ("GET /order-status", {"query": "order_id"}, {Slot("query", ("order_id",)): 7}),
        ("POST /payments", {"body": "order_id amount"}, {Slot(BODY, ("order_id",)): 7}),
    ],
)
def test_an_operation_points_by_path_query_or_body(line: str, more: dict[str, str], expected: dict[Slot, Json]) -> None:
    operation = op(line, query=more.get("query", ""), body=more.get("body", ""))
    assert objects.pointings(operation, _made({"id": 7})) == [expected]


@pytest.mark.parametrize("line", ["GET /orders", "GET /invoices/{id}", "GET /invoices/{invoice_id}", "GET /"])
def test_an_operation_on_other_things_does_not_point(line: str) -> None:
    assert objects.pointings(op(line), _made({"id": 7})) == []


def test_a_title_in_the_path_points_where_there_is_no_identifier() -> None:
    target = _made({"message": "ok"}, by=op("POST /books", body="book_title"), sent={"book_title": MARK})
    assert objects.pointings(op("GET /books/{book_title}"), target) == [{Slot("path", ("book_title",)): MARK}]


def test_an_account_is_an_object_too() -> None:
    account = _account()
    assert objects.pointings(op("GET /users/{id}"), account)[0] == {Slot("path", ("id",)): 5}
    assert objects.pointings(op("PUT /users/v1/{username}/email", body="email"), account)
    assert objects.pointings(op("GET /orders/{id}"), account) == []


MAKING = ["POST /orders createOrder", "POST /books/v1", "POST /users/{id}/notes", "POST /cart/items"]


@pytest.mark.parametrize("line", MAKING)
def test_what_makes_an_object(line: str) -> None:
    assert objects.creates(op(line, body="title"))


@pytest.mark.parametrize(
    "line",
    [
        "POST /login | username password",
        "POST /register | username password",
        "POST /orders/{id}/cancel | reason",
        "POST /search | text",
        "POST /reset | x",
        "POST /orders/bulk-delete | ids",
        "PUT /orders | title",
        "GET /orders | title",
        "POST /me | name",
        "POST /orders |",
        "POST /token/refresh | refresh_token",
        "POST /session/renew | ticket",
    ],
)
def test_what_makes_none(line: str) -> None:
    head, _, body = line.partition(" |")
    assert not objects.creates(op(head, body=body))


def test_parents_are_made_before_their_children_and_nothing_is_made_for_staff() -> None:
    lines = ["POST /orders/{id}/items", "POST /orders", "POST /admin/coupons", "POST /products"]
    found = objects.makers(tuple(op(line, body="title") for line in lines))
    assert [one.path for one in found] == ["/orders", "/products", "/orders/{id}/items"]


def test_names_beside_a_mark_come_from_the_innermost_object() -> None:
    mark = next(iter(objects.marks_of(MARK)))
    body: Json = {"id": 1, "rows": [{"id": 2, "title": "other"}, {"id": 3, "title": MARK}]}
    found = dict(objects.names_beside(body, frozenset({mark}), "order"))
    assert found["orderid"] == 3
    assert objects.names_beside(body, frozenset({"none00000"}), "order") == []


def test_names_beside_a_mark_in_a_part_come_from_the_whole() -> None:
    mark = next(iter(objects.marks_of(MARK)))
    body: Json = [{"id": 2, "contact": {"city": "x"}}, {"id": 3, "contact": {"phone": "1", "address": {"city": MARK}}}]
    assert dict(objects.names_beside(body, frozenset({mark}), "order"))["orderid"] == 3
    without: Json = [{"total": 2, "contact": {"phone": "1", "city": MARK}}]
    assert dict(objects.names_beside(without, frozenset({mark}), "order"))["phone"] == "1"


def test_names_are_merged_first_come_and_bounded() -> None:
    names = objects.merged({"a": (1,)}, [("a", 2), ("a", 1), ("a", 3), ("a", 4), ("b", 5)])
    assert names == {"a": (1, 2, 3), "b": (5,)}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "a", "order"]), inner),
    max_leaves=8,
)


@given(JSON, JSON, st.text(max_size=40))
def test_any_answer_makes_an_object_that_can_be_pointed_at_or_not(answer: Json, sent: Json, location: str) -> None:
    target = _made(answer, sent=sent, headers=(("Location", location),))
    for line in ("GET /orders/{id}", "PUT /orders/{id}/x/{y}", "GET /orders"):
        assert len(objects.pointings(op(line, query="order_id"), target)) <= objects.MAX_ALTERNATIVES
