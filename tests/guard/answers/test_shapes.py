from dataclasses import replace

from apiward.core.schema import Schema
from apiward.guard.answers.caring import Care, Policy
from apiward.guard.answers.shapes import OPEN, Shape, compile_shape
from tests.guard.schemas import PASSWORD, TEXT, WHOLE, many, obj


def shaped(*schemas: Schema) -> Shape:
    return compile_shape(schemas, Policy(), is_closed=True)


def members(shape: Shape) -> dict[str, Shape]:
    assert shape.members is not None
    return shape.members


def test_declared_names_and_lists() -> None:
    shape = shaped(obj({"id": WHOLE, "items": many(obj({"a": TEXT}))}, required=("id",)))
    assert shape.is_closed
    assert shape.required == {"id"}
    items = members(shape)["items"].items
    assert items is not None
    assert set(members(items)) == {"a"}


def test_where_nothing_is_declared_anything_may_stand() -> None:
    assert shaped(Schema()) is OPEN
    assert shaped().members is None
    assert shaped(Schema(types=("object",))).members is None


def test_variants_are_all_allowed() -> None:
    either = Schema(variants=(obj({"a": TEXT}), obj({"b": TEXT})))
    assert set(members(shaped(either))) == {"a", "b"}
    assert shaped(Schema(variants=(obj({"a": TEXT}), Schema()))) is OPEN
    assert shaped(Schema(variants=(obj({"a": TEXT}), Schema(types=("object",))))).members is None


def test_a_shape_that_leads_back_to_itself() -> None:
    cut = Schema(name="Node", types=("object",), is_recursive=True)
    node = replace(obj({"name": TEXT, "children": many(cut)}), name="Node")
    below = members(shaped(node))["children"].items
    assert below is not None
    assert set(members(below)) == {"name", "children"}


def test_what_is_only_written_is_hidden() -> None:
    shape = shaped(obj({"pin": replace(TEXT, is_write_only=True), "key": PASSWORD, "name": TEXT}))
    assert shape.hidden == {"pin", "key"}
    assert shape.watched["pin"] is Care.REMOVE


def test_names_that_need_a_look() -> None:
    assert set(shaped(obj({"password": TEXT, "card_number": TEXT, "name": TEXT})).watched) == {
        "password",
        "card_number",
    }


def test_types_that_leave_no_room_for_a_secret() -> None:
    count, moment = Schema(types=("integer",)), Schema(types=("string",), format="date-time")
    kind = Schema(types=("string",), enum=("a", "b"))
    shape = shaped(obj({"password": obj({"a": TEXT}), "tokens": count, "reset_token": moment, "api_key_secret": kind}))
    assert shape.watched == {}


def test_tokens_of_people_are_watched() -> None:
    assert set(members(shaped(obj({"list": many(obj({"email": TEXT, "token": TEXT}))})))) == {"list"}
    people = shaped(many(obj({"email": TEXT, "token": TEXT}))).items
    things = shaped(many(obj({"url": TEXT, "token": TEXT}))).items
    assert people is not None
    assert things is not None
    assert (set(people.watched), set(things.watched)) == ({"token"}, set())
