"""How an operation that GraphQL carries is called, and what its answer says: the one place that knows both.

The answer is read as if the field had been called by HTTP alone: its value is the body, and a refusal, which
GraphQL often sends with status 200, gets the status that its code or its words mean.
"""

import json
import re
from typing import Final

from apiward.core.api import GraphqlField
from apiward.core.exchange import Response
from apiward.core.jsonvalue import Json
from apiward.scan.calling.arguments import Arguments

_NOT_LOGGED_IN: Final = (
    r"unauthenticated|not authenticated|authentication|not logged.?in|log.?in (first|required)|please log.?in|"
    r"must (be|log) (logged )?.?in|login.?required|sign.?in|wrong password|\bunauthori[sz]ed\b(?! to)|"
    r"(invalid|expired|missing|bad) (access )?(token|credential|session)|"
    r"(token|session) (is |has )?(invalid|expired|missing)"
)
_NOT_ALLOWED: Final = (
    r"forbidden|permission|access.?denied|not authori[sz]ed|not.?allowed|unauthori[sz]ed to|not yours|"
    r"not the owner|not permitted|insufficient"
)
_FAILED: Final = r"internal|unexpected|traceback|exception|nonetype|undefined|null pointer|cannot read propert"
_SAYS: Final = (
    (429, r"too many|rate.?limit|throttl|slow down"),
    (401, _NOT_LOGGED_IN),
    (403, _NOT_ALLOWED),
    (404, r"not.?found|does ?n[o']t exist|no such|cannot find|could ?n[o']t find|unknown id"),
    (409, r"conflict|already (exists|taken|in use|registered)|duplicate"),
    (500, _FAILED),
)
_STATUS: Final = tuple((status, re.compile(pattern, re.IGNORECASE)) for status, pattern in _SAYS)
_FAILED_TYPE: Final = re.compile(
    r"(Error|Failure|Failed|NotFound|Unauthori[sz]ed|Forbidden|Invalid|Problem|Denied|Exception)s?$"
)
_ABOUT_REQUEST: Final = re.compile(
    r"bad.?user.?input|validation|parse.?failed|bad.?request|variable \W|cannot represent|cannot query", re.IGNORECASE
)
_PAGING: Final = frozenset({"edges", "nodes", "pageInfo", "totalCount", "__typename", "count"})
_GIVES_TOKEN: Final = re.compile(r"log_?in|sign_?in|token|auth|session|sign_?up|register", re.IGNORECASE)
_LISTED_FAULTS: Final = re.compile(r"errors$", re.IGNORECASE)


def body_of(field: GraphqlField, arguments: Arguments) -> Json:
    """Return what is posted: the document, with the arguments as variables."""
    sent: dict[str, Json] = {**arguments.query, **arguments.path}
    if isinstance(arguments.body, dict):
        sent |= arguments.body
    scalars = dict(field.scalars)
    values = {name: _fitted(value, scalars.get(name, "")) for name, value in sent.items()}
    if field.wrapper:
        inner: Json = {name: value for name, value in values.items() if name not in field.beside}
        outer = {name: value for name, value in values.items() if name in field.beside}
        values = {**outer, field.wrapper: inner}
    return {"query": field.document, "variables": values, "operationName": field.name}


def answer_of(field: GraphqlField, response: Response) -> Response:
    """Return what the answer says of the field, as an answer of HTTP alone."""
    body = response.json()
    if not isinstance(body, dict) or not {"data", "errors"} & body.keys():
        return response
    errors, data = body.get("errors"), body.get("data")
    value = data.get(field.name) if isinstance(data, dict) else None
    if errors and value is None:
        return Response(_refusal(errors, response.status), response.headers, response.body, response.is_cut)
    if value is None and not (field.kind == "mutation" and field.is_truth):
        return Response(404, response.headers, response.body, response.is_cut)
    status, shown = _said(field, value)
    return Response(status, response.headers, json.dumps(shown).encode(), response.is_cut)


def _refusal(errors: Json, status: int) -> int:
    """Return the status that the first error means; in doubt that of a request that was not understood."""
    if status in (401, 403, 404, 409, 429, 503):
        return status
    first = errors[0] if isinstance(errors, list) and errors else errors
    told = first if isinstance(first, dict) else {}
    extensions = told.get("extensions")
    codes = (
        [extensions.get(key) for key in ("code", "classification", "category", "status")]
        if isinstance(extensions, dict)
        else []
    )
    for code in codes:
        if isinstance(code, int) and 400 <= code < 600:
            return code
    message = str(told.get("message", first))[:2_000]
    if _ABOUT_REQUEST.search(" ".join([*(str(code) for code in codes if code), message])):
        return 400
    for text in (" ".join(str(code) for code in codes if code and "INTERNAL" not in str(code)), message, str(codes)):
        found = next((meant for meant, pattern in _STATUS if pattern.search(text)), None)
        if found is not None:
            return found
    return 400


def _said(field: GraphqlField, value: Json) -> tuple[int, Json]:
    """Return status and body of an answer that holds a value."""
    if isinstance(value, bool):
        return 200, {"success": value}
    if isinstance(value, str):
        name = "token" if field.kind == "mutation" and _GIVES_TOKEN.search(field.name) else field.name
        return 200, {name: value}
    if not isinstance(value, dict | list):
        return 200, {field.name: value}
    plain = _without_paging(value)
    if isinstance(plain, dict):
        is_failed = isinstance(plain.get("__typename"), str) and _FAILED_TYPE.search(str(plain["__typename"]))
        if is_failed or any(_LISTED_FAULTS.search(key) and one for key, one in plain.items()):
            return _refusal([{"message": json.dumps(plain)}], 200), plain
    return 200, plain


def _without_paging(value: Json, left: int = 40) -> Json:
    """Return a value in which lists that come in pages (`edges`, `node`) are plain lists."""
    if left == 0:
        return value
    if isinstance(value, list):
        return [_without_paging(one, left - 1) for one in value]
    if not isinstance(value, dict):
        return value
    edges, nodes = value.get("edges"), value.get("nodes")
    if value.keys() <= _PAGING:
        if isinstance(nodes, list):
            return [_without_paging(one, left - 1) for one in nodes]
        if isinstance(edges, list):
            return [_without_paging(one.get("node") if isinstance(one, dict) else one, left - 1) for one in edges]
    return {key: _without_paging(one, left - 1) for key, one in value.items()}


def _fitted(value: Json, scalar: str) -> Json:
    """Return a value in the form that a built-in scalar wants, where it can have it."""
    if scalar == "Int" and isinstance(value, str) and re.fullmatch(r"-?\d{1,10}", value):
        return int(value)
    if scalar == "String" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value
