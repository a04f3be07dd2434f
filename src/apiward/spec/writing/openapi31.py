"""An API as an OpenAPI 3.1 document, that our own reader reads back as the same API."""

import json
import re
from typing import Final

import yaml

from apiward.core.api import Answer, Api, Body, Operation, Parameter, Place, SchemeKind, SecurityScheme
from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema

VERSION: Final = "3.1.0"
_BOUNDS: Final = (
    ("pattern", "pattern"),
    ("minimum", "minimum"),
    ("maximum", "maximum"),
    ("min_length", "minLength"),
    ("max_length", "maxLength"),
    ("min_items", "minItems"),
    ("max_items", "maxItems"),
)
_PLAIN: Final = re.compile(r"[A-Za-z/_$][A-Za-z0-9/_.{}$-]*(?: [A-Za-z0-9/_.{}$-]+)*")
_SPECIAL: Final = frozenset("true false null yes no on off y n".split())
_FLOWS: Final = {
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "clientCredentials": ("tokenUrl",),
    "authorizationCode": ("authorizationUrl", "tokenUrl"),
}
_DOC = dict[str, Json]


def openapi_document(api: Api) -> _DOC:
    """Return the document as JSON values."""
    paths: dict[str, Json] = {}
    for operation in api.by_address().operations:
        item = paths.setdefault(operation.base_path + operation.path, {})
        assert isinstance(item, dict)  # noqa: S101 - made the line above
        item[operation.method.lower()] = _operation(operation)
    document: _DOC = {"openapi": VERSION, "info": {"title": api.title or "API", "version": api.version or "1"}}
    if api.servers:
        document["servers"] = [{"url": server} for server in api.servers]
    document["paths"] = paths
    if api.schemes:
        document["components"] = {"securitySchemes": {one.name: _scheme(one) for one in api.schemes.values()}}
    return document


def json_text(api: Api) -> str:
    """Return the document as JSON text."""
    return json.dumps(openapi_document(api), indent=2, ensure_ascii=False) + "\n"


def yaml_text(api: Api) -> str:
    """Return the document as YAML text."""
    text: str = yaml.dump(openapi_document(api), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return text


class _Dumper(yaml.SafeDumper):
    """Puts quotes around texts that some YAML takes for something else: `0e0` is a number in YAML 1.2 alone."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - every part is written where it stands
        """Write no references."""
        return True


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_plain = _PLAIN.fullmatch(text) is not None and text.lower() not in _SPECIAL
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_plain else '"')


_Dumper.add_representer(str, _text_node)


def _operation(operation: Operation) -> _DOC:
    made: _DOC = {}
    texts: _DOC = {"operationId": operation.operation_id, "summary": operation.summary}
    made |= _present(texts | {"description": operation.description, "tags": list[Json](operation.tags)})
    if operation.parameters:
        made["parameters"] = [_parameter(one) for one in operation.parameters]
    if operation.bodies:
        made["requestBody"] = _request_body(operation.bodies)
    if operation.answers:
        made["responses"] = {one.status: _answer(one) for one in operation.answers}
    if operation.security is not None:
        made["security"] = _security(operation)
    if operation.is_deprecated:
        made["deprecated"] = True
    return made


def _security(operation: Operation) -> list[Json]:
    scopes = operation.scopes or tuple(frozenset[str]() for _ in operation.security or ())
    pairs = zip(operation.security or (), scopes, strict=True)
    return [{name: list[Json](sorted(wanted)) for name in names} for names, wanted in pairs]


def _parameter(parameter: Parameter) -> _DOC:
    made: _DOC = {"name": parameter.name, "in": parameter.place.value}
    if parameter.is_required or parameter.place is Place.PATH:
        made["required"] = True
    if parameter.description:
        made["description"] = parameter.description
    if parameter.style:
        made["style"] = parameter.style
    if parameter.explode is not None:
        made["explode"] = parameter.explode
    return made | {"schema": _schema(parameter.schema)}


def _request_body(bodies: tuple[Body, ...]) -> _DOC:
    made: _DOC = {"required": True} if any(body.is_required for body in bodies) else {}
    return made | {"content": _content(bodies)}


def _answer(answer: Answer) -> _DOC:
    made: _DOC = {"description": answer.description or "An answer"}
    if answer.headers:
        made["headers"] = {name: {"schema": {}} for name in answer.headers}
    return made | ({"content": _content(answer.bodies)} if answer.bodies else {})


def _content(bodies: tuple[Body, ...]) -> _DOC:
    return {body.media_type: {"schema": _schema(body.schema)} for body in bodies}


def _schema(schema: Schema) -> _DOC:
    made = _types(schema) | _present({"format": schema.format, "description": schema.description})
    if schema.enum:
        made["enum"] = [*schema.enum, *([None] if schema.is_nullable else [])]
    bounds = ((keyword, getattr(schema, name)) for name, keyword in _BOUNDS)
    made |= {keyword: bound for keyword, bound in bounds if bound is not None}
    if schema.examples:
        made["examples"] = list(schema.examples)
    return made | _below(schema)


def _below(schema: Schema) -> _DOC:
    made: _DOC = {}
    if schema.properties:
        made["properties"] = {name: _schema(below) for name, below in schema.properties.items()}
    if schema.required:
        made["required"] = list[Json](sorted(schema.required))
    if not schema.is_open:
        made["additionalProperties"] = False
    if schema.items is not None:
        made["items"] = _schema(schema.items)
    if schema.variants:
        made["anyOf"] = [_schema(one) for one in schema.variants]
    flags: _DOC = {"readOnly": schema.is_read_only, "writeOnly": schema.is_write_only}
    return made | _present(flags)


def _present(members: _DOC) -> _DOC:
    return {key: value for key, value in members.items() if value}


def _types(schema: Schema) -> _DOC:
    names = [*schema.types, *(["null"] if schema.is_nullable and not schema.variants else [])]
    if not names:
        return {}
    return {"type": names[0] if len(names) == 1 else list[Json](names)}


def _scheme(scheme: SecurityScheme) -> _DOC:
    if scheme.kind in {SchemeKind.BEARER, SchemeKind.BASIC}:
        return {"type": "http", "scheme": scheme.kind.value}
    if scheme.kind is SchemeKind.API_KEY:
        place = scheme.place or Place.HEADER
        return {"type": "apiKey", "in": place.value, "name": scheme.field_name or scheme.name}
    if scheme.kind is SchemeKind.OAUTH2:
        told = [flow for flow in scheme.flows if flow in _FLOWS] or ["password"]
        return {"type": "oauth2", "flows": {flow: _flow(flow, scheme) for flow in told}}
    if scheme.kind is SchemeKind.OPENID:
        return {"type": "openIdConnect", "openIdConnectUrl": scheme.openid_url or "/.well-known/openid-configuration"}
    return {"type": "mutualTLS"} if scheme.kind is SchemeKind.MUTUAL_TLS else {"type": "http", "scheme": scheme.name}


def _flow(flow: str, scheme: SecurityScheme) -> _DOC:
    """Return a flow with the addresses that it must have and no other; where people log in is not kept when read."""
    known: _DOC = {"authorizationUrl": "/authorize", "tokenUrl": scheme.token_url or "/token"}
    return {name: known[name] for name in _FLOWS[flow]} | {"scopes": {}}
