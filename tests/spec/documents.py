"""Small descriptions for the tests of this folder."""

import json

from apiward.core.api import Api, Operation
from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.spec.reading import read_description

Tree = dict[str, Json]


def openapi(paths: Json, **more: Json) -> Tree:
    return {"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}, "paths": paths, **more}


def swagger(paths: Json, **more: Json) -> Tree:
    return {"swagger": "2.0", "info": {"title": "Shop", "version": "1"}, "paths": paths, **more}


def read(tree: Json, source: str = "shop.json") -> Api:
    return read_description(json.dumps(tree).encode(), source=source)


def only(api: Api) -> Operation:
    (operation,) = api.operations
    return operation


def answering(schema: Json, **schemas: Json) -> Tree:
    """Return a description of one operation that answers `schema`."""
    content: Json = {"application/json": {"schema": schema}}
    operation: Json = {"get": {"responses": {"200": {"description": "ok", "content": content}}}}
    return openapi({"/x": operation}, components={"schemas": schemas})


def schema_of(schema: Json, **schemas: Json) -> Schema:
    return only(read(answering(schema, **schemas))).answer_schemas()[0]


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
