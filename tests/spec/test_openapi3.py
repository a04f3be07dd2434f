import pytest

from apiward.core.api import Place, SchemeKind
from apiward.core.jsonvalue import Json
from tests.spec.documents import only, openapi, read


def test_an_operation_has_all_that_is_said() -> None:
    operation: Json = {
        "operationId": "showUser",
        "summary": "Show",
        "tags": ["users"],
        "deprecated": True,
        "parameters": [
            {"name": "id", "in": "path", "schema": {"type": "integer"}, "example": 7, "required": True},
            {"name": "q", "in": "query", "style": "form", "explode": False, "schema": {"type": "array"}},
        ],
        "requestBody": {
            "required": True,
            "content": {"Application/JSON; charset=utf-8": {"schema": {"example": 1}, "example": {"a": 1}}},
        },
        "responses": {"200": {"description": "ok", "headers": {"X-Left": {}}}, "4xx": {}, "default": {}},
    }
    api = read(openapi({"/users/{id}": {"post": operation}}))
    read_back = only(api)
    assert api.problems == ()
    assert (api.title, api.version, api.dialect) == ("Shop", "1", "OpenAPI 3.0")
    assert (read_back.key, read_back.operation_id, read_back.tags) == ("POST /users/{id}", "showUser", ("users",))
    assert (read_back.summary, read_back.is_deprecated) == ("Show", True)
    (path,), (query,) = read_back.parameters_in(Place.PATH), read_back.parameters_in(Place.QUERY)
    assert (path.schema.types, path.schema.examples, path.is_required) == (("integer",), (7,), True)
    assert (query.style, query.explode, query.is_required) == ("form", False, False)
    assert (read_back.bodies[0].media_type, read_back.bodies[0].is_required) == ("application/json", True)
    assert read_back.bodies[0].schema.examples == ({"a": 1}, 1)
    assert [answer.status for answer in read_back.answers] == ["200", "4XX", "default"]
    assert read_back.answers[0].headers == ("X-Left",)


def test_path_level_parameters_are_overridden_by_name_and_place() -> None:
    def parameter(place: str, description: str) -> Json:
        return {"name": "a", "in": place, "schema": {}, "description": description}

    item: Json = {
        "parameters": [parameter("query", "upper"), parameter("header", "upper")],
        "get": {"parameters": [parameter("query", "own")]},
    }
    found = only(read(openapi({"/x": item}))).parameters
    assert [(p.place, p.description) for p in found] == [(Place.QUERY, "own"), (Place.HEADER, "upper")]


def test_references_to_every_kind_of_part() -> None:
    api = read(
        openapi(
            {"/x/{id}": {"$ref": "#/components/pathItems/X"}},
            components={
                "pathItems": {
                    "X": {
                        "post": {
                            "parameters": [{"$ref": "#/components/parameters/Id"}],
                            "requestBody": {"$ref": "#/components/requestBodies/B"},
                            "responses": {"200": {"$ref": "#/components/responses/R"}},
                            "security": [{"s": []}],
                        }
                    }
                },
                "parameters": {
                    "Id": {
                        "name": "id",
                        "in": "path",
                        "schema": {"type": "string"},
                        "examples": {"one": {"$ref": "#/components/examples/E"}},
                    }
                },
                "examples": {"E": {"value": "x1"}},
                "headers": {"H": {"schema": {"type": "string"}}},
                "requestBodies": {"B": {"content": {"text/plain": {}}}},
                "responses": {"R": {"description": "fine", "headers": {"H": {"$ref": "#/components/headers/H"}}}},
                "securitySchemes": {"s": {"$ref": "#/components/securitySchemes/t"}, "t": {"type": "mutualTLS"}},
            },
        )
    )
    operation = only(api)
    assert api.problems == ()
    assert operation.parameters[0].schema.examples == ("x1",)
    assert operation.bodies[0].media_type == "text/plain"
    assert (operation.answers[0].description, operation.answers[0].headers) == ("fine", ("H",))
    assert (operation.security, api.schemes["s"].kind) == ((("s",),), SchemeKind.MUTUAL_TLS)


def test_a_parameter_may_have_content_instead_of_a_schema() -> None:
    parameter: Json = {"name": "f", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}}
    assert only(read(openapi({"/x": {"get": {"parameters": [parameter]}}}))).parameters[0].schema.types == ("object",)


def test_a_name_in_the_path_without_parameter_becomes_one() -> None:
    api = read(openapi({"/x/{id}/{no:[0-9]+}": {"get": {}}}))
    assert only(api).path == "/x/{id}/{no}"
    assert [(p.name, p.place, p.is_required) for p in only(api).parameters] == [
        ("id", Place.PATH, True),
        ("no", Place.PATH, True),
    ]
    assert [p.pointer for p in api.problems] == ["/paths/~1x~1{id}~1{no:[0-9]+}/get"] * 2


@pytest.mark.parametrize(
    ("servers", "source", "base"),
    [
        ([], "shop.json", ""),
        ([{"url": "https://a.example/api/v3/"}], "shop.json", "/api/v3"),
        ([{"url": "/api/v3"}], "https://a.example/docs/openapi.json", "/api/v3"),
        ([{"url": "../v2"}], "https://a.example/docs/x/openapi.json", "/docs/v2"),
        ([{"url": "/"}], "shop.json", ""),
        ([{"url": "{s}://h.example/{v}", "variables": {"s": {"default": "https"}, "v": {"enum": ["v9"]}}}], "", "/v9"),
    ],
)
def test_the_base_path_of_a_server(servers: Json, source: str, base: str) -> None:
    assert only(read(openapi({"/x": {"get": {}}}, servers=servers), source)).base_path == base


def test_the_nearest_servers_count() -> None:
    item: Json = {"servers": [{"url": "/path"}], "get": {"servers": [{"url": "/own"}]}, "put": {}}
    api = read(openapi({"/x": item, "/y": {"get": {}}}, servers=[{"url": "https://a.example/all"}]))
    assert [operation.base_path for operation in api.operations] == ["/own", "/path", "/all"]
    assert api.servers == ("https://a.example/all",)


def test_security_is_inherited_lifted_or_optional() -> None:
    methods: Json = {"get": {}, "put": {"security": []}, "post": {"security": [{"key": []}, {}]}}
    schemes: Json = {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "b": {"type": "http", "scheme": "Bearer"},
    }
    api = read(openapi({"/x": methods}, security=[{"key": [], "b": []}], components={"securitySchemes": schemes}))
    inherited, optional, lifted = sorted(api.operations, key=lambda operation: operation.method)
    assert (inherited.security, inherited.is_secured) == ((("key", "b"),), True)
    assert (optional.security, optional.is_secured) == ((("key",), ()), False)
    assert lifted.security == ()
    assert (api.schemes["key"].place, api.schemes["key"].field_name) == (Place.HEADER, "X-Key")
    assert api.schemes["b"].kind is SchemeKind.BEARER


def test_where_nothing_is_said_security_is_unknown() -> None:
    assert only(read(openapi({"/x": {"get": {}}}))).security is None


def test_unreadable_security_never_reads_as_open_to_all() -> None:
    assert only(read(openapi({"/x": {"get": {"security": [5]}}}))).security is None


def test_oauth_flows_and_their_token_address() -> None:
    flows: Json = {
        "implicit": {"authorizationUrl": "/a"},
        "authorizationCode": {"tokenUrl": "/code"},
        "password": {"tokenUrl": "/token"},
    }
    scheme = read(openapi({}, components={"securitySchemes": {"o": {"type": "oauth2", "flows": flows}}})).schemes["o"]
    assert (scheme.kind, scheme.token_url) == (SchemeKind.OAUTH2, "/token")
    assert scheme.flows == ("implicit", "authorizationCode", "password")


def test_a_newer_version_is_read_with_a_word() -> None:
    tree = openapi({"/x": {"get": {}}})
    tree["openapi"] = "3.2.0"
    api = read(tree)
    assert (api.dialect, len(api.operations), api.problems[0].pointer) == ("OpenAPI 3.1", 1, "/openapi")
    tree["openapi"] = "3.1.0"
    assert read(tree).problems == ()


def test_references_through_references_and_into_lists() -> None:
    tree = openapi(
        {"/x": {"get": {"parameters": [{"$ref": "#/components/parameters/A"}, {"$ref": "#/x-list/1"}]}}},
        components={"parameters": {"A": {"$ref": "#/components/parameters/B~1b%20c"}}},
    )
    tree["components"]["parameters"]["B/b c"] = {"$ref": "#/x-outer/inner"}  # type: ignore[index, call-overload]
    tree["x-outer"] = {"$ref": "#/x-real"}
    tree["x-real"] = {"inner": {"name": "a", "in": "query", "schema": {}}}
    tree["x-list"] = [None, {"name": "b", "in": "header", "schema": {}}]
    api = read(tree)
    assert [parameter.name for parameter in only(api).parameters] == ["a", "b"]
    assert api.problems == ()


def test_content_without_a_media_type_is_any() -> None:
    api = read(openapi({"/x": {"get": {"responses": {"200": {"content": {"": {}}}}}}}))
    assert only(api).answers[0].bodies[0].media_type == "*/*"
    assert api.problems[0].pointer == "/paths/~1x/get/responses/200/content/"


def test_scopes_go_with_their_alternatives() -> None:
    schemes: Json = {
        "o": {"type": "oauth2", "flows": {}},
        "i": {"type": "openIdConnect", "openIdConnectUrl": "/openid"},
        "b": {"type": "http", "scheme": "bearer"},
    }
    both: Json = {"o": ["read", "write"], "i": ["list"], "b": ["role"]}
    methods: Json = {"get": {}, "put": {"security": [both, {"b": []}]}, "post": {"security": [{"b": []}]}}
    api = read(openapi({"/x": methods}, security=[{"o": ["read"]}], components={"securitySchemes": schemes}))
    assert api.schemes["i"].openid_url == "/openid"
    inherited, own, without = api.operations
    assert inherited.scopes == (frozenset({"read"}),)
    assert own.scopes == (frozenset({"read", "write", "list"}), frozenset())
    assert (without.security, without.scopes) == ((("b",),), ())


@pytest.mark.parametrize("said", ["read", 5, [1], {"read": 1}])
def test_odd_scopes_are_problems(said: Json) -> None:
    schemes: Json = {"o": {"type": "oauth2", "flows": {}}}
    api = read(openapi({"/x": {"get": {"security": [{"o": said}]}}}, components={"securitySchemes": schemes}))
    assert api.operations[0].security == (("o",),)
    assert api.operations[0].scopes == ()
    assert api.problems
