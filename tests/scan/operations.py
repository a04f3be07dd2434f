"""Operations for tests, written short."""

from typing import Final

from apiward.core.api import Body, Operation, Parameter, Place
from apiward.core.schema import Schema

TEXT: Final = Schema(types=("string",))


def op(
    line: str, *, body: str = "", query: str = "", says: str = "", tags: tuple[str, ...] = (), secured: bool = False
) -> Operation:
    """Return the operation of a line such as `POST /users createUser`; `body` and `query` are names of fields.

    A name in `query` that ends with `!` is required.
    """
    method, path, own = (*line.split(), "")[:3]
    in_path = [part.split("}")[0] for part in path.split("{")[1:]]
    parameters = [Parameter(name, Place.PATH, TEXT, is_required=True) for name in in_path]
    parameters += [
        Parameter(name.rstrip("!"), Place.QUERY, TEXT, is_required=name.endswith("!")) for name in query.split()
    ]
    fields = dict.fromkeys(body.split(), TEXT)
    schema = Schema(types=("object",), properties=fields, required=frozenset(fields))
    return Operation(
        method,
        path,
        operation_id=own or None,
        summary=says,
        tags=tags,
        parameters=tuple(parameters),
        bodies=(Body("application/json", schema),) if body else (),
        security=(("bearer",),) if secured else None,
    )
