import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.ownership.places import fetcher, names_in, values_at
from apiward.core.jsonvalue import Json
from tests.guard.calls import call

JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3), lambda x: st.lists(x) | st.dictionaries(st.text(max_size=2), x)
)


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("path.id", ["9"]),
        ("query.ref", ["a", "b"]),
        ("query.note.id", ["4"]),
        ("header.X-Note", ["5"]),
        ("body.note.id", ["6"]),
        ("body.notes.id", ["1", "2"]),
        ("body.missing", []),
    ],
)
def test_ids_are_fetched_from_everywhere(place: str, found: list[str]) -> None:
    made = call(
        "POST",
        "/users/8/notes/09?ref=A&ref=b&note[id]=4",
        headers={"x-note": "5"},
        json={"note": {"id": 6}, "notes": [{"id": 1}, {"ID": 2}]},
    )
    assert fetcher(place, "/users/{user}/notes/{id}")(made, ("8", "09")) == found


def test_ids_in_forms() -> None:
    made = call("POST", "/x", headers={"content-type": "application/x-www-form-urlencoded"}, body=b"note[id]=7&id=8")
    assert fetcher("body.note.id", "/x")(made, ()) == ["7"]
    assert fetcher("body.id", "/x")(made, ()) == ["8"]


def test_a_path_without_that_name_is_a_slip() -> None:
    with pytest.raises(ValueError, match="has no 'id'; it has none"):
        fetcher("path.id", "/notes")
    assert fetcher("path.b", "/{a}/{b:path}")(call(), ("1",)) == []
    assert names_in("/{a}/{b*}/x") == ("a", "b")


@given(JSON, st.lists(st.text(max_size=2), max_size=4))
def test_no_value_raises(value: Json, steps: list[str]) -> None:
    list(values_at(value, tuple(steps)))
