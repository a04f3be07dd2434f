"""A written schema is a description like any other."""

import json

import pytest

from apiward.spec.errors import DescriptionError
from apiward.spec.graphql.written import read_written_schema
from apiward.spec.limits import DEFAULT_LIMITS
from apiward.spec.reading import read_description
from tests.spec.graphql.schemas import SHOP


def test_a_written_schema_is_read() -> None:
    api = read_description(SHOP.encode(), source="shop.graphql")
    assert (api.dialect, len(api.operations)) == ("GraphQL", 18)


def test_the_answer_of_a_server_is_read() -> None:
    told = {"kind": "OBJECT", "name": "Q", "fields": [{"name": "a", "type": {"kind": "SCALAR", "name": "Int"}}]}
    text = json.dumps({"data": {"__schema": {"queryType": {"name": "Q"}, "types": [told]}}}).encode()
    assert [op.key for op in read_description(text, source="s.json").operations] == ["POST /graphql query a"]


def test_a_broken_schema_is_refused_with_its_reason() -> None:
    with pytest.raises(DescriptionError) as error:
        read_description(b"type Query { a: }", source="s.graphql")
    assert "'}' where a name should stand" in error.value.why


def test_other_texts_are_left_to_other_readers() -> None:
    assert read_written_schema(b"openapi: 3.1.0", "x", DEFAULT_LIMITS) is None
