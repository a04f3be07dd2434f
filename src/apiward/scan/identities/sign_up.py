"""Signing up: makes an account of the scanner's own, with no help but the description and the answers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from apiward.core.api import Api, Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NOT_JSON, Json
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.calling.caller import Caller
from apiward.scan.calling.values import ValueMaker, keep_all
from apiward.scan.identities.personas import Persona
from apiward.scan.meaning import judging
from apiward.spec.meaning import accounts, naming, roles, spoken

_PHONES: Final = frozenset("phone mobile telephone tel msisdn cell".split())
_FINAL: Final = (404, 405, 401, 403)


def sign_up_operations(api: Api) -> list[Operation]:
    """Return the operations that make an account, the likeliest first."""
    return sorted((op for op in api.operations if accounts.is_sign_up(op)), key=_rank)


@dataclass(frozen=True, slots=True)
class SignUp:
    """What was sent last to make an account, what was answered, and whether that made one."""

    sent: Arguments
    answer: Exchange
    is_done: bool


async def sign_up(
    caller: Caller, operation: Operation, persona: Persona, maker: ValueMaker, extra: Mapping[Slot, Json]
) -> SignUp:
    """Make an account for `persona`, with other values as long as the API does not like the first ones."""
    arguments = _with_extra(_arguments(operation, maker), extra)
    answer = await caller.call(operation, arguments)
    if judging.is_accepted(answer):
        return SignUp(arguments, answer, is_done=True)
    for attempt in _attempts(operation, arguments, persona, maker):
        if answer.status in _FINAL:
            break
        arguments = _with_extra(attempt, extra)
        answer = await caller.call(operation, arguments)
        if judging.is_accepted(answer):
            return SignUp(arguments, answer, is_done=True)
    return SignUp(arguments, answer, is_done=False)


def password_in(sent: Arguments) -> str:
    """Return the password that a sign-up has sent, empty where there is none."""
    found = (value for slot, value in sent.slots() if naming.is_password_name(slot.name))
    return next((value for value in found if isinstance(value, str)), "")


def _attempts(operation: Operation, first: Arguments, persona: Persona, maker: ValueMaker) -> Iterator[Arguments]:
    """Yield other ways to fill the sign-up: telephone, fewer fields, examples, all fields, a plainer password."""
    phones = [_with_phone(first, text) for text in (persona.phone, "+1" + persona.phone)]
    yield from (filled for filled in phones if filled != first)
    yield _arguments(operation, maker, only_required=True)
    with_examples = _with_examples(operation, first, persona)
    yield with_examples
    yield _arguments(operation, maker, skip=keep_all)
    yield _with_phone(with_examples, "+1" + persona.phone)
    yield _with_password(first, "".join(char for char in persona.password if char.isalnum()))


def _arguments(
    operation: Operation,
    maker: ValueMaker,
    *,
    only_required: bool = False,
    skip: Callable[[str], bool] = naming.is_privileged_name,
) -> Arguments:
    arguments = Arguments()
    for parameter in operation.parameters_in(Place.QUERY):
        if parameter.is_required or naming.is_password_name(parameter.name):
            arguments = arguments.put(Slot("query", (parameter.name,)), maker.value(parameter.name, parameter.schema))
    body = operation.preferred_body()
    if body is None:
        return arguments
    filled = maker.body(body.schema, only_required=only_required, skip=skip)
    return replace(arguments, body=filled, media_type=body.media_type)


def _with_extra(arguments: Arguments, extra: Mapping[Slot, Json]) -> Arguments:
    for slot, value in extra.items():
        arguments = arguments.put(slot, value)
    return arguments


def _with_phone(arguments: Arguments, phone: str) -> Arguments:
    for slot, _ in list(arguments.slots()):
        if _PHONES & set(naming.words(slot.name)) or naming.plain(slot.name) == "number":
            arguments = arguments.put(slot, phone)
    return arguments


def _with_password(arguments: Arguments, password: str) -> Arguments:
    for slot, _ in list(arguments.slots()):
        if naming.is_password_name(slot.name):
            arguments = arguments.put(slot, password)
    return arguments


def _with_examples(operation: Operation, arguments: Arguments, persona: Persona) -> Arguments:
    """Return the arguments with the description's own examples wherever a value is not personal."""
    schema = operation.body_schema()
    for pointer, child in schema.fields() if schema else ():
        slot = Slot(BODY, pointer)
        if child.examples and persona.value_for(slot.name) is None and arguments.get(slot) is not NOT_JSON:
            arguments = arguments.put(slot, child.examples[0])
    return arguments


def _rank(operation: Operation) -> tuple[bool, bool, int, int]:
    name = spoken.spoken_name(operation)
    staff = roles.is_meant_for_staff(operation) or any(w in name for w in ("admin", "vendor", "partner", "merchant"))
    plain = any(word in name for word in ("register", "signup", "sign-up"))
    return (
        not operation.has_address,
        operation.is_secured,
        (2 if staff else 0) - (1 if plain else 0),
        len(operation.path),
    )
