"""The phone app's GraphQL of the sound business: it answers as the language asks, and refuses what it should."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.demo.factors import totp
from apiward.demo.people import CLIENT, OTHER_CLIENT
from tests.demo.graphql_attacks import URL, ask
from tests.demo.visitor import Visitor

LOG_IN = "mutation ($email: String!, $password: String!, $code: String) "
LOG_IN += "{ login(email: $email, password: $password, code: $code) { token client { name } } }"


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    made = Visitor((), tmp_path)
    yield made
    made.close()


def test_a_client_logs_in_and_reads(visitor: Visitor) -> None:
    told = ask(visitor, LOG_IN, email=CLIENT.email, password=CLIENT.password).json
    assert "errors" not in told
    answer = told["data"]["login"]
    assert answer["client"] == {"name": CLIENT.name}
    got = ask(
        visitor, "{ who: me { ...Short } } fragment Short on Client { name __typename }", f"Bearer {answer['token']}"
    )
    assert got.json == {"data": {"who": {"name": CLIENT.name, "__typename": "Client"}}}


def test_with_a_second_factor_on_the_password_alone_opens_nothing(visitor: Visitor) -> None:
    token = visitor.log_in()
    secret = visitor.call("POST", "/api/v2/me/second-factor", token=token).json["secret"]
    code = totp(secret, int(visitor.now / 30))
    visitor.call("POST", "/api/v2/me/second-factor/confirm", {"code": code}, token=token)
    known = {"email": CLIENT.email, "password": CLIENT.password}
    assert ask(visitor, LOG_IN, **known).json["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert ask(visitor, LOG_IN, **known, code="000000").json["data"]["login"] is None
    assert ask(visitor, LOG_IN, **known, code=code).json["data"]["login"]["token"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("{ me { name }", 400),
        ("{ nothing }", 400),
        ("{ note(wrong: 1) { id } }", 400),
        ("{ me }", 400),
        ("subscription { a }", 400),
        ("{ note(id: " + "1" * 5_000 + ") { id } }", 400),
        ("{ ...A } fragment A on Query { ...A }", 400),
        ("{ __schema { types { name } } }", 400),
        ("{ " + "me { id } " * 300 + "}", 400),
        ("{ __typename }", 200),
        ("{ me { name } }", 200),
    ],
)
def test_what_cannot_be_answered_is_refused(visitor: Visitor, query: str, status: int) -> None:
    assert ask(visitor, query).status == status


@pytest.mark.parametrize(
    "body", [[], [{"query": "{ __typename }"}], 1, None, {"query": 1}, {"query": "{a}", "variables": 1}]
)
def test_what_is_no_query_is_refused(visitor: Visitor, body: object) -> None:
    assert visitor.call("POST", URL, body).status == 400


def test_values_are_held_against_their_types(visitor: Visitor) -> None:
    token = visitor.log_in(OTHER_CLIENT)
    change = "mutation ($input: NoteInput!) { createNote(input: $input) { id } }"
    for wrong in ({"title": 1, "text": "x"}, {"title": "x"}, {"title": "x", "text": "y", "owner": "me"}, "x", None):
        answer = ask(visitor, change, token, input=wrong).json
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_reads_by_get_work_and_changes_do_not(visitor: Visitor) -> None:
    assert visitor.call("GET", f"{URL}?query={{__typename}}").json == {"data": {"__typename": "Query"}}
    assert visitor.call("GET", f"{URL}?query=mutation{{__typename}}").status == 405
