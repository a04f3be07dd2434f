"""The second factor of an account: whether an API offers one, and switching one on for a throw-away account."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from apiward.core.account import Credential
from apiward.core.api import Api, Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson, leaves
from apiward.core.one_time_codes import STEP_S, code_at, secret_of
from apiward.scan.calling.arguments import Arguments, Slot
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming
from apiward.spec.meaning.factors import is_code_name, speaks_of_factor
from apiward.spec.meaning.spoken import field_names, prose, spoken_name

MAX_TRIED: Final = 3
_ENDS: Final = re.compile(r"(^|-)(disable|remove|delete|off|deactivate|reset|recover|recovery|backup|status)(-|$)")
_BASE32: Final = re.compile(r"[A-Z2-7]{16,128}=*")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A second factor that is on: what a wrong code got when it was switched on, and what the right one got."""

    secret: str
    wrong: Exchange
    right: Exchange


def is_offered(api: Api) -> bool:
    """Whether anything in the description names a second factor: a path, an id, a field, a sentence."""
    return any(speaks_of_factor(text) for operation in api.operations for text in _texts(operation))


async def enrol(scene: Scene, session: Session, credential: Credential) -> Enrolled | None:
    """Switch an authenticator app on for the account; None where that did not work with what the scan knows.

    It counts only where a wrong code was refused first, so that the code was really looked at.
    """
    begins = [op for op in _of_caller(scene) if not _code_slots_of(op)][:MAX_TRIED]
    confirms = [op for op in _of_caller(scene) if _code_slots_of(op)][:MAX_TRIED]
    for begin in begins if confirms else ():
        given = await scene.call(begin, scene.arguments(begin, session), credential=credential)
        secret = secret_in(given)
        if not judging.is_accepted(given) or secret is None:
            continue
        session.secrets.add(secret)
        for confirm in sorted(confirms, key=lambda op: -_shared(op, begin)):
            found = await _confirmed(scene, session, credential, confirm, secret)
            if found is not None:
                return found
    return None


def totp(secret: str, now_s: float) -> str:
    """Return the code of six digits that an app shows (RFC 6238, with its usual settings)."""
    return code_at(secret_of(secret), int(now_s / STEP_S))


def secret_in(exchange: Exchange) -> str | None:
    """Return the secret for an app in an answer: in its address (`otpauth://`), or by itself under a fitting name."""
    body = exchange.response.json() if exchange.response else None
    named = [] if isinstance(body, NotJson) else [(str(p[-1]) if p else "", str(value)) for p, value in leaves(body)]
    for name, value in named:
        if value.startswith("otpauth://totp/"):
            found = parse_qs(urlsplit(value).query).get("secret", [""])[0]
            if _is_secret(found):
                return found
        if {"secret", "key", "seed", "manual"} & set(naming.words(name)) and _is_secret(value):
            return value
    return None


def _is_secret(text: str) -> bool:
    if not _BASE32.fullmatch(text):
        return False
    try:
        return bool(secret_of(text))
    except ValueError:
        return False


async def _confirmed(
    scene: Scene, session: Session, credential: Credential, operation: Operation, secret: str
) -> Enrolled | None:
    now_s = scene.clock()
    right = totp(secret, now_s)
    wrong = next(code for code in ("271828", "314159") if code not in (right, totp(secret, now_s - STEP_S)))
    arguments = scene.arguments(operation, session)
    refused = await scene.call(operation, _with_code(arguments, wrong), credential=credential)
    if not judging.is_refused(refused):
        return None
    accepted = await scene.call(operation, _with_code(arguments, right), credential=credential)
    return Enrolled(secret, refused, accepted) if judging.is_accepted(accepted) else None


def _with_code(arguments: Arguments, code: str) -> Arguments:
    for slot in list(_code_slots(arguments)):
        arguments = arguments.put(slot, code)
    return arguments


def _code_slots(arguments: Arguments) -> Iterator[Slot]:
    return (slot for slot, _ in arguments.slots() if is_code_name(slot.name))


def _code_slots_of(operation: Operation) -> bool:
    return any(is_code_name(name) for name in field_names(operation))


def _of_caller(scene: Scene) -> Iterable[Operation]:
    """Return the operations by which callers set a factor up for themselves."""
    return [
        op
        for op in scene.operations
        if op.method in ("POST", "PUT") and op.is_secured and not op.parameters_in(Place.PATH)
        if speaks_of_factor(spoken_name(op)) and not _ENDS.search(spoken_name(op)) and not accounts.is_log_in(op)
    ]


def _shared(one: Operation, other: Operation) -> int:
    """Return how many steps two paths share from the start."""
    pairs = zip(naming.segments(one.path), naming.segments(other.path), strict=False)
    return sum(first == second for first, second in pairs)


def _texts(operation: Operation) -> Iterator[str]:
    yield spoken_name(operation)
    yield prose(operation)
    yield from ("-".join(naming.words(name)) for name in field_names(operation))
