"""Values fit their schema, can be recognised again, and never give the scanner's accounts special rights."""

import random
from base64 import b64decode, b64encode
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.classify.checksums import luhn_holds
from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.scan.calling import values
from apiward.scan.calling.values import ValueMaker, fits, fresh_email, fresh_text, is_free_text, unlike

TEXT = Schema(types=("string",))
WHOLE = Schema(types=("integer",))


def _maker(known: Any = lambda _: None, **more: bool) -> ValueMaker:  # noqa: ANN401
    return ValueMaker(random.Random(1), known, **more)


def _object(*required: str, **properties: Schema) -> Schema:
    return Schema(types=("object",), properties=properties, required=frozenset(required))


@pytest.mark.parametrize(
    ("name", "schema", "expected"),
    [
        ("count", WHOLE, 1),
        ("count", Schema(types=("integer",), minimum=5), 5),
        ("count", Schema(types=("integer",), maximum=0), 0),
        ("price", Schema(types=("number",)), 1.0),
        ("active", Schema(types=("boolean",)), False),
        ("accept_terms", Schema(types=("boolean",)), True),
        ("gdprConsent", Schema(types=("boolean",)), True),
        ("birth_date", Schema(types=("string",), format="date"), "1990-05-17"),
        ("dateOfBirth", TEXT, "1990-05-17"),
        ("day", TEXT, "2027-03-14"),
        ("starts_at", TEXT, "2027-03-14T10:00:00Z"),
        ("when", Schema(types=("string",), format="date-time"), "2027-03-14T10:00:00Z"),
        ("currency", TEXT, "EUR"),
        ("kind", Schema(types=("string",), enum=("b", "a")), "b"),
        ("role", Schema(types=("string",), enum=("admin", "customer")), "customer"),
        ("role", Schema(types=("string",), enum=("ROLE_ADMIN", "ROLE_USER")), "ROLE_USER"),
        ("role", Schema(types=("string",), enum=("admin",)), "admin"),
        ("nothing", Schema(types=("null",)), None),
        ("tags", Schema(types=("array",)), []),
        ("more", Schema(types=("object",)), {}),
        ("ids", Schema(types=("array",), items=WHOLE), [1]),
    ],
)
def test_values_by_type_and_name(name: str, schema: Schema, expected: Json) -> None:
    assert _maker().value(name, schema) == expected


def test_an_identifier_that_is_known_is_used_and_nothing_that_does_not_fit() -> None:
    assert _maker(lambda name: 42 if name == "order_id" else None).value("order_id", WHOLE) == 42
    assert _maker(lambda _: "abc").value("order_id", WHOLE) == 1


def test_texts_are_fresh_and_lengths_are_kept() -> None:
    maker = _maker()
    first, second = maker.value("title", TEXT), maker.value("title", TEXT)
    assert first != second
    assert isinstance(first, str)
    assert is_free_text(first)
    assert len(str(maker.value("title", Schema(types=("string",), max_length=6)))) == 6
    assert len(str(maker.value("title", Schema(types=("string",), min_length=40)))) == 40
    assert "@example.com" in str(maker.value("contact_email", TEXT))


def test_examples_are_for_what_cannot_be_made_up() -> None:
    plate = Schema(types=("string",), pattern="[A-Z]{3}", examples=("ABC",))
    title = Schema(types=("string",), examples=("My title",))
    assert _maker().value("plate", plate) == "ABC"
    assert _maker().value("title", title) != "My title"
    assert _maker(use_examples=True).value("title", title) == "My title"


def test_a_body_leaves_out_what_is_read_only_or_to_be_skipped_unless_it_is_required() -> None:
    schema = _object("role", id=Schema(types=("integer",), is_read_only=True), role=TEXT, admin=TEXT, title=TEXT)
    made = _maker().body(schema, skip=lambda name: name in ("role", "admin"))
    assert isinstance(made, dict)
    assert set(made) == {"role", "title"}
    only = _maker().body(schema, only_required=True)
    assert isinstance(only, dict)
    assert set(only) == {"role"}


def test_a_body_is_filled_below_lists_objects_and_variants() -> None:
    line = _object(product_id=WHOLE, count=WHOLE)
    schema = _object(lines=Schema(types=("array",), items=line), who=Schema(variants=(_object(name=TEXT), TEXT)))
    made = _maker().body(schema)
    assert isinstance(made, dict)
    assert made["lines"] == [{"product_id": 1, "count": 1}]
    assert isinstance(made["who"], dict)


def test_a_recursive_schema_comes_to_an_end() -> None:
    schema = TEXT
    for _ in range(60):
        schema = _object(child=schema)
    assert isinstance(_maker().body(schema), dict)


@pytest.mark.parametrize(
    ("value", "types", "expected"),
    [
        (1, ("string",), True),
        (True, ("integer",), False),
        (True, ("boolean",), True),
        ("12", ("integer",), True),
        ("1a", ("integer",), False),
        (1.5, ("integer",), False),
        ([], ("array",), True),
        ({}, ("object",), True),
        (None, (), True),
    ],
)
def test_what_fits(value: Json, types: tuple[str, ...], expected: bool) -> None:  # noqa: FBT001
    assert fits(value, Schema(types=types)) is expected


@pytest.mark.parametrize(
    "value",
    [7, "7", "2f1c3b5a-8d5e-4f00-a1b2-c3d4e5f60718", "my-post", "ORD-2024-0007", "note abcd12345", 3.5],
)
def test_an_identifier_of_the_same_form_that_nothing_has(value: Json) -> None:
    rng = random.Random(3)
    others = [unlike(value, rng) for _ in range(30)]
    assert sum(other == value for other in others) <= 5 * (len(str(value)) == 1)
    assert {type(other) is type(value) or isinstance(value, float) for other in others} == {True}
    if isinstance(value, str):
        assert {len(str(other)) for other in others} == {len(value)}


def test_what_has_no_form_stays() -> None:
    assert [unlike(value, random.Random(1)) for value in (None, True, False)] == [None, True, False]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5), st.integers())
def test_any_value_has_an_unlike(value: Any, seed: int) -> None:  # noqa: ANN401
    assert unlike(value, random.Random(seed)) == unlike(value, random.Random(seed))


@given(st.integers())
def test_fresh_texts_are_recognised(seed: int) -> None:
    rng = random.Random(seed)
    assert is_free_text(fresh_text(rng))
    assert is_free_text(fresh_text(rng, "a very long kind"))
    assert fresh_email(rng).endswith("@example.com")
    assert not is_free_text("hello world")


KINDS = "string integer number boolean array object null".split()
SCHEMAS = st.recursive(
    st.builds(
        Schema,
        types=st.lists(st.sampled_from(KINDS), max_size=2).map(tuple),
        format=st.none() | st.sampled_from("date uuid email byte odd".split()),
        min_length=st.none() | st.integers(0, 50),
        max_length=st.none() | st.integers(0, 50),
        minimum=st.none() | st.floats(-1e6, 1e6),
        maximum=st.none() | st.floats(-1e6, 1e6),
        enum=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    ),
    lambda inner: st.builds(Schema, properties=st.dictionaries(st.text(max_size=8), inner, max_size=3), items=inner),
    max_leaves=6,
)


@given(SCHEMAS, st.text(max_size=12))
def test_any_schema_gets_the_same_value_twice(schema: Schema, name: str) -> None:
    assert _maker().value(name, schema) == _maker().value(name, schema)
    assert values.fits("x", schema) in (True, False)
    _maker().body(schema, only_required=True)


def test_a_card_number_has_its_check_digit() -> None:
    rng = random.Random(3)
    cards = {values.fresh_card(rng) for _ in range(50)}
    assert len(cards) > 40
    assert all(luhn_holds(card) and len(card) == 16 for card in cards)


def test_lists_have_as_many_elements_as_they_must_and_tuples_each_in_its_place() -> None:
    whole, text = Schema(types=("integer",)), Schema(types=("string",), format="date")
    pair = Schema(types=("array",), items=Schema(variants=(whole, text)), min_items=2, max_items=2)
    assert [type(one) for one in _list(pair)] == [int, str]
    assert len(_list(Schema(types=("array",), items=whole, min_items=3))) == 3
    assert len(_list(Schema(types=("array",), items=whole))) == 1
    assert len(_list(Schema(types=("array",), items=whole, min_items=10**9))) == 5
    nested = whole
    for _ in range(20):
        nested = Schema(types=("array",), items=nested, min_items=10**9)
    assert len(str(_list(nested))) < 5_000


def _list(schema: Schema) -> list[Json]:
    made = _maker().body(schema)
    assert isinstance(made, list)
    return made


def test_what_is_made_stays_its_makers() -> None:
    who = Schema(types=("string",), enum=("public", "team", "private"))
    assert _maker().value("visibility", who) == "private"
    assert _maker(varies=True).value("is_public", Schema(types=("boolean",))) is False
    assert _maker().value("colour", who) == "public"
    for name in ("acl", "isPublic", "sharing"):
        assert _maker().is_better_left_out(name)


@pytest.mark.parametrize(
    ("plain", "start"),
    [("note:5", "note:9"), ("payment:123", "payment:9"), ("1734", "9"), ("Order/3", "Order/9")],
)
def test_an_encoded_number_is_changed_inside_of_its_code(plain: str, start: str) -> None:
    for text in (b64encode(plain.encode()).decode(), b64encode(plain.encode()).decode().rstrip("=")):
        other = unlike(text, Random(3))
        assert isinstance(other, str)
        assert other.endswith("=") <= text.endswith("=")
        again = b64decode(other + "=" * (-len(other) % 4)).decode()
        assert again.startswith(start)
        assert again != plain


@pytest.mark.parametrize(
    "text", ["on-rest", "Sleep1", "91eb79fa-5d5f-476c-9eb8-fc4c7b297d0b", "name7", "abcd", "a@b.cd"]
)
def test_what_is_no_code_keeps_its_form(text: str) -> None:
    other = unlike(text, Random(3))
    assert isinstance(other, str)
    assert [char.isdigit() for char in other] == [char.isdigit() for char in text]
