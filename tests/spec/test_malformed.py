"""Descriptions that are broken in one way each: what can be read is read, the rest gets a clear word."""

import json
import re

import pytest

from apiward.core.api import Api
from apiward.core.jsonvalue import Json
from apiward.spec.errors import DescriptionError
from apiward.spec.reading import read_description
from tests.spec.documents import Tree, answering, openapi, read, ref, swagger

OK: Json = {"get": {}}
POINTER = re.compile(r"(/([^/~]|~[01])*)*")


def with_parameter(parameter: Json) -> Tree:
    return openapi({"/x": {"get": {"parameters": [parameter]}}})


def with_scheme(scheme: Json) -> Tree:
    return openapi({"/x": OK}, components={"securitySchemes": {"s": scheme}})


BROKEN: list[tuple[str, Tree, str, int]] = [
    ("no paths", {"openapi": "3.0.0"}, "", 0),
    ("paths null", openapi(None), "", 0),
    ("paths a list", openapi(["/x"]), "/paths", 0),
    ("paths a text", openapi("x"), "/paths", 0),
    ("path item null", openapi({"/x": None, "/y": OK}), "/paths/~1x", 1),
    ("path item a list", openapi({"/x": [], "/y": OK}), "/paths/~1x", 1),
    ("operation a text", openapi({"/x": {"get": "x", "put": {}}}), "/paths/~1x/get", 1),
    ("operation null", openapi({"/x": {"get": None, "put": {}}}), "/paths/~1x/get", 1),
    ("path without slash", openapi({"x": OK}), "/paths/x", 1),
    ("path with a query", openapi({"/x?a=1": OK}), "/paths/~1x?a=1", 1),
    ("path with a tilde", openapi({"x~y": OK}), "/paths/x~0y", 1),
    ("remote path item", openapi({"/x": {"$ref": "x.yaml"}, "/y": OK}), "/paths/~1x/$ref", 1),
    ("remote operation", openapi({"/x": {"get": {"$ref": "http://a.example/x"}}}), "/paths/~1x/get/$ref", 1),
    ("info a text", openapi({"/x": OK}, info={"title": []}), "/info/title", 1),
    ("tags a text", openapi({"/x": {"get": {"tags": "a"}}}), "/paths/~1x/get/tags", 1),
    ("tag a number", openapi({"/x": {"get": {"tags": [1]}}}), "/paths/~1x/get/tags/0", 1),
    ("summary an object", openapi({"/x": {"get": {"summary": {}}}}), "/paths/~1x/get/summary", 1),
    ("deprecated a text", openapi({"/x": {"get": {"deprecated": "no"}}}), "/paths/~1x/get/deprecated", 1),
    ("parameters an object", openapi({"/x": {"get": {"parameters": {}}}}), "/paths/~1x/get/parameters", 1),
    ("parameter a text", with_parameter("id"), "/paths/~1x/get/parameters/0", 1),
    ("parameter without name", with_parameter({"in": "query"}), "/paths/~1x/get/parameters/0", 1),
    ("parameter of unknown place", with_parameter({"name": "a", "in": "moon"}), "/paths/~1x/get/parameters/0", 1),
    ("parameter without place", with_parameter({"name": "a"}), "/paths/~1x/get/parameters/0", 1),
    ("parameter name a list", with_parameter({"name": [], "in": "query"}), "/paths/~1x/get/parameters/0/name", 1),
    ("parameter without schema", with_parameter({"name": "a", "in": "query"}), "/paths/~1x/get/parameters/0", 1),
    ("parameter reference broken", with_parameter({"$ref": "#/no"}), "/paths/~1x/get/parameters/0/$ref", 1),
    ("parameter not in the path", with_parameter({"name": "a", "in": "path", "schema": {}}), "/paths/~1x/get", 1),
    (
        "parameter twice",
        openapi({"/x": {"get": {"parameters": [{"name": "a", "in": "query", "schema": {}}] * 2}}}),
        "/paths/~1x/get/parameters/1",
        1,
    ),
    ("body without content", openapi({"/x": {"post": {"requestBody": {}}}}), "/paths/~1x/post/requestBody", 1),
    ("body a list", openapi({"/x": {"post": {"requestBody": []}}}), "/paths/~1x/post/requestBody", 1),
    (
        "content of no media type",
        openapi({"/x": {"post": {"requestBody": {"content": {"json": {}}}}}}),
        "/paths/~1x/post/requestBody/content/json",
        1,
    ),
    ("answers a list", openapi({"/x": {"get": {"responses": []}}}), "/paths/~1x/get/responses", 1),
    ("answer a text", openapi({"/x": {"get": {"responses": {"200": "ok"}}}}), "/paths/~1x/get/responses/200", 1),
    ("status a word", openapi({"/x": {"get": {"responses": {"ok": {}}}}}), "/paths/~1x/get/responses/ok", 1),
    ("headers a list", openapi({"/x": {"get": {"responses": {"200": {"headers": []}}}}}),
     "/paths/~1x/get/responses/200/headers", 1),
    ("reference a number", answering({"$ref": 5}), "*", 1),
    ("reference broken", answering(ref("No")), "*", 1),
    ("reference remote", answering({"$ref": "https://a.example/user.json"}), "*", 1),
    ("reference to itself", answering(ref("A"), A=ref("A")), "*", 1),
    ("schema a text", answering("string"), "*", 1),
    ("schema type unknown", answering({"type": "int"}), "*", 1),
    ("schema type an object", answering({"type": {}}), "*", 1),
    ("properties a list", answering({"properties": []}), "*", 1),
    ("property null", answering({"properties": {"a": None}}), "*", 1),
    ("required a text", answering({"required": "a"}), "*", 1),
    ("enum a text", answering({"enum": "a"}), "*", 1),
    ("allOf an object", answering({"allOf": {}}), "*", 1),
    ("oneOf of texts", answering({"oneOf": ["a", "b"]}), "*", 1),
    ("minimum a text", answering({"minimum": "1"}), "*", 1),
    ("maxLength negative", answering({"maxLength": -1}), "*", 1),
    ("maxLength a fraction", answering({"maxLength": 1.5}), "*", 1),
    ("pattern a list", answering({"pattern": []}), "*", 1),
    ("items a number", answering({"items": 5}), "*", 1),
    ("servers an object", openapi({"/x": OK}, servers={}), "/servers", 1),
    ("server a text", openapi({"/x": OK}, servers=["/v1"]), "/servers/0", 1),
    ("server unreadable", openapi({"/x": OK}, servers=[{"url": "http://[::1"}]), "/servers/0/url", 1),
    ("server variable unknown", openapi({"/x": OK}, servers=[{"url": "/{v}"}]), "/servers/0/url", 1),
    ("security an object", openapi({"/x": OK}, security={}), "/security", 1),
    ("security of texts", openapi({"/x": OK}, security=["key"]), "/security/0", 1),
    ("security of no scheme", openapi({"/x": OK}, security=[{"key": []}]), "/security/0", 1),
    ("schemes a list", openapi({"/x": OK}, components={"securitySchemes": []}), "/components/securitySchemes", 1),
    ("scheme a text", with_scheme("basic"), "/components/securitySchemes/s", 1),
    ("scheme type unknown", with_scheme({"type": "magic"}), "/components/securitySchemes/s", 1),
    ("key of unknown place", with_scheme({"type": "apiKey", "name": "a"}), "/components/securitySchemes/s", 1),
    ("key without name", with_scheme({"type": "apiKey", "in": "header"}), "/components/securitySchemes/s", 1),
    ("flows a list", with_scheme({"type": "oauth2", "flows": []}), "/components/securitySchemes/s/flows", 1),
    ("basePath without slash", swagger({"/x": OK}, basePath="v1"), "/basePath", 1),
    ("host a list", swagger({"/x": OK}, host=[]), "/host", 1),
    ("consumes a text", swagger({"/x": OK}, consumes="application/json"), "*", 1),
    ("two bodies", swagger({"/x": {"post": {"parameters": [{"in": "body", "name": n, "schema": {}} for n in "ab"]}}}),
     "/paths/~1x/post", 1),
    ("body without schema", swagger({"/x": {"post": {"parameters": [{"in": "body", "name": "b"}]}}}),
     "/paths/~1x/post/parameters/0", 1),
    ("version unknown", {"openapi": "9", "paths": {"/x": OK}}, "/openapi", 1),
    ("version an object", {"openapi": {}, "paths": {"/x": OK}}, "/openapi", 1),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "pointer", "count"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_is_broken_gets_a_word_and_the_rest_is_read(tree: Tree, pointer: str, count: int) -> None:
    api = read(tree)
    assert len(api.operations) == count
    assert api.problems
    assert pointer == "*" or pointer in {problem.pointer for problem in api.problems}
    assert all(POINTER.fullmatch(problem.pointer) and problem.message for problem in api.problems)


NOTHING: list[tuple[str, bytes, str]] = [
    ("empty", b"", "empty"),
    ("blank", b" \n ", "empty"),
    ("a page", b"<!doctype html><p>hi", "web page"),
    ("a text", b"hello", "holds text"),
    ("a number", b"42", "holds a number"),
    ("a list", b"[]", "holds a list"),
    ("null", b"null", "holds nothing"),
    ("an object", b"{}", "holds an object"),
    ("a JSON Schema", b'{"$schema": "x"}', "JSON Schema"),
    ("Postman", b'{"info": {}, "item": []}', "Postman"),
    ("HAR", b'{"log": {"entries": []}}', "HAR"),
    ("AsyncAPI", b"asyncapi: 3.0.0", "AsyncAPI"),
    ("Swagger 1", b'{"swaggerVersion": "1.2"}', "Swagger 1"),
    ("Swagger 1 said newly", b'{"swagger": "1.2"}', "Swagger 1"),
    ("paths only", b'{"paths": {}}', "which version"),
    ("version null", b'{"openapi": null}', "holds an object"),
    ("broken JSON", b'{"openapi": "3.0.0", "paths": {]}', "JSON"),
    ("JSON that breaks off", b'{"openapi": "3.0.0", "paths": {"/x"', "JSON"),
    ("broken YAML", b"openapi: 3.0.0\npaths: [", "neither JSON nor YAML"),
    ("tabs in YAML", b"openapi: 3.0.0\npaths:\n\t/x: {}", "neither JSON nor YAML"),
    ("bytes", bytes(range(128, 256)) * 9, "holds text"),
]


@pytest.mark.parametrize(("text", "word"), [case[1:] for case in NOTHING], ids=[case[0] for case in NOTHING])
def test_what_is_no_description_says_what_it_is(text: bytes, word: str) -> None:
    with pytest.raises(DescriptionError) as caught:
        read_description(text, source="x")
    assert word in str(caught.value)
    assert caught.value.found
    assert caught.value.why
    assert caught.value.advice


def test_a_sound_document_has_no_problems() -> None:
    parameter: Json = {"name": "a", "in": "query", "schema": {"type": "string"}}
    assert read(with_parameter(parameter)).problems == ()
    assert read(answering(ref("A"), A={"type": "object"})).problems == ()


def test_problems_are_bounded_and_the_rest_is_counted() -> None:
    api: Api = read(openapi({f"x{i}": OK for i in range(500)}))
    assert len(api.problems) == 201
    assert "300 more" in api.problems[-1].message
    assert json.dumps([problem.pointer for problem in api.problems])
