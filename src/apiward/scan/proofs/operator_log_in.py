"""Tries a log-in for conditions in place of name and password, with as few wrong log-ins as possible."""

from dataclasses import dataclass

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.scan.calling.arguments import Slot
from apiward.scan.identities import credentials
from apiward.scan.identities.log_in import LogInForm, usernames
from apiward.scan.meaning import judging
from apiward.scan.proofs import operators
from apiward.scan.proofs.operators import Condition
from apiward.scan.proofs.survey import word
from apiward.scan.scene import Scene


@dataclass(frozen=True, slots=True)
class Opened:
    """What shows that a condition opened our own account: the attack, its control and the same again."""

    saw: str
    place: str
    attack: Exchange
    control: Exchange
    again: Exchange


async def judge(scene: Scene, operation: Operation) -> Opened | None:
    """Return a proof that a log-in takes conditions, or None. Only our own account is opened."""
    form = next((one for one in scene.accounts.log_in_forms if one.operation == operation), None)
    owner = scene.owner
    if form is None or owner is None:
        return None
    name = owner.account.username or usernames(form, owner.persona)[0]
    wrong = word(scene.rng)
    saw = "a condition in place of the password opened an account"
    slots = form.password_slots
    found = await _pair(scene, form, name, wrong, slots, operators.not_this(wrong), saw)
    if found is not None:
        return found
    saw = "a condition in place of the log-in name was worked out by the database"
    return await _pair(scene, form, name, owner.password, form.name_slots, Condition("$eq", name), saw)


async def _pair(
    scene: Scene,
    form: LogInForm,
    name: str,
    password: str,
    slots: tuple[Slot, ...],
    condition: Condition,
    saw: str,
) -> Opened | None:
    attack, opened = await _tried(scene, form, name, password, slots, condition)
    if not opened:
        return None
    nonsense = operators.nonsense(scene.rng, condition.value)
    control, was_opened = await _tried(scene, form, name, password, slots, nonsense)
    again, opened = await _tried(scene, form, name, password, slots, condition)
    if was_opened or not opened or control.status in (0, 429):
        return None
    return Opened(saw, slots[0].label, attack, control, again)


async def _tried(
    scene: Scene, form: LogInForm, name: str, password: str, slots: tuple[Slot, ...], condition: Condition
) -> tuple[Exchange, bool]:
    filled = form.fill(name, password)
    for slot in slots:
        filled = operators.put(filled, slot, condition)
    exchange = await scene.caller.call(form.operation, filled)
    if not judging.is_accepted(exchange):
        return exchange, False
    return exchange, bool(credentials.tokens_in(exchange) or credentials.cookies_in(exchange))
