import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Body, Operation, Parameter, Place
from apiward.core.jsonvalue import NOT_JSON, Json, at
from apiward.core.schema import Schema
from apiward.guard.shapes.freetext import KEY_HINT, Hint, free_text_fields, operation_texts

TEXT = Schema(types=("string",))
ATTACK = "' or 1=1 --"


def given_texts(schema: Schema | None, value: Json) -> list[str]:
    return [text for _, text, _ in free_text_fields(schema).texts(value)]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (Schema(types=("string",), format="uuid"), "5f0c1c2e-3b1a-4d2f-9a3b-000000000001"),
        (Schema(types=("string",), format="date-time"), "2026-01-02T03:04:05Z"),
        (Schema(types=("string",), format="date"), "2026-01-02"),
        (Schema(types=("string",), format="email"), "ann.example@shop.example"),
        (Schema(types=("string",), format="ipv4"), "192.0.2.1"),
        (Schema(types=("string",), enum=("new order", "paid")), "new order"),
        (Schema(types=("string",), pattern="^[A-Z]{2}-[0-9]{4}$"), "DE-1234"),
        (Schema(types=("string",), max_length=2), "DE"),
        (Schema(types=("integer",)), "12"),
        (Schema(types=("number",)), "-1.5e3"),
        (Schema(types=("boolean",)), "true"),
        (Schema(variants=(Schema(types=("integer",)), Schema(types=("string",), format="uuid"))), "12"),
    ],
)
def test_narrow_fields_are_left_out_but_only_with_a_narrow_value(schema: Schema, value: str) -> None:
    assert given_texts(schema, value) == []
    assert given_texts(schema, ATTACK) == [ATTACK]


@pytest.mark.parametrize(
    "schema",
    [
        None,
        Schema(),
        TEXT,
        Schema(types=("string",), format="uri"),
        Schema(types=("string",), format="password"),
        Schema(types=("string",), max_length=40),
        Schema(types=("string",), pattern="^.+$"),
        Schema(types=("string",), pattern="^[^a]+$"),
        Schema(types=("string",), pattern="[a-z]+"),
    ],
)
def test_fields_with_room_are_given(schema: Schema | None) -> None:
    assert given_texts(schema, "plain") == ["plain"]


def test_places_and_hints_are_told() -> None:
    item = Schema(properties={"note": Schema(types=("string",), max_length=500), "count": Schema(types=("integer",))})
    schema = Schema(properties={"items": Schema(types=("array",), items=item), "link": Schema(format="uri")})
    value: Json = {"items": [{"note": "hello", "count": 3}], "link": "https://a.test"}
    assert list(free_text_fields(schema).texts(value)) == [
        (("items", 0, "note"), "hello", Hint("note", 500)),
        (("link",), "https://a.test", Hint("link", None, "uri")),
    ]


def test_undeclared_names_are_given_where_they_are_not_plain() -> None:
    value: Json = {"b": 1, "$where": "x", "__proto__": {"y": "z"}}
    found = list(free_text_fields(Schema(properties={"a": TEXT})).texts(value))
    assert ((("$where",), "$where", KEY_HINT)) in found
    assert ((("__proto__",), "__proto__", KEY_HINT)) in found
    assert [text for _, text, hint in found if not hint.is_key] == ["x", "z"]


def test_cycles_are_followed() -> None:
    cut = Schema(name="Part", is_recursive=True)
    date = Schema(types=("string",), format="date")
    part = Schema(name="Part", properties={"on": date, "part": cut})
    value: Json = {"on": "2026-01-01", "part": {"on": "2026-01-01", "part": {"on": ATTACK}}}
    assert given_texts(part, value) == [ATTACK]


def test_an_operation_tells_paths_queries_forms_and_bodies_apart() -> None:
    number = Schema(types=("integer",))
    operation = Operation(
        "POST",
        "/shops/{shop}/items/{id}",
        parameters=(
            Parameter("id", Place.PATH, number),
            Parameter("q", Place.QUERY, TEXT),
            Parameter("ids", Place.QUERY, Schema(types=("array",), items=number)),
        ),
        bodies=(
            Body("application/json", Schema(properties={"note": TEXT, "count": number})),
            Body("application/x-www-form-urlencoded", Schema(properties={"count": number})),
        ),
    )
    texts = operation_texts(operation)
    assert texts.path_texts(("a b", "7")) == [("shop", "a b", Hint("shop"))]
    assert texts.query.texts([("q", "x"), ("ids", "1"), ("ids", ATTACK)]) == [
        ("q", "x", Hint("q")),
        ("ids", ATTACK, Hint("ids")),
    ]
    assert texts.query.texts([("a[$ne]", "1")]) == [("a[$ne]", "a[$ne]", KEY_HINT), ("a[$ne]", "1", Hint("a[$ne]"))]
    assert texts.form.texts([("count", "1"), ("count", "x y")]) == [("count", "x y", Hint("count"))]
    assert list(texts.json_texts("application/json", {"count": 1, "note": "n"})) == [(("note",), "n", Hint("note"))]
    assert list(texts.json_texts("text/other", {"note": "n"})) == [(("note",), "n", Hint("note"))]
    assert list(texts.json_texts("application/json", NOT_JSON)) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_without_a_description_every_text_is_given_with_its_place(value: Json) -> None:
    found = list(free_text_fields(None).texts(value))
    for pointer, text, hint in found:
        assert (pointer[-1] if hint.is_key else at(value, pointer)) == text
    texts = sum(1 for *_, hint in found if not hint.is_key)
    assert texts == _count(value)


def _count(value: Json) -> int:
    if isinstance(value, dict):
        return sum(map(_count, value.values()))
    return sum(map(_count, value)) if isinstance(value, list) else isinstance(value, str)
