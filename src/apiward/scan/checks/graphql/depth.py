"""GQL03: a GraphQL endpoint takes queries of any depth (CWE-770, OWASP API4:2023).

Proves: a query of many levels is taken as one of a single level is, twice. It asks for a thing that does not exist, or
follows single things only, so that the server has little to do. Cannot: say how much a deep query would cost.
"""

import base64
import re
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import graphql, values
from apiward.scan.calling.arguments import Arguments
from apiward.scan.level import Level, Phase
from apiward.scan.proofs.graphql_asking import carried_beside, data_in, endpoint, post, speaks_for_endpoint
from apiward.scan.scene import Scene
from apiward.spec.graphql.looping import deep_document

CODE = "GQL03"
LEVELS: Final = 60
LONG: Final = 16
"""Characters of an identifier from which on chance does not hit one in use."""
MAX_TRIED: Final = 4
_NUMBER: Final = re.compile(r"\d+")
_ANSWERED: Final = (200, 404)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for a GraphQL endpoint."""
    return speaks_for_endpoint(scene, operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for one level, and for many."""
    say = Saying(CODE, endpoint(operation).key)
    looping = [op for op in carried_beside(scene, operation) if op.field is not None and op.field.circle]
    chosen = [(op, _harmless(scene, op)) for op in looping]
    usable = [(op, arguments) for op, arguments in chosen if arguments is not None]
    for one, arguments in usable[:MAX_TRIED]:
        control = await _asked(scene, one, arguments, 0)
        if not _is_clear(one, control) or (arguments.path and _holds_value(control)):
            continue  # where there is something, a deep query might cost more than we know
        attack, again = await _asked(scene, one, arguments, LEVELS), await _asked(scene, one, arguments, LEVELS)
        if attack.is_doubtful or again.is_doubtful:
            return say.unsure("a deep query got no clear answer")
        if not _is_same(one, attack, control) or not _is_same(one, again, control):
            return say.holds(f"a query of {LEVELS} levels was not taken")
        saw = f"A query of {LEVELS} levels was taken like one of a single level"
        return say.broken(saw, attack, control, more=(again,))
    why = "the schema has no way back to where it was" if not looping else "no query that may be deep without harm"
    return say.not_run(why)


def _harmless(scene: Scene, operation: Operation) -> Arguments | None:
    """Return arguments with which a deep query makes little work: of what is not there, or of single things."""
    arguments = scene.arguments(operation, scene.owner)
    if arguments.path:
        for slot, value in list(arguments.slots()):
            if slot.place == "path":
                arguments = arguments.put(slot, _nobodys(scene, value))
        return arguments
    return arguments if operation.field is not None and not operation.field.has_lists else None


def _nobodys(scene: Scene, value: Json) -> Json:
    """Return an identifier that nothing has: a short one made at random may well be in use."""
    number = str(values.unlike(0, scene.rng))
    if not isinstance(value, str):
        return int(number)
    if value.isdigit():
        return number
    inner = _unpacked(value)
    if inner:
        return base64.b64encode(_NUMBER.sub(number, inner).encode()).decode()
    other = str(values.unlike(value, scene.rng))
    return other if len(value) >= LONG else f"{other}{number}"


def _unpacked(value: str) -> str:
    """Return what stands in a global id such as `T3JkZXI6MTI=` (Order:12); empty where it is no such id."""
    try:
        inner = base64.b64decode(value, validate=True).decode("ascii")
    except ValueError:
        return ""
    return inner if inner.isprintable() and _NUMBER.search(inner) else ""


async def _asked(scene: Scene, operation: Operation, arguments: Arguments, levels: int) -> Exchange:
    assert operation.field is not None  # noqa: S101  # chosen so above
    body = graphql.body_of(operation.field, arguments)
    assert isinstance(body, dict)  # noqa: S101  # a document with variables
    return await post(scene, operation, {**body, "query": deep_document(operation.field, levels)}, scene.owner)


def _is_clear(operation: Operation, exchange: Exchange) -> bool:
    """Whether the field itself has answered, with a value or that there is none: so the query was taken and run."""
    body = exchange.response.json() if exchange.response is not None else None
    if not isinstance(body, dict) or operation.field is None or _status(operation, exchange) not in _ANSWERED:
        return False
    data, errors = body.get("data"), body.get("errors")
    ways = [one.get("path") for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    is_named = any(isinstance(way, list) and way[:1] == [operation.field.name] for way in ways)
    return is_named or (isinstance(data, dict) and operation.field.name in data)


def _is_same(operation: Operation, one: Exchange, other: Exchange) -> bool:
    """Whether two answers mean the same, and either both hold a value or neither does."""
    if not _is_clear(operation, one):
        return False
    return _status(operation, one) == _status(operation, other) and _holds_value(one) == _holds_value(other)


def _holds_value(exchange: Exchange) -> bool:
    return any(value is not None for value in data_in(exchange).values())


def _status(operation: Operation, exchange: Exchange) -> int:
    assert operation.field is not None  # noqa: S101  # chosen so above
    return graphql.answer_of(operation.field, exchange.response).status if exchange.response is not None else 0


CHECK = Check(CODE, applies, run, level=Level.FULL, phase=Phase.TIMING)
