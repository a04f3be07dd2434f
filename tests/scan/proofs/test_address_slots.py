import pytest

from apiward.core.api import Operation, Parameter, Place
from apiward.core.schema import Schema
from apiward.scan.proofs.address_slots import goes_on, may_take_one
from tests.scan.operations import op


@pytest.mark.parametrize("name", "url imageUrl callback_uri webhook avatar feed source_link host image website".split())
def test_names_that_take_an_address(name: str) -> None:
    assert may_take_one(op("GET /x", query=name))
    assert may_take_one(op("POST /x", body=name))


@pytest.mark.parametrize("name", "title q email source_id link_text image_type urls_count hostnames_total".split())
def test_names_that_take_none(name: str) -> None:
    assert not may_take_one(op("GET /x", query=name))


@pytest.mark.parametrize(
    ("schema", "is_one"),
    [
        (Schema(("string",), format="uri"), True),
        (Schema(("string",), examples=("https://shop.example/a.ics",)), True),
        (Schema(("string",), examples=("tea",)), False),
        (Schema(("integer",), format="uri"), False),
        (Schema(("string",), format="uri", max_length=20), False),
        (Schema(("string",), format="uri", enum=("https://a.example",)), False),
    ],
)
def test_formats_and_examples(schema: Schema, *, is_one: bool) -> None:
    made = Operation("GET", "/x", parameters=(Parameter("thing", Place.QUERY, schema),))
    assert may_take_one(made) is is_one


def test_names_that_say_where_to_go_next() -> None:
    assert all(map(goes_on, ("next", "return_to", "redirectUri", "continue", "url")))
    assert not any(map(goes_on, ("page", "id", "email", "sort")))
