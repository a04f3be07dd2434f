"""The one address of the phone app's GraphQL, and what it refuses before it looks at the data."""

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from apiward.demo.calls import Call, Refusal, answer
from apiward.demo.desk import Desk, Entry
from apiward.demo.graphql.documents import BadDocumentError, read_document
from apiward.demo.graphql.executing import Run, check, execute
from apiward.demo.graphql.weighing import MAX_ALIASES, MAX_DEPTH, MAX_FIELDS, weigh

PATH: Final = "/graphql"
MAX_BATCH: Final = 100


def post(desk: Desk, call: Call) -> Response:
    """Answer one query; several at once only where the weak twin serves."""
    try:
        sent = json.loads(call.body)
    except (ValueError, RecursionError):
        return _refused("The body is not valid JSON")
    if isinstance(sent, list) and sent and all(isinstance(one, dict) for one in sent[:MAX_BATCH]):
        if not desk.weak("graphql-batches-unlimited"):
            return _refused("Send one query at a time")
        return answer([_answered(desk, call, one, may_change=True)[1] for one in sent[:MAX_BATCH]])
    if not isinstance(sent, dict):
        return _refused("The body must be an object")
    status, body = _answered(desk, call, sent, may_change=True)
    return answer(body, status)


def get(desk: Desk, call: Call) -> Response:
    """Answer a query from the address line; a change only where the weak twin serves."""
    try:
        variables = json.loads(call.query.get("variables") or "{}")
    except (ValueError, RecursionError):
        return _refused("The variables are not valid JSON")
    status, body = _answered(desk, call, {**call.query, "variables": variables}, may_change=False)
    return answer(body, status)


def _answered(desk: Desk, call: Call, sent: Mapping[str, Any], *, may_change: bool) -> tuple[int, dict[str, Any]]:
    query, variables, name = sent.get("query"), sent.get("variables") or {}, sent.get("operationName") or ""
    if not isinstance(query, str) or not isinstance(variables, dict) or not isinstance(name, str):
        return 400, _errors("There is no query")
    try:
        asked = read_document(query, name)
        if asked.kind == "mutation" and not may_change and not desk.weak("graphql-get-mutations"):
            return 405, _errors("Changes are made by POST only")
        run = Run(desk, call, asked, variables)
        _limit(run)
        check(run)
        return 200, execute(run)
    except BadDocumentError as error:
        return 400, _errors(str(error))
    except Refusal as refusal:
        return 400, _errors(str(refusal))


def _limit(run: Run) -> None:
    weight = weigh(run.asked)
    if weight.introspects and not run.desk.weak("graphql-introspection"):
        raise BadDocumentError("This server does not tell its schema")
    if weight.depth > MAX_DEPTH and not weight.introspects and not run.desk.weak("graphql-depth-unlimited"):
        raise BadDocumentError("The query is nested too deeply")
    is_much = weight.aliases > MAX_ALIASES or weight.fields > MAX_FIELDS
    if is_much and not run.desk.weak("graphql-aliases-unlimited"):
        raise BadDocumentError("The query asks for too much at once")


def _errors(message: str) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}]}


def _refused(message: str) -> Response:
    return answer(_errors(message), 400)


ENTRIES: Final = (Entry("POST", PATH, post), Entry("GET", PATH, get))
