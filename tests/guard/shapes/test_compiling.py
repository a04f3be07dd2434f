import time
from dataclasses import replace

import pytest

from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.guard.shapes.compiling import OPEN, Strictness, definitions_in, is_map, validator

TEXT = Schema(types=("string",))
WHOLE = Schema(types=("integer",))
CLOSED = Strictness()


def obj(required: str = "", **properties: Schema) -> Schema:
    return Schema(types=("object",), properties=properties, required=frozenset(required.split()))


def fits(schema: Schema, value: Json, strictness: Strictness = CLOSED) -> bool:
    made = validator(schema, strictness, definitions_in([schema]))
    return made is None or made.is_valid(value)


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (TEXT, "a", 1),
        (WHOLE, 3, "3"),
        (WHOLE, 3.0, 3.5),
        (Schema(types=("integer",), format="int32"), 2**31 - 1, 2**31),
        (Schema(types=("integer",), format="int64", minimum=0), 2**63 - 1, -1),
        (Schema(types=("number",), minimum=1, maximum=2), 1.5, 2.5),
        (Schema(types=("string",), min_length=2, max_length=3), "abc", "abcd"),
        (Schema(types=("string",), pattern="^[a-z]+$"), "abc", "aB"),
        (Schema(types=("string",), enum=("a", "b")), "a", "c"),
        (Schema(types=("string",), enum=("a",), is_nullable=True), None, 1),
        (Schema(types=("string",), format="uuid"), "5f0c1c2e-3b1a-4d2f-9a3b-000000000001", "' or 1=1"),
        (Schema(types=("string",), format="date-time"), "2026-01-02T03:04:05.678+01:00", "<script>"),
        (Schema(types=("string",), format="date-time"), "2026-01-02 03:04", "tomorrow"),
        (Schema(types=("string",), format="date"), "", "x"),
        (Schema(types=("string",), format="email"), "o'brien+shop@example.co.uk", "no address"),
        (Schema(types=("array",), items=WHOLE, min_items=1, max_items=2), [1, 2], [1, 2, 3]),
        (Schema(types=("array",), items=WHOLE), [], ["a"]),
        (Schema(types=("string", "integer")), 1, True),
        (Schema(types=("boolean",), is_nullable=True), None, "true"),
        (obj("a", a=TEXT), {"a": "x"}, {}),
    ],
)
def test_values_fit_or_do_not(schema: Schema, good: Json, bad: Json) -> None:
    assert fits(schema, good)
    assert not fits(schema, bad)


def test_objects_are_closed_though_they_seem_open() -> None:
    schema = obj(a=obj(b=TEXT))
    assert fits(schema, {"a": {"b": "x"}})
    assert not fits(schema, {"a": {"b": "x", "role": "admin"}})
    assert fits(schema, {"a": {"b": "x", "role": "admin"}}, OPEN)


def test_maps_take_anything_and_empty_objects_nothing() -> None:
    assert is_map(Schema(types=("object",)))
    assert is_map(Schema())
    assert fits(obj(a=Schema(types=("object",))), {"a": {"x": 1}})
    assert fits(obj(a=Schema()), {"a": {"x": 1}})
    assert not fits(Schema(types=("object",), is_open=False), {"x": 1})


def test_what_the_description_closes_stays_closed_when_all_else_is_open() -> None:
    schema = Schema(types=("object",), properties={"a": TEXT}, is_open=False)
    assert not fits(schema, {"b": 1}, OPEN)


def test_read_only_properties_are_barred_and_need_not_be_there() -> None:
    schema = obj("id name", id=Schema(types=("integer",), is_read_only=True), name=TEXT)
    assert fits(schema, {"name": "a"})
    assert not fits(schema, {"name": "a", "id": 1})
    assert fits(schema, {"name": "a", "id": 1}, OPEN)


def test_required_properties_that_are_not_declared_may_be_there() -> None:
    assert fits(obj("a b", a=TEXT), {"a": "x", "b": 1})


CAT = obj("kind", kind=Schema(enum=("cat",)), meow=TEXT)
DOG = obj("kind", kind=Schema(enum=("dog",)), bark=obj(loud=TEXT))
PET = Schema(properties={"id": WHOLE}, variants=(CAT, DOG))


def test_variants_take_their_own_properties_and_those_of_the_whole() -> None:
    assert fits(PET, {"kind": "cat", "meow": "x", "id": 1})
    assert fits(PET, {"kind": "dog", "bark": {"loud": "x"}})
    assert not fits(PET, {"kind": "cat", "bark": {}})
    assert not fits(PET, {"kind": "dog", "bark": {"loud": "x", "more": 1}})
    assert not fits(PET, {"kind": "cat", "role": 1})
    assert not fits(PET, {"kind": "cow"})
    assert not fits(PET, None)
    assert fits(Schema(variants=(CAT, DOG), is_nullable=True), None)


def test_variants_may_hold_together() -> None:
    either = Schema(
        properties={"email": TEXT, "phone": TEXT},
        variants=(Schema(required=frozenset({"email"})), Schema(required=frozenset({"phone"}))),
    )
    assert fits(either, {"email": "a", "phone": "b"})
    assert not fits(either, {"email": "a", "more": "b"})
    assert not fits(either, {})


def test_a_variant_that_is_a_map_takes_anything() -> None:
    assert fits(Schema(variants=(CAT, Schema(types=("object",)))), {"a": 1})
    assert fits(Schema(variants=(TEXT, WHOLE)), 1)
    assert not fits(Schema(variants=(TEXT, WHOLE)), [])


def test_cycles_are_followed_to_any_depth() -> None:
    cut = Schema(types=("object",), name="Part", is_recursive=True, properties={"name": TEXT})
    part = Schema(
        types=("object",), name="Part", properties={"name": TEXT, "parts": Schema(types=("array",), items=cut)}
    )
    deep: dict[str, Json] = {"name": "a", "parts": [{"name": "b", "parts": [{"name": "c", "parts": []}]}]}
    assert fits(part, deep)
    assert not fits(part, {"parts": [{"parts": [{"role": 1}]}]})
    unknown = Schema(properties={"a": Schema(types=("object",), name="Other", is_recursive=True)})
    assert fits(unknown, {"a": {"x": 1}})


def test_patterns_that_need_more_than_linear_time_are_left_out() -> None:
    assert fits(Schema(types=("string",), pattern=r"^(?=.*\d)x$"), "anything")
    begun_s = time.thread_time()
    assert not fits(Schema(types=("string",), pattern="^(a+)+$"), "a" * 50_000 + "!")
    assert time.thread_time() - begun_s < 1


def test_bounds_that_are_no_numbers_of_json_are_left_out() -> None:
    assert fits(Schema(types=("number",), minimum=float("-inf")), 1)


def test_a_graph_with_many_shared_schemas_stays_small() -> None:
    schema = obj(a=TEXT)
    for _ in range(40):
        schema = obj(left=schema, right=schema)
    assert fits(schema, {"left": {"right": {"left": {}}}})
    assert not fits(schema, {"left": {"right": {"left": {"x": 1}}}})


def test_values_of_subtypes_keep_their_properties() -> None:
    cat = obj("kind", kind=TEXT, lives=WHOLE)
    pet = replace(obj("kind", kind=TEXT), name="Pet", subtypes=(cat, obj(kind=TEXT, wings=WHOLE)))
    assert fits(pet, {"kind": "pet"})
    assert fits(pet, {"kind": "cat", "lives": 9})
    assert fits(pet, {"kind": "bird", "wings": 2})
    assert not fits(pet, {"kind": "cat", "lives": "nine"})
    assert not fits(pet, {"kind": "cat", "owner": 1})
    assert not fits(pet, {"lives": 9})
    assert fits(obj(pets=Schema(types=("array",), items=pet)), {"pets": [{"kind": "cat", "lives": 9}]})
    assert fits(pet, {"kind": "x", "y": 1}, OPEN)


def test_a_subtype_may_lead_back_to_what_it_is_of() -> None:
    below: list[Schema] = []
    pet = replace(obj("kind", kind=TEXT), name="Pet", subtypes=below)
    below.append(replace(obj("kind", kind=TEXT, friend=pet), name="Cat"))
    assert fits(pet, {"kind": "cat", "friend": {"kind": "cat", "friend": {"kind": "pet"}}})
    assert not fits(pet, {"kind": "cat", "friend": {"kind": "cat", "friend": {"kind": "pet", "x": 1}}})


def test_tuples_take_their_places() -> None:
    pair = Schema(types=("array",), items=Schema(variants=(WHOLE, TEXT)), min_items=2, max_items=2)
    assert fits(pair, [1, "a"])
    assert not fits(pair, [1, 1.5])
    assert not fits(pair, [1])
    assert fits(Schema(types=("array",), items=Schema(variants=(WHOLE, Schema()))), [1, {"any": 1}])
