import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import SchemeKind
from apiward.spec.errors import DescriptionError
from apiward.spec.samples.postman import filled
from tests.spec.samples.collections import collection, operations, read

BEARER = {"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}", "type": "string"}]}


def request(method: str, url: Any, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of JSON
    return {"name": f"{method} it", "request": {"method": method, "url": url, **more}}


def test_folders_variables_and_log_ins_are_followed() -> None:
    orders = {
        "name": "Orders",
        "auth": BEARER,
        "item": [
            request("GET", {"raw": "{{base}}/orders/{{orderId}}?full=true", "query": [
                {"key": "full", "value": "true"}, {"key": "old", "value": "1", "disabled": True}]}),
            request("POST", "{{base}}/orders", body={"mode": "raw", "raw": '{"item":"a","count":{{n}}}'}),
            request("GET", "{{base}}/open", auth={"type": "noauth"}),
        ],
    }  # fmt: skip
    variables = [{"key": "base", "value": "{{host}}/api"}, {"key": "host", "value": "https://shop.example"}]
    found = operations(collection(orders, request("GET", "{{base}}/:who/list"), variable=variables))
    assert set(found) == {"GET /api/orders/{orderId}", "POST /api/orders", "GET /api/open", "GET /api/{who}/list"}
    one = found["GET /api/orders/{orderId}"]
    assert one.is_secured
    assert [parameter.name for parameter in one.parameters] == ["orderId", "full"]
    schema = found["POST /api/orders"].body_schema()
    assert schema is not None
    assert {name: child.types for name, child in schema.properties.items()} == {
        "item": ("string",),
        "count": ("integer",),
    }
    assert not found["GET /api/open"].is_secured


def test_an_address_in_parts_and_a_base_that_nobody_knows_are_read() -> None:
    url = {"protocol": "https", "host": ["shop", "example"], "path": ["v1", "items", ":id"]}
    found = operations(
        collection(
            request("GET", url), request("DELETE", "{{base}}/v1/items/7"), {"request": "https://shop.example/v1/all"}
        )
    )
    assert set(found) == {"GET /v1/items/{id}", "DELETE /v1/items/{id}", "GET /v1/all"}


def test_forms_keys_and_saved_answers_are_read() -> None:
    form = request("POST", "http://h/token", body={"mode": "urlencoded", "urlencoded": [
        {"key": "username", "value": "a"}, {"key": "password", "value": "b"},
        {"key": "x", "value": "", "disabled": True}]})  # fmt: skip
    saved = request("GET", "http://h/me")
    saved["response"] = [{"code": 401, "body": "{}"}, {"code": 200, "body": '{"name":"a"}', "header": None}]
    key = {"type": "apikey", "apikey": [{"key": "key", "value": "X-Api-Key"}, {"key": "in", "value": "header"}]}
    found = operations(collection(form, saved, auth=key))
    (body,) = found["POST /token"].bodies
    assert body.media_type == "application/x-www-form-urlencoded"
    assert set(body.schema.properties) == {"username", "password"}
    (answer,) = found["GET /me"].answers
    assert set(answer.bodies[0].schema.properties) == {"name"}
    api = read(collection(saved, auth=key))
    (scheme,) = api.schemes.values()
    assert (scheme.kind, scheme.field_name) == (SchemeKind.API_KEY, "x-api-key")


def test_scripts_are_not_run_and_secrets_are_not_kept() -> None:
    script = {"listen": "prerequest", "script": {"exec": ["pm.sendRequest('http://evil.example')"]}}
    one = {
        **request("POST", "http://h/login", body={"mode": "raw", "raw": '{"password":"hunter2hunter2"}'}),
        "event": [script],
    }
    api = read(collection(one, auth={"type": "bearer", "bearer": [{"key": "token", "value": "eyJsecret"}]}))
    assert "hunter2" not in repr(api)
    assert "eyJsecret" not in repr(api)


def test_what_cannot_be_read_is_told_with_its_place() -> None:
    bad = [request("GET", "ftp://h/x"), {"request": {"method": "GET"}}, request("G E T", "http://h/y")]
    api = read(collection(*bad, request("GET", "http://h/ok")))
    assert [problem.pointer for problem in api.problems] == ["/item/0", "/item/1", "/item/2"]
    with pytest.raises(DescriptionError, match="holds no request"):
        read(collection())


def test_depth_and_turns_are_bounded() -> None:
    deep: dict[str, Any] = request("GET", "http://h/deep")
    for _ in range(40):
        deep = {"name": "f", "item": [deep]}
    api = read(collection(deep, request("GET", "http://h/ok")))
    assert [one.key for one in api.operations] == ["GET /ok"]
    assert "too deeply" in api.problems[0].message
    assert len(filled("{{a}}", {"a": "{{a}}{{a}}"})) < 200
    assert len(filled("{{a}}" * 1_000, {"a": "x" * 10_000})) <= 5_000


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["{{a}}", "http://h/x", "raw"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["item", "request", "url", "raw", "method", "auth", "type", "body", "mode", "key",
                                       "value", "variable", "query", "response", "header", "path", "host"]),
                      inner, max_size=5),
    max_leaves=30,
)  # fmt: skip


@given(_JSON, _JSON, _JSON)
def test_any_collection_is_read_or_refused(item: Any, variable: Any, auth: Any) -> None:  # noqa: ANN401 - any JSON
    text = json.dumps({"info": {}, "item": [item, request("GET", "http://h/ok")], "variable": variable, "auth": auth})
    assert "GET /ok" in operations(text, target="http://h")
