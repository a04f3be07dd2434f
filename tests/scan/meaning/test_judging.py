"""What an answer means, whatever its status says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.exchange import Exchange, Failure, Headers, Request, Response
from apiward.core.jsonvalue import Json
from apiward.scan.meaning import judging

REQUEST = Request("GET", "http://api.test/a")
PAGE = '<html><form action="/login"><input name="p" type="password"></form></html>'


def _said(status: int, body: object = "", headers: Headers = ()) -> Exchange:
    text = body if isinstance(body, str) else json.dumps(body)
    return Exchange(REQUEST, Response(status, headers, text.encode()))


NOTHING = Exchange(REQUEST, failure=Failure.TIMEOUT)


@pytest.mark.parametrize(
    "exchange",
    [
        _said(200, {"status": "fail"}),
        _said(200, {"success": False}),
        _said(200, {"ok": False, "error": "no"}),
        _said(200, {"error": "not found"}),
        _said(200, {"errors": [{"message": "x"}]}),
        _said(200, {"code": 401, "message": "x"}),
        _said(200, {"statusCode": 404}),
        _said(200, {"meta": {"status": "error"}}),
        _said(200, PAGE),
        _said(404),
        _said(302),
    ],
)
def test_a_no_is_a_no_also_with_status_200(exchange: Exchange) -> None:
    assert judging.says_failure(exchange)
    assert not judging.is_accepted(exchange)
    assert judging.is_refused(exchange)


@pytest.mark.parametrize(
    "exchange",
    [
        _said(200, {"status": "ok"}),
        _said(200, {"status": "active", "id": 1}),
        _said(200, {"error": None, "errors": [], "id": 1}),
        _said(200, {"success": True}),
        _said(200, {"code": 200}),
        _said(200, [{"status": "failed"}]),
        _said(200, "plain text"),
        _said(200, "<html><p>welcome</p></html>"),
        _said(204),
        _said(201, {}),
    ],
)
def test_a_yes_is_a_yes(exchange: Exchange) -> None:
    assert judging.is_accepted(exchange)
    assert not judging.is_refused(exchange)
    assert not judging.is_logged_out(exchange)


@pytest.mark.parametrize("exchange", [NOTHING, _said(500), _said(503), _said(429)])
def test_a_doubtful_answer_is_neither_yes_nor_no(exchange: Exchange) -> None:
    assert not judging.is_accepted(exchange)
    assert not judging.is_refused(exchange)
    assert not judging.is_logged_out(exchange)


@pytest.mark.parametrize(
    ("exchange", "expected"),
    [
        (_said(401), True),
        (_said(440), True),
        (_said(302, headers=(("Location", "/login?next=/a"),)), True),
        (_said(302, headers=(("Location", "/orders/7"),)), False),
        (_said(403, {"detail": "Not authenticated"}), True),
        (_said(403, {"detail": "You may not see this"}), False),
        (_said(400, {"message": "jwt expired"}), True),
        (_said(400, {"message": "title is missing"}), False),
        (_said(200, {"status": "fail", "message": "Invalid token. Please log in again."}), True),
        (_said(200, {"status": "fail", "message": "Book not found"}), False),
        (_said(200, PAGE), True),
        (_said(404, {"message": "no such token"}), False),
    ],
)
def test_what_means_log_in_again(exchange: Exchange, expected: bool) -> None:  # noqa: FBT001
    assert judging.is_logged_out(exchange) is expected


def test_what_changes_by_itself_is_left_out() -> None:
    one = _said(200, {"at": "2026-11-23T10:00:00Z", "id": "2f1c3b5a-8d5e-4f00-a1b2-c3d4e5f60718", "n": 1234567890})
    other = _said(200, {"at": "2026-11-23T10:00:07Z", "id": "7f1c3b5a-8d5e-4f00-a1b2-c3d4e5f60718", "n": 1234567999})
    assert judging.steady_text(one) == judging.steady_text(other)
    assert judging.steady_text(_said(200, "Hello ann"), "ann") == judging.steady_text(_said(200, "Hello ben"), "ben")
    assert judging.steady_text(_said(200, "Hello ann")) != judging.steady_text(_said(200, "Hello ben"))


def test_answers_of_the_same_shape_are_alike() -> None:
    assert judging.is_alike(_said(404, {"message": "a"}), _said(403, {"message": "b"}))
    assert not judging.is_alike(_said(200, {"message": "a"}), _said(404, {"message": "a"}))
    assert not judging.is_alike(_said(200, {"message": "a"}), _said(200, {"id": 1}))
    assert judging.is_alike(_said(200, "x 1234567"), _said(200, "x 7654321"))
    assert not judging.is_alike(_said(200, "x"), NOTHING)
    assert judging.shape({"a": [{"b": 1}, {"b": 2}]}) == {"a", "a.b"}


@given(
    st.integers(100, 599),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    ),
)
def test_any_answer_is_judged_one_way(status: int, body: Json) -> None:
    exchange = _said(status, body)
    assert not (judging.is_accepted(exchange) and judging.is_refused(exchange))
    assert not (judging.is_accepted(exchange) and judging.is_logged_out(exchange))
    assert judging.is_alike(exchange, exchange)
