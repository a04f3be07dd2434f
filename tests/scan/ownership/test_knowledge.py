"""What answers teach: identifiers by the names under which others want them, for those who were shown them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.jsonvalue import Json
from apiward.scan.ownership.knowledge import MAX_NAMES, MAX_VALUES, Knowledge, named_values
from tests.scan.operations import op


def _exchange(body: Json, status: int = 200) -> Exchange:
    return Exchange(Request("GET", "http://api.test/"), Response(status, (), json.dumps(body).encode()))


def _learned(path: str, body: Json, status: int = 200) -> Knowledge:
    made = Knowledge()
    made.learn(op(f"GET {path}"), _exchange(body, status), "ann")
    return made


def test_identifiers_of_a_list() -> None:
    known = _learned("/orders", [{"id": 1}, {"id": 2}])
    assert known.values("ann", ("orderid",)) == [1, 2]
    assert known.values("", ("orderid",)) == [], "another caller was not shown them"


def test_identifiers_in_a_wrapper_of_no_meaning() -> None:
    assert _learned("/orders", {"data": {"items": [{"id": 3}]}}).values("ann", ("orderid",)) == [3]


def test_identifiers_of_things_inside_have_their_own_name() -> None:
    known = _learned("/orders/{id}", {"id": 1, "customer": {"id": 9}, "lines": [{"product_id": 4, "id": 7}]})
    assert known.values("ann", ("orderid",)) == [1]
    assert known.values("ann", ("customerid",)) == [9]
    assert known.values("ann", ("productid",)) == [4]
    assert known.values("ann", ("lineid",)) == [7]


def test_a_foreign_key_and_a_uuid_and_a_slug_are_found() -> None:
    known = _learned("/posts", [{"slug": "hello", "uuid": "u-1", "userId": 5}])
    assert known.values("ann", ("postid",)) == ["u-1", "hello"]
    assert known.values("ann", ("postslug", "slug")) == ["hello"]
    assert known.values("ann", ("userid",)) == [5]


def test_the_answer_to_a_creation_counts() -> None:
    made = Knowledge()
    made.learn(op("POST /bookings"), _exchange({"booking_id": "b7"}, 201), "ann")
    assert made.values("ann", ("bookingid",)) == ["b7"]


def test_failures_and_empty_values_teach_nothing() -> None:
    assert _learned("/orders", {"id": 1}, 404).values("ann", ("orderid",)) == []
    assert _learned("/orders", {"id": None, "order_id": "", "ok": True}).values("ann", ("orderid", "ok")) == []


def test_the_first_known_name_answers() -> None:
    known = _learned("/orders", [{"id": 1, "slug": "s"}])
    assert known.values("ann", ("nothing", "orderslug", "orderid")) == ["s"]


def test_knowledge_is_bounded() -> None:
    known = _learned("/orders", [{"id": number} for number in range(500)])
    assert len(known.values("ann", ("orderid",))) == MAX_VALUES
    for number in range(MAX_NAMES + 50):
        known.keep("ann", f"n{number}", 1)
    assert known.values("ann", ("n0",)) == []
    assert known.values("ann", (f"n{MAX_NAMES + 49}",)) == [1]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    )
)
def test_any_answer_can_be_learned_from(body: Json) -> None:
    assert named_values(body, ("order",)) == named_values(body, ("order",))
    _learned("/orders", body)
