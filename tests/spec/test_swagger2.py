import pytest

from apiward.core.api import Place, SchemeKind
from apiward.core.jsonvalue import Json
from tests.spec.documents import only, read, swagger


def test_a_body_parameter_becomes_a_body_for_each_media_type() -> None:
    body: Json = {"in": "body", "name": "b", "required": True, "schema": {"$ref": "#/definitions/User"}}
    api = read(
        swagger(
            {"/x": {"post": {"parameters": [body]}}},
            definitions={"User": {"type": "object", "properties": {"a": {"type": "string", "x-nullable": True}}}},
            consumes=["application/json", "application/xml"],
        )
    )
    bodies = only(api).bodies
    assert (api.dialect, api.problems, only(api).parameters) == ("Swagger 2.0", (), ())
    assert [body.media_type for body in bodies] == ["application/json", "application/xml"]
    assert bodies[0].is_required
    assert (bodies[0].schema.name, bodies[0].schema.properties["a"].is_nullable) == ("User", True)


@pytest.mark.parametrize(
    ("kind", "consumes", "media_type"),
    [
        ("string", [], "application/x-www-form-urlencoded"),
        ("string", ["multipart/form-data"], "multipart/form-data"),
        ("file", ["application/x-www-form-urlencoded"], "multipart/form-data"),
    ],
)
def test_form_fields_become_one_body(kind: str, consumes: Json, media_type: str) -> None:
    fields: Json = [
        {"in": "formData", "name": "a", "type": kind, "required": True},
        {"in": "formData", "name": "b", "type": "integer"},
    ]
    (body,) = only(read(swagger({"/x": {"post": {"parameters": fields, "consumes": consumes}}}))).bodies
    assert (body.media_type, set(body.schema.required)) == (media_type, {"a"})
    assert body.schema.properties["a"].types == ("string",)
    assert (body.schema.properties["a"].format == "binary") is (kind == "file")


@pytest.mark.parametrize(
    ("place", "said", "style", "explode"),
    [
        ("query", "multi", "form", True),
        ("query", "csv", "form", False),
        ("query", None, "form", False),
        ("query", "pipes", "pipeDelimited", False),
        ("query", "ssv", "spaceDelimited", False),
        ("header", "csv", "simple", False),
    ],
)
def test_how_lists_are_written(place: str, said: Json, style: str, explode: object) -> None:
    parameter: Json = {"in": place, "name": "a", "type": "array", "items": {"type": "string"}, "collectionFormat": said}
    (found,) = only(read(swagger({"/x": {"get": {"parameters": [parameter]}}}))).parameters
    assert (found.place, found.style, found.explode) == (Place(place), style, explode)
    assert found.schema.types == ("array",)


def test_a_single_value_has_no_list_style() -> None:
    parameter: Json = {"in": "query", "name": "a", "type": "string", "collectionFormat": "multi", "required": True}
    (found,) = only(read(swagger({"/x": {"get": {"parameters": [parameter]}}}))).parameters
    assert (found.style, found.explode, found.is_required, found.schema.types) == (None, None, True, ("string",))


def test_answers_have_one_body_for_each_produced_type() -> None:
    answer: Json = {"description": "ok", "schema": {"type": "string"}, "examples": {"text/plain": "hi"}}
    operation: Json = {"produces": ["text/plain", "application/json"], "responses": {"200": answer, "204": {}}}
    first, second = only(read(swagger({"/x": {"get": operation}}))).answers
    assert [(body.media_type, body.schema.examples) for body in first.bodies] == [
        ("text/plain", ("hi",)),
        ("application/json", ()),
    ]
    assert (second.status, second.bodies) == ("204", ())


@pytest.mark.parametrize(
    ("more", "source", "servers", "base"),
    [
        ({"host": "a.example", "basePath": "/v2/", "schemes": ["http"]}, "", ("http://a.example/v2/",), "/v2"),
        ({"basePath": "/v2"}, "http://b.example:8080/s.json", ("http://b.example:8080/v2",), "/v2"),
        ({"basePath": "/v2"}, "s.json", ("/v2",), "/v2"),
        ({"host": "a.example"}, "s.json", ("https://a.example",), ""),
        ({}, "s.json", (), ""),
    ],
)
def test_host_and_base_path(more: dict[str, Json], source: str, servers: tuple[str, ...], base: str) -> None:
    api = read(swagger({"/x": {"get": {}}}, **more), source)
    assert (api.servers, only(api).base_path) == (servers, base)


def test_security_definitions() -> None:
    schemes: Json = {
        "basic": {"type": "basic"},
        "key": {"type": "apiKey", "in": "query", "name": "k"},
        "oauth": {"type": "oauth2", "flow": "accessCode", "tokenUrl": "https://a.example/token"},
    }
    api = read(swagger({"/x": {"get": {"security": [{"basic": []}]}}}, securityDefinitions=schemes))
    assert only(api).security == (("basic",),)
    assert [scheme.kind for scheme in api.schemes.values()] == [
        SchemeKind.BASIC,
        SchemeKind.API_KEY,
        SchemeKind.OAUTH2,
    ]
    assert (api.schemes["oauth"].flows, api.schemes["oauth"].token_url) == (
        ("authorizationCode",),
        "https://a.example/token",
    )
