import math

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.jsonvalue import Json
from apiward.guard.answers.caring import Policy
from apiward.guard.answers.quiet import Glance
from apiward.guard.answers.shapes import OPEN, compile_shape
from tests.guard.schemas import TEXT, many, obj

GLANCE = Glance(Policy(), max_items=3)
SHAPE = compile_shape([obj({"name": TEXT, "password": TEXT, "tags": many(TEXT)})], Policy(), is_closed=True)


def test_what_keeps_to_its_shape_is_quiet() -> None:
    assert GLANCE.is_quiet({"name": "Jo", "tags": ["a"]}, SHAPE)
    assert GLANCE.is_quiet({"name": "Jo", "password": None}, SHAPE)


def test_what_does_not_is_not() -> None:
    assert not GLANCE.is_quiet({"name": "Jo", "more": 1}, SHAPE)
    assert not GLANCE.is_quiet({"name": "Jo", "password": "x"}, SHAPE)
    assert not GLANCE.is_quiet({"tags": [1, 2, 3, 4]}, SHAPE)
    assert not GLANCE.is_quiet({"name": {"password_hash": "x"}}, SHAPE)


def test_where_nothing_is_declared_names_speak() -> None:
    assert GLANCE.is_quiet({"a": [{"name": "x", "password_changed": 1}]}, OPEN)
    assert not GLANCE.is_quiet({"a": [{"password": "x"}]}, OPEN)
    assert GLANCE.is_quiet({"token": "x"}, OPEN)
    assert not GLANCE.is_quiet([{"token": "x"}], OPEN)


_JSON = st.recursive(
    st.none() | st.text(max_size=5), lambda s: st.lists(s) | st.dictionaries(st.text(max_size=8), s), max_leaves=20
)


@given(_JSON)
def test_never_raises(value: Json) -> None:
    Glance(Policy(), max_items=math.inf).is_quiet(value, SHAPE)


def test_depth_is_bounded() -> None:
    value: Json = "x"
    for _ in range(900):
        value = [value]
    assert GLANCE.is_quiet(value, OPEN)


@given(st.dictionaries(st.sampled_from(["name", "tags", "password"]), _JSON))
def test_a_closed_object_is_quiet_where_all_that_stands_in_it_is(value: dict[str, Json]) -> None:
    members = SHAPE.members or {}
    below = [GLANCE.is_quiet(child, members[name], 1) for name, child in value.items()]
    assert GLANCE.is_quiet(value, SHAPE) is (all(below) and value.get("password") is None)
