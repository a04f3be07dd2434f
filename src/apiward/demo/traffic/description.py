"""The description of the simulated API (OpenAPI 3.1), as its makers would have written it."""

import re
from copy import deepcopy
from typing import Any, Final, TypeAlias

from apiward.demo.traffic import shapes
from apiward.demo.traffic.operations import OPERATIONS, Act, Operation

Tree: TypeAlias = dict[str, Any]

_OPEN: Final = frozenset(
    {"log-in", "guest-order", "read-guest-order", "list-article", "read-article", "list-product", "read-product"}
)
_ALSO_BY_LINK: Final = frozenset({"read-document"})
_PARAM: Final = re.compile(r"\{([a-z_]+)\}")
_DONE: Final = {Act.CREATE: "201", Act.SHARE: "201", Act.LINK: "201", Act.ADD_LINE: "201", Act.PAY: "201"} | {
    Act.GUEST_ORDER: "201", Act.INVOICE: "201", Act.LOG_OUT: "204"
}  # fmt: skip


def description() -> Tree:
    """Return the whole document."""
    paths: Tree = {}
    for operation in OPERATIONS.values():
        paths.setdefault(operation.template, {})[operation.method.lower()] = _described(operation)
    schemes = {
        "person": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "machine": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Firm API", "version": "5"},
        "security": [{"person": []}, {"machine": []}],
        "paths": paths,
        "components": {"securitySchemes": schemes, "schemas": {"Error": shapes.record({"error": shapes.TEXT})}},
    }
    return deepcopy(document)


def _described(operation: Operation) -> Tree:
    told: Tree = {"operationId": operation.name, "responses": _answers(operation)}
    parameters = [*_in_path(operation), *_in_query(operation)]
    if parameters:
        told["parameters"] = parameters
    body = _body(operation)
    if body:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if operation.name in _OPEN:
        told["security"] = []
    elif operation.name in _ALSO_BY_LINK:
        told["security"] = [{"person": []}, {}]
    return told


def _in_path(operation: Operation) -> list[Tree]:
    names = _PARAM.findall(operation.template)
    kinds = ("project", "task") if operation.kind == "task" else (operation.kind,)
    return [_parameter(name, "path", shapes.IDS[kind]) for name, kind in zip(names, kinds, strict=False)]


def _in_query(operation: Operation) -> list[Tree]:
    found = []
    if operation.place.startswith("query."):
        found.append(_parameter(operation.field, "query", shapes.IDS[operation.kind]))
    if operation.name == "read-document":
        found.append(_parameter("share", "query", shapes.IDS["guest-order"], needed=False))
    if operation.act is Act.LIST and operation.kind != "task":
        found.append(_parameter("page", "query", {"type": "integer", "minimum": 1}, needed=False))
    if operation.name == "all-orders":
        found.append(_parameter("customer", "query", shapes.IDS["person"]))
    return found


def _parameter(name: str, place: str, schema: Tree, *, needed: bool = True) -> Tree:
    return {"name": name, "in": place, "required": needed, "schema": schema}


def _body(operation: Operation) -> Tree:
    if operation.name in shapes.BODIES:
        return shapes.BODIES[operation.name]
    if operation.act in {Act.CREATE, Act.GUEST_ORDER, Act.INVOICE}:
        return shapes.NEW[operation.kind]
    return shapes.CHANGES[operation.kind] if operation.act is Act.CHANGE else {}


def _answer(operation: Operation) -> Tree:
    if operation.name in shapes.ANSWERS:
        return shapes.ANSWERS[operation.name]
    if operation.act is Act.LIST:
        return shapes.LISTS[operation.kind]
    return {} if operation.act in {Act.REMOVE, Act.LOG_OUT} else shapes.ITEMS[operation.kind]


def _answers(operation: Operation) -> Tree:
    done: Tree = {"description": "done"}
    schema = _answer(operation)
    if schema:
        done["content"] = {"application/json": {"schema": schema}}
    code = "204" if operation.method == "DELETE" else _DONE.get(operation.act, "200")
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {code: done, "default": {"description": "not done", "content": content}}
