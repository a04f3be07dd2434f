"""The demo's OpenAPI document: it fits the routes, and it is honest for the sound twin."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from apiward.demo.app import DOCUMENTED, HIDDEN
from apiward.demo.description import document
from apiward.demo.graphql.schema import SDL
from apiward.demo.people import CLIENT
from apiward.demo.weaknesses import WEAKNESSES
from apiward.spec.reading import read_description
from tests.demo.tour import Stop, whole_tour
from tests.demo.visitor import Around, Visitor, directly
from tests.guarded.demo_guard import behind_guard

DOCUMENT = document()
HIDDEN_OPERATIONS = {
    "GET /api/v2/clients/_export",
    "GET /api/v2/debug",
    "PATCH /api/v2/admin/clients/{client_id}/role",
    "GET /api/v1/admin/bookings",
    "GET /api/v1/notes",
    "GET /api/v1/notes/{note_id}",
    "GET /api/v1/{rest:path}",
    "GET /.env",
    "GET /metrics",
    "GET /docs",
    "POST /graphql",
    "GET /graphql",
    "GET /openapi.json",
}
PHONE = read_description(SDL.encode(), source="phone.graphql")


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    for child in node if isinstance(node, list) else []:
        yield from _references(child)


def test_document_and_routes_name_the_same_operations() -> None:
    described = {name for name, _ in _operations()}
    assert described == {entry.operation for entry in DOCUMENTED}
    assert {entry.operation for entry in HIDDEN} == HIDDEN_OPERATIONS
    assert not described & HIDDEN_OPERATIONS


def test_every_weakness_stands_at_an_operation() -> None:
    known = {name for name, _ in _operations()} | HIDDEN_OPERATIONS | {op.key for op in PHONE.operations}
    assert {weakness.operation for weakness in WEAKNESSES.values()} <= known


def test_operations_are_whole() -> None:
    ids = [operation["operationId"] for _, operation in _operations()]
    assert len(ids) == len(set(ids))
    for name, operation in _operations():
        declared = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", name)), name
        assert operation["responses"]
        assert all(set(one) <= set(DOCUMENT["components"]["securitySchemes"]) for one in operation["security"])


def test_references_lead_somewhere_and_no_schema_is_left_over() -> None:
    used = {reference.removeprefix("#/components/schemas/") for reference in _references(DOCUMENT)}
    assert used == set(DOCUMENT["components"]["schemas"])


def test_examples_fit_their_schemas() -> None:
    count = 0
    for name, operation in _operations():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            if "example" in media:
                count += 1
                assert _fits(media["schema"], media["example"]), name
    assert count > 8


@pytest.fixture(scope="module", params=[directly, behind_guard], ids=["directly", "behind the guard"])
def around(request: pytest.FixtureRequest) -> Around:
    """What stands before the business: the same must hold behind the guard."""
    found: Around = request.param
    return found


@pytest.fixture(scope="module")
def stops(around: Around, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Stop]]:
    visitor = Visitor((), tmp_path_factory.mktemp("tour"), around)
    try:
        yield whole_tour(visitor)
    finally:
        visitor.close()


def test_tour_calls_every_documented_operation_with_success(stops: list[Stop]) -> None:
    assert {stop.operation for stop in stops} == {name for name, _ in _operations()}
    assert [stop.operation for stop in stops if not 200 <= stop.reply.status < 400] == []


def test_answers_of_the_sound_twin_are_as_described(stops: list[Stop]) -> None:
    described = dict(_operations())
    for stop in stops:
        declared = described[stop.operation]["responses"][str(stop.reply.status)]
        if "content" not in declared:
            assert stop.reply.text == ""
            continue
        if "application/json" not in declared["content"]:
            assert stop.reply.headers["content-type"].partition(";")[0] in declared["content"]
            continue
        schema = declared["content"]["application/json"]["schema"]
        assert _fits(schema, stop.reply.json), stop.operation
        assert _extra_fields(schema, stop.reply.json) == set(), stop.operation


@pytest.fixture(scope="module")
def stranger(around: Around, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """Somebody without a log-in, who changes nothing."""
    visitor = Visitor((), tmp_path_factory.mktemp("stranger"), around)
    try:
        yield visitor
    finally:
        visitor.close()


@pytest.mark.parametrize("name", [name for name, operation in _operations() if operation["security"]])
def test_refusal_without_a_log_in_is_as_described(name: str, stranger: Visitor) -> None:
    method, _, path = name.partition(" ")
    got = stranger.call(method, re.sub(r"{\w+}", "1", path), {} if method in {"POST", "PUT", "PATCH"} else None)
    if got.is_of_guard:  # it refuses in one form everywhere
        assert got.status == 401
        return
    expected = 200 if name == "GET /shop/account" else 401
    assert got.status == expected
    declared = dict(_operations())[name]["responses"][str(expected)]["content"]
    assert _fits(declared[got.headers["content-type"]]["schema"], got.json)


def test_both_twins_serve_the_same_document(tmp_path: Path) -> None:
    for folder, weak in (("weak", tuple(WEAKNESSES)), ("sound", ())):
        (tmp_path / folder).mkdir()
        visitor = Visitor(weak, tmp_path / folder)
        assert visitor.call("GET", "/openapi.json").json == DOCUMENT
        assert visitor.log_in(CLIENT)
        visitor.close()


def _fits(schema: dict[str, Any], value: object) -> bool:
    return jsonschema_rs.is_valid({**schema, "components": DOCUMENT["components"]}, value)


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _extra_fields(schema: dict[str, Any], value: object) -> set[str]:
    """Return the fields of `value` that no part of `schema` declares, at any depth."""
    parts = [_resolved(schema)]
    for part in parts:
        parts.extend(_resolved(one) for key in ("allOf", "oneOf") for one in part.get(key, ()))
    if isinstance(value, list):
        return {name for item in value for name in _extra_fields(parts[0].get("items", {}), item)}
    if not isinstance(value, dict):
        return set()
    known = {key: child for part in parts for key, child in part.get("properties", {}).items()}
    if not known:
        return set()
    deeper = {name for key, child in known.items() if key in value for name in _extra_fields(child, value[key])}
    return (set(value) - set(known)) | deeper
