"""Asks a GraphQL endpoint as such: documents of a check's own, and what came back, as it came."""

from dataclasses import replace
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.sessions import Session
from apiward.scan.scene import Scene

SCHEMA_QUESTION: Final = "query { __schema { queryType { name } types { name fields { name } } } }"
_JSON: Final = "application/json"


def speaks_for_endpoint(scene: Scene, operation: Operation) -> bool:
    """Whether the operation is the first of all that one GraphQL endpoint carries."""
    return not operation.has_address and next(iter(carried_beside(scene, operation)), None) is operation


def carried_beside(scene: Scene, operation: Operation) -> list[Operation]:
    """Return the operations that the same endpoint carries."""
    return [op for op in scene.operations if not op.has_address and op.address == operation.address]


def endpoint(operation: Operation) -> Operation:
    """Return the endpoint that carries an operation, as an operation of its own."""
    return replace(operation.carrier, security=operation.security)


async def ask(scene: Scene, operation: Operation, document: str, session: Session | None) -> Exchange:
    """Post one document."""
    return await post(scene, operation, {"query": document}, session)


async def post(scene: Scene, operation: Operation, body: Json, session: Session | None) -> Exchange:
    """Post a body to the endpoint that carries an operation."""
    return await scene.call(endpoint(operation), Arguments(body=body, media_type=_JSON), session)


def is_clear(exchange: Exchange) -> bool:
    """Whether an answer can speak for the endpoint: it came, and whole."""
    return not exchange.is_doubtful and exchange.response is not None and not exchange.response.is_cut


def data_in(exchange: Exchange) -> dict[str, Json]:
    """Return the `data` of a good answer, empty where there is none."""
    body = exchange.response.json() if exchange.response is not None and exchange.is_success else None
    data = body.get("data") if isinstance(body, dict) else None
    return data if isinstance(data, dict) else {}
