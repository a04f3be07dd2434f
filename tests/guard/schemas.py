"""Small descriptions for the tests of answers."""

from collections.abc import Mapping
from typing import Final

from apiward.core.api import Answer, Api, Body, Operation
from apiward.core.schema import Schema

TEXT: Final = Schema(types=("string",))
WHOLE: Final = Schema(types=("integer",))
PASSWORD: Final = Schema(types=("string",), format="password")


def obj(properties: Mapping[str, Schema], *, required: tuple[str, ...] = ()) -> Schema:
    """Return the schema of an object."""
    return Schema(types=("object",), properties=properties, required=frozenset(required))


def many(items: Schema) -> Schema:
    """Return the schema of a list."""
    return Schema(types=("array",), items=items)


def operation(
    key: str,
    answered: Schema | None = None,
    *,
    sent: Schema | None = None,
    status: str = "200",
    security: tuple[tuple[str, ...], ...] | None = None,
    operation_id: str | None = None,
) -> Operation:
    """Return an operation that answers with JSON of one schema, and takes JSON of another."""
    method, _, path = key.partition(" ")
    answers = (Answer(status, bodies=(Body("application/json", answered),)),) if answered else ()
    bodies = (Body("application/json", sent),) if sent else ()
    return Operation(method, path, bodies=bodies, answers=answers, security=security, operation_id=operation_id)


def api(*operations: Operation) -> Api:
    """Return a description of these operations."""
    return Api("Shop", "1", operations)
