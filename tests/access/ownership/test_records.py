from hypothesis import given
from hypothesis import strategies as st

from apiward.access.ownership.records import at, fields_of, rows, single
from apiward.core.jsonvalue import Json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "a", "b"]), inner, max_size=3),
    max_leaves=30,
)


def test_rows_are_found_in_any_wrapping() -> None:
    row: Json = {"id": 1}
    wrapped: list[Json] = [[row], {"items": [row]}, {"data": {"notes": [row]}, "meta": {"page": 1}}, [row, 5]]
    for value in wrapped:
        assert rows(value) == [row]
    assert rows({"id": 1}) == []


def test_a_single_record_is_taken_out_of_its_wrapping() -> None:
    record: Json = {"id": 1, "owner": {"id": 2}}
    wrapped: list[Json] = [record, {"note": record}, {"status": "ok", "note": record}, {"data": {"note": record}}]
    for value in wrapped:
        assert single(value) == record
    assert single([record]) is None


def test_fields_have_names_that_lead_back_to_them() -> None:
    record: dict[str, Json] = {
        "id": 1,
        "owner": {"id": 2, "x": {}},
        "with": ["a", "b"],
        "who": [{"mail": "c"}],
        "n": None,
    }
    found = list(fields_of(record))
    assert ("owner.id", 2) in found
    assert ("with[]", "b") in found
    assert ("who.mail[]", "c") in found
    assert at(record, "owner.id") == [2]
    assert at(record, "with[]") == ["a", "b"]
    assert at(record, "who.mail[]") == ["c"]
    assert at(record, "n") == at(record, "missing.id") == at(record, "id[]") == []


@given(JSON)
def test_no_answer_raises(value: Json) -> None:
    rows(value)
    record = single(value)
    for one in [*rows(value), *([record] if record else [])]:
        for name, _ in fields_of(one):
            at(one, name)
