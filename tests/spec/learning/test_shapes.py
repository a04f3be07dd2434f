import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apiward.core.jsonvalue import Json
from apiward.spec.learning.rendering import View, schema_of
from apiward.spec.learning.scalars import Witness
from apiward.spec.learning.shapes import MOST_PROPERTIES, Shape, type_of
from tests.spec.learning.seeing import classify, digest

SCALARS = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
SHOWN = st.lists(st.tuples(st.integers(0, 6), VALUES), max_size=5)


def shape(shown: list[tuple[int, Any]], room: int = 600) -> Shape:
    made = Shape()
    for caller, value in shown:
        witness = Witness(caller, digest, classify, room)
        made.add("", value, witness)
        room = witness.room
    return made


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHOWN)
def test_what_was_seen_survives_being_written_down(shown: list[tuple[int, Json]]) -> None:
    made = shape(shown)
    again = Shape.from_state(json.loads(json.dumps(made.state())))
    assert again.state() == made.state()
    for is_guard in (True, False):
        view = View(is_guard=is_guard)
        assert schema_of(again, view) == schema_of(made, view)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHOWN, SHOWN)
def test_joined_shapes_know_what_both_knew(one: list[tuple[int, Json]], other: list[tuple[int, Json]]) -> None:
    made = shape(one)
    made.join(shape(other))
    together = shape(one + other)
    assert made.count == together.count
    assert {kind: tally.count for kind, tally in made.types.items()} == {
        kind: tally.count for kind, tally in together.types.items()
    }
    assert made.paths() == together.paths()


@given(VALUES)
def test_any_value_has_a_type(value: Json) -> None:
    assert type_of(value) in {"null", "boolean", "integer", "number", "string", "array", "object"}


def test_numbers_with_a_point_are_no_integers() -> None:
    assert type_of(10.0) == "number"
    assert type_of(10) == "integer"
    assert type_of(value=True) == "boolean"


def test_keys_that_are_data_are_no_properties() -> None:
    made = shape([(1, {str(number): {"price": number} for number in range(50)})])
    assert made.properties == {}
    assert made.others is not None
    assert "price" in made.others.properties


def test_room_is_bounded_however_wide_or_deep_a_value_is() -> None:
    wide = {f"p{letter}{other}": 1 for letter in "abcdefghijklmnopqrstuvwxyz" for other in "abcdefghijklmnopqrst"}
    assert len(shape([(1, wide)]).properties) == MOST_PROPERTIES
    assert shape([(1, wide)], room=5).size() <= 6
    deep: Json = "end"
    for _ in range(200):
        deep = {"a": deep}
    assert shape([(1, deep)]).size() < 20


def test_of_a_long_list_some_elements_are_looked_at() -> None:
    made = shape([(1, list(range(5_000)))])
    assert made.items is not None
    assert made.items.count == 24


def test_a_number_that_no_float_holds_harms_nothing() -> None:
    made = shape([(1, 10**400), (2, -(10**400))])
    assert Shape.from_state(json.loads(json.dumps(made.state()))).state() == made.state()
