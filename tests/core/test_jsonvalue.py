"""JSON is read, walked and changed, whatever a server sends."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.jsonvalue import (
    MAX_WALK_NODES,
    NOT_JSON,
    Json,
    NotJson,
    Pointer,
    at,
    dotted,
    leaves,
    parse_json,
    replaced,
    walk,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
POINTERS = st.lists(st.text(max_size=4) | st.integers(0, 5), max_size=4).map(tuple)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"hello", b"\xff\xfe", b"[" * 100_000, b'{"n": ' + b"9" * 100_000 + b"}", b"<html>", b"{'a': 1}"],
)
def test_what_is_no_json_is_said_to_be_none(text: bytes) -> None:
    assert parse_json(text) is NOT_JSON


def test_null_is_json_and_not_the_same_as_no_json() -> None:
    assert parse_json(b"null") is None
    assert NOT_JSON is NotJson.NOT_JSON


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_text_is_json_or_none(text: bytes | str) -> None:
    value = parse_json(text)
    assert isinstance(value, NotJson) or list(walk(value))


@given(JSON)
def test_what_is_written_is_read_again(value: Json) -> None:
    assert parse_json(json.dumps(value)) == value


@given(JSON)
def test_every_node_stands_where_its_pointer_says(value: Json) -> None:
    nodes = list(walk(value))
    assert nodes[0] == ((), value)
    for pointer, node in nodes:
        assert at(value, pointer) == node
    assert {p for p, _ in leaves(value)} <= {p for p, _ in nodes}


def test_a_walk_is_bounded_in_nodes_and_depth() -> None:
    assert sum(1 for _ in walk([0] * 300_000)) == MAX_WALK_NODES
    deep: Json = 1
    for _ in range(500):
        deep = [deep]
    assert max(len(pointer) for pointer, _ in walk(deep)) <= 41
    assert len(list(walk({"a": {"b": 1}}, depth=1))) == 2


def test_leaves_are_scalars_in_order() -> None:
    assert list(leaves({"a": [1, {"b": None}], "c": "x"})) == [(("a", 0), 1), (("a", 1, "b"), None), (("c",), "x")]


@pytest.mark.parametrize("pointer", [("x",), ("a", 9), ("a", "b"), (0,), ("a", -1), ("c", "d")])
def test_a_pointer_to_nothing_gives_nothing(pointer: Pointer) -> None:
    assert at({"a": [1], "c": 2}, pointer) is NOT_JSON


@given(JSON, POINTERS, JSON)
def test_what_was_put_stands_there_and_the_rest_stays(value: Json, pointer: Pointer, new: Json) -> None:
    before = json.dumps(value)
    assert at(replaced(value, pointer, new), pointer) == new
    assert json.dumps(value) == before


def test_putting_keeps_the_neighbours() -> None:
    assert replaced({"a": [1, 2], "b": 3}, ("a", 1), 9) == {"a": [1, 9], "b": 3}
    assert replaced([], (2,), 9) == [None, None, 9]


def test_a_pointer_is_written_as_people_do() -> None:
    assert dotted(("items", 0, "price")) == "items[0].price"
    assert dotted((0, "a")) == "[0].a"
    assert dotted(()) == ""
