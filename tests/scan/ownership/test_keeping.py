"""What is kept of large answers."""

import json

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.jsonvalue import NOT_JSON
from apiward.scan.ownership.keeping import KEPT_BYTES, kept


def _answered(body: bytes) -> Exchange:
    return Exchange(Request("GET", "http://api.test/users"), Response(200, (), body))


def test_a_small_answer_is_kept_as_it_is() -> None:
    exchange = _answered(b'{"a": 1}')
    assert kept(exchange) is exchange


def test_a_long_list_keeps_its_ends_and_stays_json() -> None:
    users = [{"email": f"person{number}@example.com", "note": "x" * 60} for number in range(2_000)]
    short = kept(_answered(json.dumps({"users": users}).encode()))
    assert short.response is not None
    body = short.response.json()
    assert isinstance(body, dict)
    assert short.response.is_cut
    assert len(short.response.body) <= KEPT_BYTES
    listed = body["users"]
    assert isinstance(listed, list)
    assert listed[0] == users[0]
    assert listed[-1] == users[-1]


def test_a_large_text_that_is_no_json_is_cut() -> None:
    short = kept(_answered(b"<p>" + b"x" * 100_000))
    assert short.response is not None
    assert len(short.response.body) == KEPT_BYTES
    assert short.response.json() is NOT_JSON


@given(st.recursive(st.text(max_size=300) | st.integers(), lambda inner: st.lists(inner, max_size=60), max_leaves=120))
def test_whatever_is_kept_is_bounded(value: object) -> None:
    short = kept(_answered(json.dumps({"pad": "y" * KEPT_BYTES, "value": value}).encode()))
    assert short.response is not None
    assert len(short.response.body) <= KEPT_BYTES
