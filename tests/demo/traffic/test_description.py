"""The description is a good one, and everything in an ordinary fortnight is as it says."""

import json
from typing import Any

import jsonschema_rs
import pytest

from apiward.demo.traffic.description import description
from apiward.demo.traffic.operations import OPERATIONS
from apiward.spec.reading import read_description
from tests.demo.traffic.fortnights import fortnight


class _Said:
    """What the description says of one operation."""

    def __init__(self, operation: dict[str, Any], components: dict[str, Any]) -> None:
        body = operation.get("requestBody")
        self.body = jsonschema_rs.validator_for(_schema(body)) if body else None
        self.answers = {
            code: jsonschema_rs.validator_for({**_schema(answer), "components": components})
            for code, answer in operation["responses"].items()
            if "content" in answer
        }
        self.codes = set(operation["responses"])


def _schema(holder: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = holder["content"]["application/json"]["schema"]
    return schema


def test_it_is_read_without_a_word_and_knows_every_operation() -> None:
    api = read_description(json.dumps(description()).encode(), source="test")
    assert {operation.key for operation in api.operations} == {one.key for one in OPERATIONS.values()}


def test_two_copies_share_nothing() -> None:
    first = description()
    first["paths"].clear()
    assert description()["paths"]


@pytest.mark.long
def test_all_ordinary_traffic_is_as_described() -> None:
    document = description()
    said = {
        f"{method.upper()} {path}": _Said(operation, document["components"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    for step in fortnight():
        about = said[step.truth.operation]
        assert bool(step.body) == (about.body is not None), step
        assert about.body is None or about.body.is_valid(json.loads(step.body)), (step, step.body)
        assert str(step.status) in about.codes or step.status >= 400, step
        answer = about.answers.get(str(step.status), about.answers["default"] if step.status >= 400 else None)
        assert answer is None or answer.is_valid(json.loads(step.answer)), (step, step.answer)
