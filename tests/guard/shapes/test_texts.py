from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.schema import Schema
from apiward.guard.shapes.texts import readings, value_form

WHOLE = Schema(types=("integer",), maximum=99)


def fault(schema: Schema, text: str, separator: str = "") -> str:
    return value_form(schema, separator=separator, definitions={}).fault(text)


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (WHOLE, "+7", "7.0"),
        (WHOLE, "-12", " 7"),
        (WHOLE, "0", "1_0"),
        (WHOLE, "99", "100"),
        (Schema(types=("number",)), "-.5e1", "inf"),
        (Schema(types=("boolean",)), "TRUE", "2"),
        (Schema(types=("string",), enum=("a",)), "a", "b"),
        (Schema(enum=(1, 2)), "1", "3"),
        (Schema(types=("integer", "string"), max_length=1), "5", "ab"),
        (Schema(variants=(WHOLE, Schema(types=("string",), enum=("all",)))), "all", "some"),
        (Schema(types=("string",), format="date"), "2026-01-02", "x"),
        (WHOLE, "1" * 2, "1" * 5000),
    ],
)
def test_texts_are_read_as_the_schema_means(schema: Schema, good: str, bad: str) -> None:
    assert fault(schema, good) == ""
    assert fault(schema, bad) != ""


def test_plain_text_and_built_values_need_no_check() -> None:
    for schema in (Schema(types=("string",)), Schema(), Schema(types=("object",))):
        assert value_form(schema, separator=",", definitions={}).check is None
    mixed = Schema(variants=(WHOLE, Schema(types=("array",), items=WHOLE)))
    assert value_form(mixed, separator="", definitions={}).is_list


def test_lists_in_one_text() -> None:
    wholes = Schema(types=("array",), items=WHOLE, min_items=2, max_items=3)
    assert fault(wholes, "1,2", ",") == ""
    assert fault(wholes, "1", ",") == "too few entries"
    assert fault(wholes, "1,2,3,4", ",") == "too many entries"
    assert fault(wholes, "1,x", ",") == "another type than described"
    texts = Schema(types=("array",), items=Schema(types=("string",)), max_items=1)
    assert fault(texts, "a|b", "|") == "too many entries"
    assert fault(Schema(types=("array",)), "a,b", ",") == ""


def test_what_a_text_may_mean() -> None:
    assert readings(Schema(enum=(True, 1, 2.5, "x"))) == ("boolean", "integer", "number", "string")
    assert readings(Schema()) == ("string",)


@given(st.from_regex(r"[+-]?[0-9]{0,45}", fullmatch=True) | st.text(alphabet="0123456789+-.eE x٣", max_size=8))
def test_any_whole_number_is_told_without_a_validator_as_with_one(text: str) -> None:
    plain = Schema(types=("integer",))
    assert fault(plain, text) == fault(replace(plain, pattern=""), text)


_WHOLES = st.integers(-(10**17), 10**17) | st.integers(-30, 30)
_BOUNDS = st.none() | _WHOLES.map(float) | st.integers(-60, 60).map(lambda half: half / 2)


@given(_WHOLES.map(str) | st.text(alphabet="0123456789+-.eE x٣", max_size=8), _BOUNDS, _BOUNDS)
def test_a_whole_number_in_bounds_is_told_without_a_validator_as_with_one(
    text: str, least: float | None, most: float | None
) -> None:
    bounded = replace(WHOLE, minimum=least, maximum=most)
    assert fault(bounded, text) == fault(replace(bounded, pattern=""), text)
