"""Findings and small descriptions, made for tests of patches."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from apiward.app.patching.cases import Case, Plan
from apiward.app.patching.making import FORMS, plan_rules
from apiward.catalogue.loading import load_catalogue
from apiward.core.api import Api
from apiward.core.exchange import Exchange, Request, Response
from apiward.core.finding import Finding, Severity
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Confidence, Evidence
from apiward.spec.reading import read_description

ORIGIN = "http://shop.test"
EXPIRES = date(2027, 3, 1)


def described(paths: Mapping[str, Any], security: tuple[str, ...] = ()) -> Api:
    """Return the API of some OpenAPI paths."""
    schemes = {name: {"type": "http", "scheme": "bearer"} for name in security}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": schemes},
    }
    return read_description(json.dumps(document).encode(), source=f"{ORIGIN}/openapi.json")


def operation(
    *,
    body: Json = None,
    query: Mapping[str, Any] | None = None,
    path: tuple[str, ...] = (),
    security: object = None,
) -> dict[str, Any]:
    """Return one operation as OpenAPI writes it."""
    parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in path]
    parameters += [{"name": name, "in": "query", "schema": schema} for name, schema in (query or {}).items()]
    made: dict[str, Any] = {"responses": {"200": {"description": "Good."}}, "parameters": parameters}
    if security is not None:
        made["security"] = security
    if body is not None:
        made["requestBody"] = {"content": {"application/json": {"schema": body}}}
    return made


def exchange(method: str, path: str, answer: Json = None, *, status: int = 200, body: Json = None) -> Exchange:
    """Return a request with its answer."""
    sent = b"" if body is None else json.dumps(body).encode()
    headers = (("content-type", "application/json"),)
    text = b"" if answer is None else json.dumps(answer).encode()
    return Exchange(Request(method, f"{ORIGIN}{path}", (), sent), Response(status, headers, text))


def finding(
    check: str,
    key: str,
    attack: Exchange,
    control: Exchange | None = None,
    *more: Exchange,
    place: str = "",
    saw: str = "It was seen.",
) -> Finding:
    """Return a finding."""
    return Finding(check, key, place, Severity.HIGH, Confidence.PROVED, saw, Evidence(attack, control, more))


def planned(api: Api, *findings: Finding, staff: tuple[str, ...] = ()) -> Plan:
    """Return the rules for findings."""
    return plan_rules(findings, api, load_catalogue(), owner="Jo", expires=EXPIRES, staff=staff)


def rules_of(api: Api, one: Finding, staff: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - rules, or why there are none
    """Return what the form of a finding's check makes of it: plain values of each rule, or why there is none."""
    entry = load_catalogue().checks[one.check]
    by_key = {operation.key: operation for operation in api.operations}
    made = FORMS[entry.patch](Case(one, entry, api, by_key.get(one.operation), staff))
    return [dict(rule.values) for rule in made] if isinstance(made, tuple) else made.why
