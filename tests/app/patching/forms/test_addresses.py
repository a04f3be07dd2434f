from dataclasses import replace

import pytest

from apiward.app.patching.cases import WHOLE_API
from tests.app.patching.made import described, exchange, finding, operation, rules_of

API = described(
    {
        "/api/v2/notes": {"get": operation()},
        "/api/v2/_debug": {"get": operation()},
        "/v1/still": {"get": operation()},
    }
)


@pytest.mark.parametrize(
    ("check", "key", "place", "where"),
    [
        ("INV01", "GET /api/v2/_export", "/api/v2/_export", "* /api/v2/_export"),
        ("INV01", "GET /api/v2/_debug", "", "GET /api/v2/_debug"),
        ("INV02", "GET /api/v1/notes", "/api/v1/notes", "* /api/v1/**"),
        ("INV02", "GET /v1/old", "/v1/old", "* /v1/old"),
        ("INV02", "GET /old/notes", "/old/notes", "* /old/notes"),
    ],
)
def test_what_was_reached_is_refused(check: str, key: str, place: str, where: str) -> None:
    made = rules_of(API, finding(check, key, exchange("GET", place or "/x"), place=place))
    assert made == [{"operation": where, "kind": "method-off"}]


def test_an_echoing_method_is_refused_everywhere() -> None:
    found = finding("CFG05", WHOLE_API, exchange("TRACE", "/api/v2/notes"))
    assert rules_of(API, found) == [{"operation": "TRACE /**", "kind": "method-off"}]


@pytest.mark.parametrize(
    ("check", "key", "method", "place"),
    [
        ("CFG05", WHOLE_API, "OPTIONS", ""),
        ("INV01", "nowhere", "GET", ""),
        ("INV01", "POST /api/v2/notes", "GET", "/api/v2/notes"),
    ],
)
def test_what_cannot_be_refused_alone_has_no_rule(check: str, key: str, method: str, place: str) -> None:
    assert isinstance(rules_of(API, finding(check, key, exchange(method, "/"), place=place)), str)


def test_every_place_that_a_finding_shows_is_refused_alone() -> None:
    found = finding("CFG06", "GET /.env", exchange("GET", "/.env"), place="/.env")
    found = replace(found, evidence=replace(found.evidence, more=(exchange("GET", "/.git/HEAD"),)))
    where = [rule["operation"] for rule in rules_of(API, found)]
    assert where == ["* /.env", "* /.git/HEAD"]


def test_a_page_about_the_api_is_closed_and_not_the_api_behind_the_same_address() -> None:
    found = finding("CFG14", "GET /graphql", exchange("GET", "/graphql"), place="/graphql")
    assert [rule["operation"] for rule in rules_of(API, found)] == ["GET /graphql"]


@pytest.mark.parametrize(
    ("key", "path"), [("GET /", "/"), (WHOLE_API, "/xyz"), ("GET /api/v2/notes", "/api/v2/notes"), ("GET /*", "/*")]
)
def test_what_is_no_place_of_its_own_cannot_be_refused(key: str, path: str) -> None:
    assert "no single address" in rules_of(API, finding("CFG07", key, exchange("GET", path), place=path))


@pytest.mark.parametrize(
    ("check", "method", "path", "where"),
    [
        ("FUN06", "PATCH", "/api/v2/notes", "PATCH /api/v2/notes"),
        ("FUN07", "GET", "/api/v1/notes", "* /api/v1/**"),
    ],
)
def test_what_gets_around_a_refusal_is_refused_and_not_the_operation_itself(
    check: str, method: str, path: str, where: str
) -> None:
    found = finding(check, "GET /api/v2/notes", exchange(method, path))
    assert rules_of(API, found) == [{"operation": where, "kind": "method-off"}]


def test_another_spelling_of_the_method_is_not_refused_with_the_method() -> None:
    assert isinstance(rules_of(API, finding("FUN06", "GET /api/v2/notes", exchange("get", "/api/v2/notes"))), str)
