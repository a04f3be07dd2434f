"""The pieces that OpenAPI parts are put together from."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

Part = dict[str, Any]

CLIENT: Final[Sequence[Part]] = ({"clientLogin": []},)
SHOP: Final[Sequence[Part]] = ({"shopToken": []},)
MEMBER: Final[Sequence[Part]] = ({"memberSession": []},)
PUBLIC: Final[Sequence[Part]] = ()

TEXT: Final[Part] = {"type": "string"}
EMAIL: Final[Part] = {"type": "string", "format": "email"}
WHOLE: Final[Part] = {"type": "integer"}
YES_NO: Final[Part] = {"type": "boolean"}
UUID: Final[Part] = {"type": "string", "format": "uuid"}
TIME: Final[Part] = {"type": "string", "format": "date-time", "example": "2027-04-12T09:00:00Z"}
PASSWORD: Final[Part] = {"type": "string", "format": "password", "minLength": 10}


def ref(name: str) -> Part:
    """Return a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def obj(required: Mapping[str, Part], **optional: Part) -> Part:
    """Return the schema of an object."""
    schema: Part = {"type": "object", "properties": {**required, **optional}}
    return schema | ({"required": list(required)} if required else {})


def many(item: Part) -> Part:
    """Return the schema of a list."""
    return {"type": "array", "items": item}


def in_path(name: str, schema: Part = TEXT, description: str = "") -> Part:
    """Return a path parameter."""
    said = {"description": description} if description else {}
    return {"name": name, "in": "path", "required": True, "schema": schema, **said}


def in_query(name: str, schema: Part, description: str = "") -> Part:
    """Return an optional query parameter."""
    said = {"description": description} if description else {}
    return {"name": name, "in": "query", "required": False, "schema": schema, **said}


def body(schema: Part, example: object = None, media_type: str = "application/json") -> Part:
    """Return a required request body."""
    shown = {"schema": schema} | ({"example": example} if example is not None else {})
    return {"required": True, "content": {media_type: shown}}


def good(status: int, schema: Part | None, said: str = "Done") -> Part:
    """Return the declared answers of an operation that went well."""
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    return {str(status): {"description": said, **content}}


def operation(
    operation_id: str,
    summary: str,
    tag: str,
    answers: Part,
    *,
    security: Sequence[Part] = CLIENT,
    parameters: Sequence[Part] = (),
    request: Part | None = None,
    refuses: Sequence[int] = (),
    description: str = "",
) -> Part:
    """Return one operation; the usual refusals are added to `answers` and `refuses`."""
    codes = {*refuses, *_usual(security, parameters, request)}
    refusal = "ShopFailure" if tag == "Shop" else "Problem"
    made: Part = {"operationId": operation_id, "summary": summary, "tags": [tag]}
    made |= {"description": description} if description else {}
    made |= {"parameters": list(parameters)} if parameters else {}
    made |= {"requestBody": request} if request else {}
    made["responses"] = answers | {str(code): _refused(code, refusal) for code in sorted(codes)}
    made["security"] = list(security)
    return made


def _usual(security: Sequence[Part], parameters: Sequence[Part], request: Part | None) -> set[int]:
    codes = {401} if security else set()
    codes |= {404} if any(p["in"] == "path" for p in parameters) else set()
    return codes | ({400, 422} if request else set())


def _refused(code: int, schema: str) -> Part:
    # A body that cannot be read is refused the same way everywhere.
    name = "Problem" if code in {400, 422} else schema
    media = "application/json" if name == "ShopFailure" else "application/problem+json"
    said = {400: "Not readable", 401: "Not logged in", 403: "Not allowed", 404: "Not found", 409: "Already there",
            422: "Not valid", 429: "Too many attempts", 500: "Our mistake"}  # fmt: skip
    return {"description": said[code], "content": {media: {"schema": ref(name)}}}
