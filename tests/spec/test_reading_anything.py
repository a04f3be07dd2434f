"""Whatever stands in a document: it is read in bounded time, and nothing but DescriptionError comes out."""

import copy
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.jsonvalue import Json, Pointer, replaced, walk
from apiward.spec.errors import DescriptionError
from apiward.spec.reading import read_description
from tests.spec.documents import openapi, ref, swagger

POINTER = re.compile(r"(/([^/~]|~[01])*)*", re.DOTALL)

_USER: Json = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer", "minimum": 1}, "friends": {"type": "array", "items": ref("User")}},
    "allOf": [{"oneOf": [ref("Named"), {"type": "null"}]}],
}
_OPERATION: Json = {
    "operationId": "a",
    "tags": ["t"],
    "parameters": [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "enum": ["a"]}},
        {"name": "f", "in": "query", "content": {"application/json": {"schema": ref("Named")}}},
    ],
    "requestBody": {"content": {"application/json": {"schema": ref("User"), "examples": {"e": {"value": 1}}}}},
    "responses": {"200": {"description": "d", "headers": {"H": {}}, "content": {"a/b": {"schema": ref("User")}}}},
    "security": [{"s": []}, {}],
    "servers": [{"url": "/{v}", "variables": {"v": {"default": "1"}}}],
}
SOUND: list[Json] = [
    openapi(
        {"/x/{id}": {"get": _OPERATION, "post": _OPERATION}},
        servers=[{"url": "https://a.example/v1"}],
        components={
            "schemas": {"User": _USER, "Named": {"properties": {"name": {"type": ["string", "null"], "maxLength": 9}}}},
            "securitySchemes": {"s": {"type": "oauth2", "flows": {"password": {"tokenUrl": "/t"}}}},
        },
    ),
    swagger(
        {
            "/x/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "type": "string"}],
                "post": {
                    "consumes": ["application/json"],
                    "parameters": [
                        {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/U"}},
                        {"name": "f", "in": "formData", "type": "file"},
                        {"name": "l", "in": "query", "type": "array", "items": {}, "collectionFormat": "multi"},
                    ],
                    "responses": {"200": {"schema": {"$ref": "#/definitions/U"}, "examples": {"a/b": 1}}},
                },
            }
        },
        definitions={"U": {"properties": {"u": {"$ref": "#/definitions/U"}}}},
        securityDefinitions={"s": {"type": "apiKey", "in": "header", "name": "k"}},
    ),
]
PLACES: list[list[Pointer]] = [[pointer for pointer, _ in walk(tree) if pointer] for tree in SOUND]

_odd_texts = st.sampled_from(
    [
        "",
        "$ref",
        "#",
        "#/",
        "#/paths",
        "#/components/schemas/User",
        "a~b/c",
        "http://[",
        "{",
        "{x}",
        "null",
        "object",
        "\ud800",
    ]
)
_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | _odd_texts
_odd_keys = st.sampled_from(["$ref", "type", "allOf", "oneOf", "items", "properties", "schema", "in", "name", "get"])
_values: st.SearchStrategy[Json] = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_odd_keys | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def read_well(text: bytes) -> None:
    try:
        api = read_description(text, source="https://a.example/openapi.json")
    except DescriptionError:
        return
    for problem in api.problems:
        assert POINTER.fullmatch(problem.pointer)
        assert problem.message
        assert f"{problem.pointer} {problem.message}".encode()
    for operation in api.operations:
        assert operation.path.startswith("/")
        assert not operation.base_path.endswith("/")
        for schema in operation.answer_schemas():
            assert len(list(schema.fields())) <= 400


def test_the_sound_documents_are_sound() -> None:
    for tree in SOUND:
        assert read_description(json.dumps(tree).encode(), source="x").problems == ()


@given(st.data())
def test_a_mutated_document_never_breaks_the_reader(data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(SOUND) - 1))
    tree = copy.deepcopy(SOUND[which])
    for _ in range(data.draw(st.integers(1, 4))):
        tree = replaced(tree, data.draw(st.sampled_from(PLACES[which])), data.draw(_values))
    read_well(json.dumps(tree).encode())


@given(_values)
def test_any_value_below_a_version_never_breaks_the_reader(value: Json) -> None:
    for key, version in (("openapi", "3.1.0"), ("swagger", "2.0")):
        tree = {**value, key: version} if isinstance(value, dict) else {key: version, "paths": value}
        read_well(json.dumps(tree).encode())


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_never_break_the_reader(tail: bytes) -> None:
    read_well(tail)
    read_well(b"openapi: 3.0.0\npaths:\n  /x:\n    get:\n      summary: a\n" + tail)


@given(st.data())
def test_a_cut_document_never_breaks_the_reader(data: st.DataObject) -> None:
    text = json.dumps(SOUND[0]).encode()
    read_well(text[: data.draw(st.integers(0, len(text)))])
