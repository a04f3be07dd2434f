import pytest

from apiward.core.jsonvalue import Json
from tests.app.patching.made import described, exchange, finding, operation, planned, rules_of

API = described(
    {
        "/notes": {"post": operation(body={"type": "object"})},
        "/notes/{note_id}": {"get": operation(path=("note_id",)), "delete": operation(path=("note_id",))},
        "/notes/{note_id}/lines/{line}": {"get": operation(path=("note_id", "line"))},
        "/users/v1/{username}/password": {"put": operation(path=("username",))},
        "/bookings/move": {"post": operation(body={"type": "object"})},
        "/bookings/cancel": {"post": operation(body={"type": "object"})},
        "/list": {"get": operation()},
    }
)


def shown(answer: Json) -> object:
    attack = exchange("GET", "/notes/3", answer)
    return rules_of(API, finding("OBJ01", "GET /notes/{note_id}", attack))[0].get("owner_field")


def test_a_record_is_held_for_its_owner_at_all_of_its_operations() -> None:
    found = finding("OBJ01", "GET /notes/{note_id}", exchange("GET", "/notes/3", {"id": 3, "text": "t"}))
    assert rules_of(API, found) == [
        {
            "id": "note",
            "operations": ["GET /notes/{note_id}", "DELETE /notes/{note_id}", "GET /notes/{note_id}/lines/{line}"],
            "place": "path.note_id",
            "mode": "enforce",
        }
    ]


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"owner": "anna", "secret": "x"}, "owner"),
        ({"note": {"customer_id": 7, "text": "t"}}, "note.customer_id"),
        ({"note": {"user": {"id": 7, "name": "A"}}}, "note.user.id"),
        ({"id": 3, "title": "owner"}, None),
        ({"owner": None}, None),
        (["anna"], None),
    ],
)
def test_the_field_that_names_the_owner_is_found_in_the_answer(answer: Json, field: str | None) -> None:
    assert shown(answer) == field


def test_an_account_in_the_path_must_be_the_callers() -> None:
    key = "PUT /users/v1/{username}/password"
    found = finding("OBJ02", key, exchange("PUT", "/users/v1/anna/password", status=204), place="path")
    assert rules_of(API, found, ("user:jo",)) == [
        {"operation": key, "kind": "own-object", "target": "path.username", "principals": ("user:jo",)}
    ]


def test_ids_in_bodies_of_one_kind_are_one_rule() -> None:
    attack = exchange("POST", "/bookings/move")
    plan = planned(
        API,
        finding("OBJ03", "POST /bookings/move", attack, place="body booking_id"),
        finding("OBJ03", "POST /bookings/cancel", attack, place="body booking.id"),
    )
    (rule,) = plan.rules
    assert rule.id == "booking"
    assert rule.values["operations"] == ["POST /bookings/move", "POST /bookings/cancel"]
    assert "place" not in rule.values, "it stands at two places, which the guard finds itself"


@pytest.mark.parametrize("key", ["GET /list", "GET /hidden/{id}"])
def test_without_an_id_there_is_no_rule(key: str) -> None:
    assert "does not tell" in rules_of(API, finding("OBJ01", key, exchange("GET", "/x")))
