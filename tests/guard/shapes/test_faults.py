import pytest
from jsonschema_rs import Draft202012Validator, ValidationError

from apiward.core.jsonvalue import Json
from apiward.guard.shapes.faults import NO_FORM_FITS, Fault, fault_of, place_in, shown_name


def test_places_are_written_as_people_do() -> None:
    assert place_in("body", ("items", 0, "price")) == "body.items[0].price"
    assert place_in("body", (3, "a")) == "body[3].a"
    assert place_in("body", ()) == "body"
    assert len(place_in("body", ["a"] * 100)) < 40


def test_names_that_a_caller_made_up_are_not_echoed() -> None:
    assert [shown_name(name) for name in ("price", "$ref", "@id", "a-b")] == ["price", "$ref", "@id", "a-b"]
    for name in ("", "a b", "a\nb", "<b>", "x" * 65, "1' or"):
        assert shown_name(name) == "?"
    assert place_in("body", ("a\r\nb", "c")) == "body.?.c"


@pytest.mark.parametrize(
    ("schema", "value", "fault"),
    [
        ({"type": "integer"}, "secret", Fault("body", "body", "another type than described")),
        ({"properties": {"a": {"maxLength": 1}}}, {"a": "secret"}, Fault("body", "body.a", "too long")),
        ({"required": ["a"]}, {}, Fault("body", "body.a", "missing")),
        ({"additionalProperties": False}, {"role": 1}, Fault("undeclared", "body")),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"role": 1}, Fault("undeclared", "body.role")),
        ({"unevaluatedProperties": False}, {"role": 1}, Fault("undeclared", "body.role", NO_FORM_FITS)),
        ({"properties": {"id": False}}, {"id": 1}, Fault("read-only", "body.id")),
        ({"anyOf": [{"type": "null"}, False]}, 1, Fault("body", "body", NO_FORM_FITS)),
        ({"multipleOf": 2}, 3, Fault("body", "body", "not as described")),
    ],
)
def test_what_validators_find_becomes_a_fault_without_the_value(
    schema: dict[str, Json], value: Json, fault: Fault
) -> None:
    with pytest.raises(ValidationError) as found:
        Draft202012Validator(schema).validate(value)
    assert fault_of(found.value, "body") == fault
