from apiward.core.call import BodyKind
from apiward.core.schema import Schema
from apiward.guard.shapes.faults import Fault, Found
from apiward.guard.shapes.forms import form_rules
from apiward.guard.shapes.settings import Handling, Handlings
from tests.guard.calls import call

TEXT = Schema(types=("string",))
STRICT = Handlings(Handling.REFUSE, Handling.REFUSE)
FILE = Schema(types=("string",), format="binary")
SCHEMA = Schema(
    types=("object",),
    properties={
        "name": TEXT,
        "address": Schema(types=("object",), properties={"city": TEXT}),
        "tags": Schema(types=("array",), items=TEXT),
        "photo": FILE,
    },
    required=frozenset({"name", "photo"}),
)


def found(
    pairs: list[tuple[str, str]], kind: BodyKind, schema: Schema = SCHEMA, handlings: Handlings = STRICT
) -> Found:
    asked = call("POST")
    asked.body, asked.body_kind, asked.form_pairs = b"x", kind, pairs
    return form_rules(schema, {}, handlings).found(asked)


def test_files_are_not_missed_in_forms_with_parts() -> None:
    assert found([("name", "a")], BodyKind.MULTIPART) is None
    assert found([("name", "a")], BodyKind.FORM) == Fault("body", "body.photo", "missing")


def test_nested_names_belong_to_what_they_are_part_of() -> None:
    sent = [("name", "a"), ("address[city]", "x"), ("address.city", "x"), ("tags[]", "a"), ("tags[0]", "b")]
    assert found(sent, BodyKind.MULTIPART) is None
    assert found([*sent, ("role[0]", "a")], BodyKind.MULTIPART) == Fault("undeclared", "body.?")
    assert found([*sent, ("name[0]", "a")], BodyKind.MULTIPART) == Fault("undeclared", "body.?")


def test_a_form_that_declares_nothing_takes_anything() -> None:
    assert found([("any", "a")], BodyKind.FORM, Schema(types=("object",))) is None


def test_several_forms_are_taken_together() -> None:
    either = Schema(variants=(Schema(properties={"a": Schema(types=("integer",))}), Schema(properties={"a": TEXT})))
    assert found([("a", "x")], BodyKind.FORM, either) is None
    assert found([("b", "x")], BodyKind.FORM, either) == Fault("undeclared", "body.b")
