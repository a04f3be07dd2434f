"""One request and what came back."""

import pytest

from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.core.jsonvalue import NOT_JSON

REQUEST = Request("GET", "http://api.test/", (("Accept", "*/*"),))
HEADERS = (("Content-Type", "Application/JSON; charset=utf-8"), ("Set-Cookie", "a=1"), ("set-cookie", "b=2"))


def test_headers_are_found_whatever_their_case() -> None:
    response = Response(200, HEADERS)
    assert response.header("CONTENT-type") == "Application/JSON; charset=utf-8"
    assert response.all_headers("Set-Cookie") == ("a=1", "b=2")
    assert response.media_type == "application/json"
    assert (response.header("nothing"), response.all_headers("nothing")) == (None, ())
    assert REQUEST.header("ACCEPT") == "*/*"


def test_a_body_is_read_as_text_and_as_json() -> None:
    assert Response(200, (), b'{"a": 1}').json() == {"a": 1}
    assert Response(200, (), b"\xff").text == "\ufffd"
    assert Response(200, (), b"no").json() is NOT_JSON
    assert Response(200).media_type == ""


def test_an_exchange_has_either_a_response_or_a_failure() -> None:
    with pytest.raises(ValueError, match="either"):
        Exchange(REQUEST)
    with pytest.raises(ValueError, match="either"):
        Exchange(REQUEST, Response(200), Failure.TIMEOUT)


@pytest.mark.parametrize(
    ("status", "is_success", "is_doubtful"),
    [
        (200, True, False),
        (204, True, False),
        (299, True, False),
        (302, False, False),
        (404, False, False),
        (429, False, True),
        (500, False, True),
        (599, False, True),
    ],
)
def test_what_a_status_says(status: int, is_success: bool, is_doubtful: bool) -> None:  # noqa: FBT001
    exchange = Exchange(REQUEST, Response(status, (), b"x"))
    assert (exchange.status, exchange.is_success, exchange.is_doubtful) == (status, is_success, is_doubtful)
    assert exchange.text == "x"


@pytest.mark.parametrize("failure", Failure)
def test_no_answer_says_nothing(failure: Failure) -> None:
    exchange = Exchange(REQUEST, failure=failure)
    assert (exchange.status, exchange.is_success, exchange.is_doubtful, exchange.text) == (0, False, True, "")
