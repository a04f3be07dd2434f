import json
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apiward.core.api import Answer, Api, Body, Operation, Parameter, Place, SchemeKind, SecurityScheme
from apiward.core.schema import Schema
from apiward.spec.reading import read_description
from apiward.spec.writing.openapi31 import json_text, openapi_document, yaml_text
from tests.spec.learning.seeing import learner, often

NAMES = st.text("abcdefXYZ_-01", min_size=1, max_size=8)
WORDS = st.text("abc :'#-?é\n", max_size=12)
SCALARS = st.builds(
    Schema,
    types=st.sampled_from([("string",), ("integer",), ("number",), ("boolean",), ("integer", "string")]),
    format=st.sampled_from([None, "uuid", "date-time"]),
    description=WORDS,
    minimum=st.sampled_from([None, 0, -2.5]),
    max_length=st.sampled_from([None, 0, 64]),
    is_nullable=st.booleans(),
    is_read_only=st.booleans(),
) | st.builds(Schema, types=st.just(("string",)), enum=st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple))
SCHEMAS = st.recursive(
    SCALARS,
    lambda inner: (
        st.builds(Schema, types=st.just(("array",)), items=inner, max_items=st.sampled_from([None, 7]))
        | st.builds(
            Schema,
            types=st.just(("object",)),
            properties=st.dictionaries(NAMES, inner, min_size=1, max_size=3).map(MappingProxyType),
            is_open=st.booleans(),
        ).map(lambda made: replace(made, required=frozenset(list(made.properties)[:1])))
    ),
    max_leaves=6,
)
SCHEMES = MappingProxyType(
    {
        "bearer": SecurityScheme("bearer", SchemeKind.BEARER),
        "basic": SecurityScheme("basic", SchemeKind.BASIC),
        "key": SecurityScheme("key", SchemeKind.API_KEY, Place.COOKIE, "session"),
    }
)
OPERATIONS = st.builds(
    Operation,
    method=st.sampled_from(["GET", "POST"]),
    path=st.sampled_from(["/a/{id}", "/b/{id}.json", "/c%20d/{id}"]),
    parameters=st.builds(
        lambda path, query: (
            Parameter("id", Place.PATH, path, is_required=True),
            Parameter("page", Place.QUERY, query),
            Parameter("x-shop", Place.HEADER, Schema(types=("string",)), is_required=True),
        ),
        SCALARS,
        SCHEMAS,
    ),
    bodies=st.lists(st.builds(Body, st.sampled_from(["application/json", "*/*"]), SCHEMAS), max_size=1).map(tuple),
    answers=st.builds(
        lambda schema: (Answer("200", "Good", (Body("application/json", schema),)), Answer("404", "No")), SCHEMAS
    ),
    security=st.sampled_from([None, (), (("bearer",),), (("key",), ())]),
)
APIS = st.builds(
    lambda operations: Api("T", "1", tuple(operations), schemes=SCHEMES),
    st.lists(OPERATIONS, min_size=1, max_size=3, unique_by=lambda one: one.key),
)


def read_back(text: str) -> Api:
    return read_description(text.encode(), source="x")


def as_told(api: Api) -> tuple[object, ...]:
    return {one.key: one for one in api.operations}, dict(api.schemes), api.title, api.version, api.problems


@pytest.mark.long
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(APIS)
def test_our_own_reader_reads_back_the_same_api(api: Api) -> None:
    assert as_told(read_back(json_text(api))) == as_told(api)
    assert as_told(read_back(yaml_text(api))) == as_told(api)


def test_what_was_learned_is_read_back_the_same() -> None:
    made = learner(
        [
            *often("GET /users/7?page=1", answer={"id": 1, "mail": "a@b.example", "tags": ["x"]}, shown=("bearer",)),
            *often("POST /users", body={"mail": "a@b.example", "at": None}, answer={"id": 2}, status=201),
            *often("POST /form", body_type="application/x-www-form-urlencoded", form=(("a", "1"),)),
            *often("GET /file", answer_type="text/csv"),
        ]
    ).learned()
    for api in (made.api(), made.guarded()):
        assert as_told(read_back(yaml_text(api))) == as_told(api)


def test_it_is_a_document_of_openapi_3_1() -> None:
    made = learner(often("GET /users/7", answer={"id": 1})).learned().api()
    document = json.loads(json_text(made))
    assert document["openapi"] == "3.1.0"
    assert document["info"] == {"title": "Learned from traffic", "version": "1"}
    assert document["paths"]["/users/{user_id}"]["get"]["responses"]["200"]["description"] == "Success"
    assert openapi_document(Api("", "", ()))["info"] == {"title": "API", "version": "1"}


def test_flows_have_the_addresses_that_they_must_have_and_no_other() -> None:
    told = SecurityScheme("o", SchemeKind.OAUTH2, token_url="/t", flows=("implicit", "authorizationCode", "mine"))
    document = json.loads(json_text(Api("T", "1", (), schemes={"o": told})))
    assert document["components"]["securitySchemes"]["o"]["flows"] == {
        "implicit": {"authorizationUrl": "/authorize", "scopes": {}},
        "authorizationCode": {"authorizationUrl": "/authorize", "tokenUrl": "/t", "scopes": {}},
    }
    bare = replace(told, flows=("mine",))
    document = json.loads(json_text(Api("T", "1", (), schemes={"o": bare})))
    assert list(document["components"]["securitySchemes"]["o"]["flows"]) == ["password"]
