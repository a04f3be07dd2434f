"""Puts a wish and its answer into bytes, and says the truth about them."""

from typing import Final

import orjson

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.asking import Ask, Told
from apiward.demo.traffic.values import ATTACKS, Kind, Pairs, Relation, Step, Truth

_JSON: Final = (b"content-type", b"application/json")
_KINDS: Final = {
    Relation.MATE: Kind.COLLEAGUE, Relation.NAMED: Kind.SHARED, Relation.LINK: Kind.LINK, Relation.STAFF: Kind.STAFF,
    Relation.PUBLIC: Kind.PUBLIC, Relation.MISSING: Kind.STALE,
}  # fmt: skip
"""What ordinary use becomes by the right with which it is done."""


def step(ask: Ask, told: Told, at_s: float) -> Step:
    """Return the exchange of a wish and its answer."""
    caller = ask.caller
    body = orjson.dumps(_sent(ask)) if ask.value is not None or _has_body_id(ask) else b""
    headers = caller.headers
    if body:
        headers += (_JSON, (b"content-length", b"%d" % len(body)))
    if ask.order_key:
        headers += ((b"idempotency-key", ask.order_key.encode()),)
    answer = b"" if told.status in {0, 204} else orjson.dumps(told.value)
    return Step(
        at_s, ask.operation.method, target(ask), headers, caller.address, body, told.status, _answer_headers(answer),
        answer, caller.principal, _truth(ask, told),
    )  # fmt: skip


def target(ask: Ask) -> str:
    """Return path and query."""
    operation = ask.operation
    path = operation.path(ask.id, ask.parent)
    query = ask.extra
    if operation.place.startswith("query."):
        query = f"{operation.field}={ask.id}" + (f"&{query}" if query else "")
    if ask.link:
        query = f"{query}&share={ask.link}" if query else f"share={ask.link}"
    return f"{path}?{query}" if query else path


def _has_body_id(ask: Ask) -> bool:
    return ask.operation.place.startswith("body.")


def _sent(ask: Ask) -> dict[str, Json]:
    value = ask.value or {}
    if not _has_body_id(ask):
        return value
    key: Json = int(ask.id) if ask.id.isdecimal() else ask.id
    return {ask.operation.field: key, **value}


def _answer_headers(answer: bytes) -> Pairs:
    if not answer:
        return ()
    return (_JSON, (b"content-length", b"%d" % len(answer)))


def _truth(ask: Ask, told: Told) -> Truth:
    kind, right, thing, caller = ask.kind, told.relation, told.about or told.thing, ask.caller
    if kind is Kind.USE:
        kind = _KINDS.get(right, kind)
    actor = ask.actor or (caller.user.actor if caller.user is not None else caller.principal.key)
    rightful = right is not Relation.FOREIGN and kind not in ATTACKS
    operation = ask.operation
    if thing is None:
        return Truth(kind, actor, operation.key, right, rightful, operation.kind, ask.id, is_write=operation.is_write)
    return Truth(
        kind, actor, operation.key, right, rightful, thing.type.name, thing.full_id, thing.owner_actor,
        f"tenant:{thing.tenant.number}" if thing.tenant is not None else "", thing.is_used, operation.is_write,
    )  # fmt: skip
