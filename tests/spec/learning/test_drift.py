import json
from typing import Any

from apiward.core.api import Api
from apiward.core.jsonvalue import Json
from apiward.spec.learning.drift import DAY_S, Drift, DriftKind, drift
from apiward.spec.reading import read_description
from tests.spec.learning.seeing import learner, often

NOTE: dict[str, Any] = {"type": "object", "properties": {"id": {"type": "integer"}, "price": {"type": "number"}}}


def described(schema: dict[str, Any] | None = None) -> Api:
    content = {"application/json": {"schema": schema or NOTE}}
    answers = {"200": {"description": "", "content": content}}
    query = [{"name": "page", "in": "query", "schema": {"type": "integer"}}]
    paths = {
        "/notes/{note}": {"get": {"parameters": query, "responses": answers}},
        "/notes": {"post": {"requestBody": {"content": content}, "responses": answers}},
    }
    return read_description(json.dumps({"openapi": "3.1.0", "paths": paths}).encode(), source="test")


def found(seen: list[Any], given: Api | None = None, now_s: float = 2_000.0) -> list[tuple[DriftKind, str, str]]:
    rows: tuple[Drift, ...] = drift(given or described(), learner(seen).learned(), now_s=now_s, unused_days=30)
    return [(one.kind, one.operation, one.place) for one in rows]


GOOD: Json = {"id": 1, "price": 2}


def test_traffic_as_described_is_no_drift() -> None:
    assert found([*often("GET /notes/7?page=1", answer=GOOD), *often("POST /notes", body=GOOD, answer=GOOD)]) == []


def test_what_nobody_described_is_a_shadow() -> None:
    assert found(often("GET /debug")) == [(DriftKind.SHADOW, "GET /debug", "")]


def test_names_that_nobody_described_are_told_with_their_place() -> None:
    seen = often("POST /notes?debug=1", body={**GOOD, "admin": True}, answer={**GOOD, "owner": "x"})  # type: ignore[dict-item]
    assert found(seen) == [
        (DriftKind.UNDECLARED, "POST /notes", "answer 200.owner"),
        (DriftKind.UNDECLARED, "POST /notes", "body.admin"),
        (DriftKind.UNDECLARED, "POST /notes", "query debug"),
    ]


def test_another_type_is_told_and_a_whole_number_is_a_number() -> None:
    seen = often("GET /notes/7", answer={"id": "x", "price": 3})
    rows = drift(described(), learner(seen).learned(), now_s=0, unused_days=30)
    assert [(one.kind, one.place, one.saw) for one in rows] == [
        (DriftKind.TYPE, "answer 200.id", "string, described as integer")
    ]


def test_maps_and_open_places_may_hold_anything() -> None:
    assert found(often("GET /notes/7", answer={"x": 1}), described({"type": "object"})) == []
    assert found(often("GET /notes/7", answer=["x"]), described({"description": "anything"})) == []


def test_what_is_not_called_counts_only_after_long_enough() -> None:
    begun = often("GET /notes/7", answer=GOOD, at_s=1_000.0)
    assert found(begun, now_s=1_000.0 + 29 * DAY_S) == []
    assert found(begun, now_s=1_000.0 + 31 * DAY_S) == [
        (DriftKind.UNUSED, "GET /notes/{note}", ""),
        (DriftKind.UNUSED, "POST /notes", ""),
    ]
    lately = often("GET /notes/7", answer=GOOD, at_s=1_000.0 + 30 * DAY_S)
    assert found([*begun, *lately], now_s=1_000.0 + 31 * DAY_S) == [(DriftKind.UNUSED, "POST /notes", "")]


def test_one_of_several_forms_is_enough() -> None:
    schema = {"oneOf": [NOTE, {"type": "object", "properties": {"other": {"type": "string"}}}]}
    assert found(often("GET /notes/7", answer={"other": "x"}), described(schema)) == []
