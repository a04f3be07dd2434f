import pytest

from apiward.core.jsonvalue import Json
from tests.app.patching.made import described, exchange, finding, operation, rules_of

SIGN_UP: Json = {
    "type": "object",
    "properties": {
        "client": {"type": "object", "properties": {"email": {"type": "string"}, "name": {"type": "string"}}}
    },
}
FLAT: Json = {"type": "object", "properties": {"name": {"type": "string"}, "role": {"type": "string"}}}
API = described(
    {
        "/register": {"post": operation(body=SIGN_UP)},
        "/users": {"post": operation(body=FLAT)},
        "/free": {"post": operation()},
        "/me": {"get": operation()},
    }
)


def test_the_fields_of_the_description_are_the_only_ones() -> None:
    attack = exchange("POST", "/register", body={"client": {"email": "a", "role": "admin"}})
    assert rules_of(API, finding("PRO01", "POST /register", attack, place="body role")) == [
        {"operation": "POST /register", "kind": "properties-only", "names": ("client.email", "client.name")}
    ]


@pytest.mark.parametrize(
    ("key", "body", "target"),
    [
        ("POST /users", {"name": "a", "role": "admin"}, "body.role"),
        ("POST /free", {"user": [{"Role": "admin"}]}, "body.user.Role"),
        ("POST /free", None, "body.role"),
    ],
)
def test_a_field_that_is_described_or_of_which_nothing_is_described_is_refused(
    key: str, body: Json, target: str
) -> None:
    attack = exchange("POST", "/x", body=body)
    assert rules_of(API, finding("PRO02", key, attack, place="body role")) == [
        {"operation": key, "kind": "property-absent", "target": target}
    ]


def test_the_named_fields_are_taken_out_of_the_answer() -> None:
    attack = exchange("GET", "/me", {"user": {"hash": "…(20+)"}})
    found = finding("PRO03", "GET /me", attack, place="answer", saw="The answer shows secrets in user.hash, keys.")
    assert [rule["target"] for rule in rules_of(API, found)] == ["answer.user.hash", "answer.keys"]


def test_where_only_some_are_named_all_that_is_masked_goes() -> None:
    attack = exchange("GET", "/me", [{"a": "…(20+)", "b": "plain", "d": {"e": "x…@y"}}])
    found = finding(
        "PRO04", "GET /me", attack, place="answer", saw="The answer holds data (email) in a, c, f and more."
    )
    assert [rule["target"] for rule in rules_of(API, found)] == ["answer.a", "answer.c", "answer.f", "answer.d.e"]


def test_what_names_nothing_has_no_rule() -> None:
    attack = exchange("GET", "/me")
    assert "which fields" in rules_of(API, finding("PRO03", "GET /me", attack))
    assert "names no field" in rules_of(API, finding("PRO01", "POST /users", attack))
    assert "not described" in rules_of(API, finding("PRO01", "POST /x", attack, place="body role"))
    assert rules_of(API, finding("PRO03", "GET /hidden", attack))[0]["kind"] == "method-off"
