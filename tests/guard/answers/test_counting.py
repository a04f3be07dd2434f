import json

import pytest

from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.guard.answers.counting import shown_records


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ([{"id": 1}, {"id": 2}], 2),
        ([1, 2, 3], 3),
        ([], 0),
        ({"items": [{"id": 1}] * 50, "total": 5_000}, 50),
        ({"data": {"orders": {"edges": [{"id": 1}] * 7}}}, 7),
        ({"a": {"b": {"c": {"d": [{"id": 1}]}}}}, 0),  # deeper than anybody wraps
        ({"id": 7, "tags": ["a", "b", "c"]}, 0),  # one record with words
        ({"first": [{"id": 1}], "second": [{"id": 1}] * 3, "empty": []}, 3),
        ({"id": 7}, 0),
        ("text", 0),
        (None, 0),
        (NOT_JSON, 0),
    ],
)
def test_the_longest_list_of_records_counts(value: Json | NotJson, number: int) -> None:
    bodies = (
        [b""] if isinstance(value, NotJson) else [json.dumps(value, indent=indent).encode() for indent in (None, 2)]
    )
    assert [shown_records(value, body) for body in bodies] == [number] * len(bodies)
