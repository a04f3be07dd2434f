"""Signing up: makes an account of the scanner's own, with no help but the description and the answers."""

from collections.abc import Iterator, Mapping
from typing import Final

from apiward.core.api import Api, Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NOT_JSON, Json, at, replaced
from apiward.core.schema import Schema
from apiward.scan import judging, naming, roles
from apiward.scan.arguments import Arguments, Slot
from apiward.scan.caller import Caller
from apiward.scan.personas import Persona
from apiward.scan.values import ValueMaker

PRIVILEGED: Final = frozenset(
    "admin administrator superuser role roles permission permissions scope scopes group groups balance credit credits "
    "verified approved active enabled status tier plan level staff moderator owner privilege privileges".split()
)
MAX_ATTEMPTS: Final = 7


def sign_up_operations(api: Api) -> list[Operation]:
    """Return the operations that make an account, the likeliest first."""
    return sorted((op for op in api.operations if roles.is_sign_up(op)), key=_rank)


async def sign_up(
    caller: Caller, operation: Operation, persona: Persona, maker: ValueMaker, extra: Mapping[Slot, Json]
) -> tuple[Arguments, Exchange] | None:
    """Make an account for `persona`. Return what was sent and answered, or None where nothing worked."""
    last: Exchange | None = None
    for count, attempt in enumerate(_attempts(operation, persona, maker)):
        arguments = attempt
        if count >= MAX_ATTEMPTS:
            break
        for slot, value in extra.items():
            arguments = arguments.put(slot, value)
        last = await caller.call(operation, arguments)
        if judging.is_accepted(last):
            return arguments, last
        if last.status in (404, 405, 401, 403):
            return None
    return None


def is_privileged_name(name: str) -> bool:
    """Whether a property of that name gives its bearer something; sign-ups leave it out unless it is required."""
    return bool(PRIVILEGED & set(naming.words(name)))


def _attempts(operation: Operation, persona: Persona, maker: ValueMaker) -> Iterator[Arguments]:
    body = operation.preferred_body()
    if body is None:
        return
    everything = maker.body(body.schema, skip=is_privileged_name)
    yield Arguments(body=everything, media_type=body.media_type)
    yield Arguments(body=_with_phone(everything, body.schema, "+1" + persona.phone), media_type=body.media_type)
    yield Arguments(body=maker.body(body.schema, only_required=True), media_type=body.media_type)
    with_examples = _examples(body.schema, everything, persona)
    yield Arguments(body=with_examples, media_type=body.media_type)
    yield Arguments(body=maker.body(body.schema), media_type=body.media_type)
    yield Arguments(body=_with_phone(with_examples, body.schema, "+1" + persona.phone), media_type=body.media_type)


def _with_phone(body: Json, schema: Schema, phone: str) -> Json:
    for pointer, _ in schema.fields():
        name = str(pointer[-1]) if pointer else ""
        if {"phone", "mobile", "telephone"} & set(naming.words(name)) and at(body, pointer) is not NOT_JSON:
            body = replaced(body, pointer, phone)
    return body


def _examples(schema: Schema, body: Json, persona: Persona) -> Json:
    """Return the body with the description's own examples wherever a value is not personal."""
    for pointer, child in schema.fields():
        name = str(pointer[-1]) if pointer else ""
        if child.examples and persona.value_for(name) is None and at(body, pointer) is not NOT_JSON:
            body = replaced(body, pointer, child.examples[0])
    return body


def _rank(operation: Operation) -> tuple[bool, int, int]:
    name = roles.spoken_name(operation)
    staff = roles.is_meant_for_staff(operation) or any(w in name for w in ("admin", "vendor", "partner", "merchant"))
    plain = any(word in name for word in ("register", "signup", "sign-up"))
    return operation.is_secured, (2 if staff else 0) - (1 if plain else 0), len(operation.path)
