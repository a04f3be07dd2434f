"""AUT16: the e-mail address of an account is changed at once, with no password and no confirmation (CWE-620).

Proves: a throw-away account sent another address, with a wrong password where one is asked for, and
its own record then showed the new address in place of the old one (OWASP ASVS 5.0 6.3.7 and 7.5.1).
Cannot: see whether messages to the old address follow, or whether the new one is held as unconfirmed
in a place that is not shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson, Pointer, at, leaves
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.personas import invent
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.proofs.trials.entering import wrong_password
from apiward.scan.proofs.trials.own_password import own_arguments, password_slots
from apiward.scan.scene import Scene, account_of
from apiward.spec.meaning import accounts, naming
from apiward.spec.meaning.spoken import field_names, spoken_path

CODE = "AUT16"
MAX_VIEWS: Final = 3
_WAITING: Final = frozenset("pending new unconfirmed unverified requested next".split())
_CONFIRMED: Final = frozenset("verified confirmed verification confirmation".split())


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether a caller changes its own e-mail address here."""
    if operation.method not in ("PUT", "PATCH", "POST") or scene.is_for_staff(operation):
        return False
    if accounts.is_account_operation(operation) or not any(_is_email(name) for name in field_names(operation)):
        return False
    is_change = operation.method != "POST" or bool({"email", "mail"} & set(spoken_path(operation).split("-")))
    return is_change and (objects.is_about_caller(operation) or _names_account(operation))


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send another address as a throw-away account, and look at its own record before and after."""
    say = Saying(CODE, operation.key)
    spare = await scene.spare()
    if spare is None:
        return say.not_run("needs a throw-away account, whose address may be changed")
    credential = await spare.current(scene.accounts.area_of(operation).schemes)
    views = await scene.views(account_of(spare), spare)
    before = await _shown(scene, spare, views)
    places = {key: _places(exchange, spare.persona.email) for key, exchange in before.items()}
    if credential is None or not any(places.values()):
        return say.not_run("no record of the account shows its address")
    for arguments in own_arguments(scene, operation, spare):
        new = invent(scene.rng).email
        changed = await scene.call(operation, _filled(scene, arguments, new), credential=credential)
        after = await _shown(scene, spare, views)
        key = next((k for k, exchange in after.items() if _is_there(exchange, places.get(k, []), new)), None)
        if key is not None:
            _keep(spare, new)
            return _judge(say, changed, before[key], after[key])
        if changed.is_doubtful:
            return say.unsure("the change of the address got no clear answer")
        if judging.is_accepted(changed):
            return say.holds("another address was taken, and the account still went by the old one")
        if password_slots(arguments):
            return say.holds("another address was refused with a wrong password")
    return say.unsure("another address was refused, perhaps for something else")


def _judge(say: Saying, changed: Exchange, before: Exchange, after: Exchange) -> Verdict:
    if _confirmations(before) != _confirmations(after):
        return say.unsure("the new address is shown, but marked as one that is still to be confirmed")
    saw = "A logged-in account set another e-mail address, which counted at once, with no password and no confirmation."
    return say.broken(saw, changed, before, more=(after,))


async def _shown(scene: Scene, spare: Session, views: list[tuple[Operation, Arguments]]) -> Mapping[str, Exchange]:
    """Return what the account's record looks like now, by operation."""
    found = [(op, await scene.call(op, arguments, spare)) for op, arguments in views[:MAX_VIEWS]]
    return {op.key: exchange for op, exchange in found if exchange.is_success}


def _places(exchange: Exchange, email: str) -> list[Pointer]:
    """Return where the address stands in an answer as the one that counts."""
    return [pointer for pointer, value in _leaves(exchange) if value == email and not _WAITING & set(_words(pointer))]


def _is_there(exchange: Exchange, places: list[Pointer], email: str) -> bool:
    body = exchange.response.json() if exchange.response else None
    return not isinstance(body, NotJson) and any(at(body, pointer) == email for pointer in places)


def _confirmations(exchange: Exchange) -> list[object]:
    """Return everything that says whether an address is confirmed."""
    return [value for pointer, value in _leaves(exchange) if _CONFIRMED & set(_words(pointer))]


def _leaves(exchange: Exchange) -> Iterator[tuple[Pointer, object]]:
    body = exchange.response.json() if exchange.response else None
    return iter(()) if isinstance(body, NotJson) else iter(leaves(body))


def _words(pointer: Pointer) -> tuple[str, ...]:
    return naming.words(str(pointer[-1])) if pointer else ()


def _filled(scene: Scene, arguments: Arguments, email: str) -> Arguments:
    """Return the arguments with the new address, and with a wrong password where one is asked for."""
    passwords = password_slots(arguments)
    for slot, _ in list(arguments.slots()):
        if slot.place == "body" and _is_email(slot.name):
            arguments = arguments.put(slot, email)
    for slot in passwords:
        arguments = arguments.put(slot, wrong_password(scene))
    return arguments


def _keep(spare: Session, email: str) -> None:
    """Remember the new address, so that the account can still be entered and told."""
    if spare.account.username == spare.persona.email:
        spare.account = replace(spare.account, username=email)
    facts = {k: email if value == spare.persona.email else value for k, value in spare.account.facts.items()}
    spare.account = replace(spare.account, facts=facts)
    spare.persona = replace(spare.persona, email=email)


def _is_email(name: str) -> bool:
    return naming.plain(name).endswith(("email", "mail", "emailaddress"))


def _names_account(operation: Operation) -> bool:
    return any(noun in objects.ACCOUNT_NOUNS for noun in naming.nouns(operation.path)) and "{" in operation.path


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.SESSIONS)
