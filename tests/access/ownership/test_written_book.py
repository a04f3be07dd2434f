import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.ownership.book import Book
from apiward.access.ownership.marks import Marks
from apiward.access.ownership.model import FieldModel, KindModel, SlotModel, Votes
from apiward.access.ownership.written_book import as_json, take_in
from apiward.core.jsonvalue import Json
from tests.access.ownership.test_learned import business

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["kinds", "slots", "a", "fields"]), inner)
    ),
    max_leaves=20,
)


def test_what_was_learned_comes_back_from_the_file() -> None:
    book = business(shows_owner=True).rights.book
    text = json.dumps(as_json(book))
    fresh = Book(Marks(bytes(32)))
    take_in(fresh, json.loads(text))
    assert json.loads(json.dumps(as_json(fresh))) == json.loads(text)
    assert fresh.kinds["/notes"].fields["owner"].names_owner
    assert "person" not in text, "nobody is named"


def test_what_is_known_better_here_stays() -> None:
    book = business(shows_owner=True).rights.book
    poor = business(days=1).rights.book
    before = as_json(book)
    take_in(book, as_json(poor))
    assert as_json(book) == before
    take_in(poor, as_json(book))
    assert poor.kinds["/notes"].rightful.cases == book.kinds["/notes"].rightful.cases
    assert poor.slots["GET /notes/{} path.0"].rightful.cases == book.slots["GET /notes/{} path.0"].rightful.cases


@given(JSON)
def test_no_file_raises(value: object) -> None:
    take_in(Book(Marks(bytes(32))), value)  # type: ignore[arg-type] # any JSON


def test_parts_that_cannot_be_read_are_left_out() -> None:
    book = Book(Marks(bytes(32)))
    row: Json = {
        "rightful": [1, 2, [3]],
        "fields": {"a": [1, 2], "b": [[1, 1, [1]], [], 5, None, True]},
        "id_keys": {"id": -1},
    }
    take_in(book, {"kinds": {"/a": row, "/b": 5}, "slots": {"GET /a": {"kind": 5, "links": {"/a": []}, "foreign": 3}}})
    assert book.kinds["/a"].rightful.hits == 2
    assert list(book.kinds["/a"].fields) == ["b"]
    assert book.slots["GET /a"].kind == ""


@pytest.mark.parametrize(("was_likely", "kind"), [(True, "/orders"), (False, "/notes")])
def test_a_kind_that_was_voted_on_is_known_better_than_one_by_its_name(*, was_likely: bool, kind: str) -> None:
    here, there = Book(Marks(bytes(32))), Book(Marks(bytes(32)))
    here.slots["POST /a body.ref"] = SlotModel("POST /a body.ref", "/notes", is_likely=was_likely)
    there.slots["POST /a body.ref"] = SlotModel("POST /a body.ref", "/orders", is_likely=True)
    take_in(here, as_json(there))
    assert here.slots["POST /a body.ref"].kind == kind
    assert here.slots["POST /a body.ref"].is_likely is was_likely
    there.slots["POST /a body.ref"].is_likely = False
    take_in(here, as_json(there))
    assert (here.slots["POST /a body.ref"].kind, here.slots["POST /a body.ref"].is_likely) == ("/orders", False)


def test_that_records_list_who_takes_part_is_known_after_a_restart() -> None:
    people = {1, 2, 3, 4}
    for is_list in (True, False):
        book, fresh = Book(Marks(bytes(32))), Book(Marks(bytes(32)))
        named = FieldModel(shown=Votes(20, 5, people), somebody=Votes(20, 20, people), is_list=is_list)
        book.kinds["/talks"] = KindModel("/talks", objects=1, fields={"with": named})
        take_in(fresh, as_json(book))
        assert fresh.kinds["/talks"].has_list is is_list
