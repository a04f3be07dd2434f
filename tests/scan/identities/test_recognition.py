"""An account is known by what its own answers say, and never by what they say of somebody else."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.exchange import Exchange, Request, Response
from apiward.scan.identities.recognition import facts_at_log_in, facts_in_list, facts_in_view

TOKEN = "t0k3n-abcdef-0123456789"
OWN = frozenset({"ann"})


def _said(body: object) -> Exchange:
    return Exchange(Request("GET", "http://api.test/a"), Response(200, (), json.dumps(body).encode()))


def _jwt(claims: dict[str, object]) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{middle}.c2ln"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"access_token": TOKEN, "user_id": 7, "role": "user"}, {"user_id": 7}),
        ({"token": TOKEN, "user": {"id": 7, "username": "ann"}}, {"id": 7, "username": "ann"}),
        ({"access": {"token": {"id": TOKEN}, "user": {"id": 7}}}, {"id": 7}),
        ({"token": TOKEN, "session": {"id": 9}, "plan_id": 3, "order": {"id": 5}}, {}),
        ({"id": 7, "username": "ann", "accessToken": TOKEN}, {"id": 7, "username": "ann"}),
        ({"id": 55, "token": TOKEN, "userId": 7}, {"userId": 7}),
        ({"id": 55, "token": TOKEN}, {}),
    ],
)
def test_a_log_in_says_who_has_entered(body: object, expected: dict[str, object]) -> None:
    assert facts_at_log_in(_said(body), [TOKEN], OWN) == expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"sub": "7"}, {"id": 7}),
        ({"sub": "ann", "user_id": 7}, {"user_id": 7}),
        ({"sub": "ann@shop.test"}, {}),
        ({"sub": True, "jti": "9"}, {}),
    ],
)
def test_the_claims_of_a_token_say_it_too(claims: dict[str, object], expected: dict[str, object]) -> None:
    token = _jwt(claims)
    assert facts_at_log_in(_said({"token": token}), [token], OWN) == expected


def test_a_list_of_accounts_gives_the_own_entry_and_no_other() -> None:
    rows = [{"id": 1, "username": "root"}, {"id": 7, "username": "ann"}]
    assert facts_in_list(_said(rows), ("admin", "user"), OWN) == {"id": 7}
    assert facts_in_list(_said({"data": rows}), ("user",), OWN) == {"id": 7}
    assert facts_in_list(_said([{"id": 5, "user": {"id": 7, "username": "ann"}}]), ("order",), OWN) == {"id": 7}


def test_things_that_bear_the_own_name_are_not_the_account() -> None:
    assert facts_in_list(_said([{"id": 5, "username": "ann", "text": "x"}]), ("comment",), OWN) == {}
    assert facts_in_list(_said([{"id": 1, "username": "root"}]), ("user",), OWN) == {}


def test_a_page_about_the_caller_is_believed_and_a_list_of_others_is_not() -> None:
    assert facts_in_view(_said({"user": {"id": 7, "name": "ann"}}), OWN) == {"id": 7, "name": "ann"}
    assert facts_in_view(_said([{"id": 1, "username": "root"}, {"id": 7, "username": "ann"}]), OWN) == {}
    assert facts_in_view(_said({"id": 1, "username": "root"}), OWN) == {}
    assert facts_in_view(_said({"id": 4, "name": "Hannah", "email": "joanne@shop.test"}), OWN) == {}
    assert facts_in_view(_said({"id": 4, "greeting": "Hello wabcdefg!"}), frozenset({"wabcdefg"})) == {"id": 4}


def test_what_is_known_to_be_the_callers_own_page_needs_no_name() -> None:
    page = _said({"id": 7, "email": "ann@shop.test"})
    assert facts_in_view(page, frozenset(), is_own=True) == {"id": 7, "email": "ann@shop.test"}
    assert facts_in_view(page, frozenset()) == {}


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_answer_can_be_searched(body: object) -> None:
    facts_at_log_in(_said(body), [TOKEN], OWN)
    facts_in_list(_said(body), ("user",), OWN)
    facts_in_view(_said(body), OWN)
