"""The second step of a log-in: the code of an authenticator app, sent where the description says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.core.api import Api, Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, leaves
from apiward.core.one_time_codes import STEP_S, code_at, secret_of
from apiward.scan.calling.arguments import Arguments, Slot
from apiward.scan.calling.caller import Caller
from apiward.scan.identities import credentials
from apiward.scan.identities.log_in import given_in, slots_of
from apiward.scan.meaning import judging
from apiward.spec.meaning import factors, naming, spoken

MAX_STEPS: Final = 2
_NO_STEP: Final = re.compile(
    r"(^|-)(disable|remove|delete|off|deactivate|reset|recover|recovery|backup|status|enable|enrol|enroll|enrollment|"
    r"setup|set-up|activate|register|resend|send|generate|password|passwd|email|phone|sms)(-|$)"
)
_ENTERS: Final = re.compile(r"(^|-)(log-?in|sign-?in|auth|authenticate|authentication)(-|$)")
_LOOKS: Final = re.compile(r"(^|-)(verify|validate|check|challenge)(-|$)")
_TICKETS: Final = frozenset("token ticket challenge session state transaction".split())


@dataclass(frozen=True, slots=True)
class CodeStep:
    """An operation that takes a code after the password, with the slots for it."""

    operation: Operation
    code_slots: tuple[Slot, ...]
    other_slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What the password step gave, and with which name."""

    answer: Exchange
    tokens: list[str]
    cookies: list[tuple[str, str]]
    username: str


class Codes:
    """The codes of accounts, none twice where that can be helped: good servers take each once (RFC 6238, 5.2)."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}

    def code_for(self, secret: str, now_s: float) -> str:
        """Return the code to send now, empty where there is no secret.

        In a half minute whose code has been used, it is that of the next one: servers allow for clocks that are off.
        """
        if not secret:
            return ""
        now = int(now_s / STEP_S)
        step = min(max(now, self._used.get(secret, 0) + 1), now + 1)
        self._used[secret] = step
        return code_at(secret_of(secret), step)


def code_steps(api: Api) -> list[CodeStep]:
    """Return the operations that may take the code after the password, the likeliest first."""
    found = [step for operation in api.operations if (step := _step(operation)) is not None]
    return sorted(found, key=_rank)


async def with_code(
    caller: Caller, api: Api, steps: list[CodeStep], given: Given, code: str
) -> tuple[Exchange | None, list[str], list[tuple[str, str]]]:
    """Send the code after the password. Return the answer with the tokens and cookies that are held then.

    Nothing is sent after a password that was refused, or where no operation takes a code.
    """
    answer: Exchange | None = None
    for step in steps[:MAX_STEPS] if is_wanted(given) else ():
        answer = await _sent(caller, api, step, given, code)
        if judging.is_accepted(answer) or 300 <= answer.status < 400:
            tokens, cookies = given_in(answer)
            return answer, tokens, list({**dict(given.cookies), **dict(cookies)}.items())
    return answer, [], []


def is_wanted(given: Given) -> bool:
    """Whether the password was good, or the answer asks for a code by name."""
    return judging.is_accepted(given.answer) or bool(given.cookies) or factors.asks_for_code(given.answer.text)


async def _sent(caller: Caller, api: Api, step: CodeStep, given: Given, code: str) -> Exchange:
    told = dict(_told(given))
    arguments = Arguments()
    body = step.operation.preferred_body()
    if body is not None:
        arguments = Arguments(body={}, media_type=body.media_type)
    for slot in step.other_slots:
        value = told.get(naming.plain(slot.name), _ticket(slot.name, given, told))
        if value is not None:
            arguments = arguments.put(slot, value)
    for slot in step.code_slots:
        arguments = arguments.put(slot, code)
    credential = next(iter(credentials.placements(api, given.tokens[0], None)), None) if given.tokens else None
    pairs = "; ".join(f"{name}={value}" for name, value in given.cookies)
    headers = (("Cookie", pairs),) if pairs else ()
    return await caller.call(step.operation, arguments, credential, headers=headers)


def _told(given: Given) -> Iterator[tuple[str, Json]]:
    """Yield what the second step may ask for again: what was entered, and what the first step has answered."""
    for name in ("username", "login", "user"):
        yield name, given.username
    if "@" in given.username:
        yield "email", given.username
    body = given.answer.response.json() if given.answer.response else None
    for pointer, value in () if isinstance(body, NotJson) else leaves(body):
        if pointer and isinstance(value, str | int):
            yield naming.plain(str(pointer[-1])), value


def _ticket(name: str, given: Given, told: dict[str, Json]) -> Json:
    """Return what stands for the first step where the second one has another name for it."""
    if not _TICKETS & set(naming.words(name)):
        return None
    named = (value for key, value in told.items() if isinstance(value, str) and key.endswith(tuple(_TICKETS)))
    return next(named, given.tokens[0] if given.tokens else None)


def _step(operation: Operation) -> CodeStep | None:
    name = spoken.spoken_name(operation)
    slots = slots_of(operation)
    if operation.method not in ("POST", "PUT") or "{" in operation.path or _NO_STEP.search(name):
        return None
    if any(naming.is_password_name(slot.name) and not factors.is_only_code_name(slot.name) for slot in slots):
        return None  # a log-in, a sign-up, a new password: not what comes after one
    codes = [slot for slot in slots if factors.is_only_code_name(slot.name)]
    if not factors.speaks_of_factor(f"{name} {' '.join(slot.name for slot in codes)}") and not _enters(operation):
        return None
    codes = codes or [slot for slot in slots if factors.is_code_name(slot.name)]
    others = [slot for slot in slots if slot not in codes]
    return CodeStep(operation, tuple(codes), tuple(others)) if codes else None


def _rank(step: CodeStep) -> tuple[bool, bool, bool]:
    looks = bool(_LOOKS.search(spoken.spoken_name(step.operation)))
    return not _enters(step.operation), not looks, step.operation.is_secured


def _enters(operation: Operation) -> bool:
    return bool(_ENTERS.search(spoken.spoken_name(operation)))
