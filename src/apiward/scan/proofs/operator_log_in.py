"""Tries a log-in for conditions in place of name and password, with as few wrong log-ins as possible."""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Saying
from apiward.scan.calling.arguments import Slot
from apiward.scan.identities import credentials
from apiward.scan.identities.log_in import LogInForm, usernames
from apiward.scan.meaning import judging
from apiward.scan.proofs import operators
from apiward.scan.proofs.operators import Condition
from apiward.scan.proofs.survey import word
from apiward.scan.scene import Scene


async def judge(scene: Scene, operation: Operation, say: Saying) -> Verdict:
    """Say whether a log-in takes conditions. Only our own account is opened."""
    form = next((one for one in scene.accounts.log_in_forms if one.operation == operation), None)
    owner = scene.owner
    if form is None or owner is None:
        return say.not_run("no account of ours logs in here")
    name = owner.account.username or usernames(form, owner.persona)[0]
    wrong = word(scene.rng)
    saw = "a condition in place of the password opened an account"
    first = await _opened(scene, form, name, wrong, form.password_slots, operators.not_this(wrong), say, saw)
    if first is not None:
        return first
    saw = "a condition in place of the log-in name was worked out by the database"
    second = await _opened(scene, form, name, owner.password, form.name_slots, Condition("$eq", name), say, saw)
    return second or say.holds("no condition opened the log-in")


async def _opened(
    scene: Scene,
    form: LogInForm,
    name: str,
    password: str,
    slots: tuple[Slot, ...],
    condition: Condition,
    say: Saying,
    saw: str,
) -> Verdict | None:
    attack, opened = await _tried(scene, form, name, password, slots, condition)
    if attack.status in (0, 429):
        return say.unsure("no answer to a condition in place of what logs in")
    if not opened:
        return None
    nonsense = operators.nonsense(scene.rng, condition.value)
    control, was_opened = await _tried(scene, form, name, password, slots, nonsense)
    again, opened = await _tried(scene, form, name, password, slots, condition)
    if was_opened:
        return None
    if not opened or control.status in (0, 429):
        return say.unsure("a condition opened the log-in once, and then not clearly again")
    return say.broken(saw, attack, control, more=(again,), place=slots[0].label)


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
