"""The probe: one operation that shows whether a credential is accepted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Api, Operation, Place
from apiward.core.exchange import Exchange
from apiward.scan.calling.arguments import Arguments, Slot
from apiward.scan.calling.caller import Caller
from apiward.scan.identities.personas import Persona
from apiward.scan.meaning import judging
from apiward.spec.meaning import accounts, dangers, naming, roles

MAX_TRIED: Final = 8
_MADE_UP: Final = "apiward-made-this-up-0000"
_SELF: Final = frozenset("me self profile whoami account current myself my mine dashboard userinfo".split())


@dataclass(frozen=True, slots=True)
class Probe:
    """An operation that refuses anonymous callers, with arguments that a logged-in caller may use."""

    operation: Operation
    arguments: Arguments
    refused: Exchange

    async def ask(self, caller: Caller, credential: Credential | None) -> tuple[bool | None, Exchange]:
        """Return whether a credential is accepted (None: the answer says neither), and the exchange."""
        exchange = await caller.call(self.operation, self.arguments, credential)
        if exchange.is_doubtful:
            return None, exchange
        if judging.is_logged_out(exchange) or exchange.status == self.refused.status >= 400:
            return False, exchange
        is_same_no = judging.says_failure(exchange) and judging.is_alike(exchange, self.refused)
        if is_same_no and credential is not None and exchange.status != self.refused.status:
            # Many APIs word every error alike. A made-up credential tells "unknown thing" from "unknown caller".
            made_up = await caller.call(self.operation, self.arguments, replace(credential, value=_MADE_UP))
            is_same_no = made_up.is_doubtful or made_up.status == exchange.status
        return not is_same_no, exchange


async def find_probes(caller: Caller, api: Api, persona: Persona, *, reads_only: bool) -> list[Probe]:
    """Ask the likeliest operations anonymously; return those that refuse, the best first."""
    possible = sorted(_candidates(api, persona, reads_only=reads_only), key=lambda pair: _rank(pair[0]))
    tried_count: Counter[object] = Counter()
    found: list[Probe] = []
    for operation, arguments in possible:
        tried_count[operation.security] += 1
        if tried_count[operation.security] > MAX_TRIED or len(found) >= 3 * MAX_TRIED:
            continue
        refused = await caller.call(operation, arguments)
        if judging.is_logged_out(refused) or refused.status == 403:
            found.append(Probe(operation, arguments, refused))
    return found


def _candidates(api: Api, persona: Persona, *, reads_only: bool) -> list[tuple[Operation, Arguments]]:
    found = []
    for operation in api.operations:
        if dangers.danger(operation) or accounts.is_account_operation(operation):
            continue
        if operation.method == "GET" or (operation.is_secured and operation.method == "POST" and not reads_only):
            arguments = _filled(operation, persona)
            if arguments is not None:
                found.append((operation, arguments))
    return found


def _filled(operation: Operation, persona: Persona) -> Arguments | None:
    """Return arguments that need no knowledge of the API, or None where it takes some."""
    arguments = Arguments()
    for parameter in operation.parameters:
        if not parameter.is_required or parameter.place in (Place.HEADER, Place.COOKIE):
            continue
        value = persona.value_for(parameter.name)
        if value is None and parameter.place is Place.QUERY and parameter.schema.examples:
            value = parameter.schema.examples[0]
        if value is None:
            return None
        arguments = arguments.put(Slot(parameter.place.value, (parameter.name,)), value)
    return arguments


def _rank(operation: Operation) -> int:
    parts: Mapping[str, bool] = dict.fromkeys(naming.names_of(operation), True)
    score = 6 * operation.is_secured + 5 * bool(_SELF & parts.keys()) + 4 * operation.is_safe
    score -= 8 * roles.is_meant_for_staff(operation) + 3 * ("{" in operation.path)
    return -score
