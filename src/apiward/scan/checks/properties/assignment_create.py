"""PRO01: a caller sets a property at creation that it should not choose (CWE-915, OWASP API3:2023).

Proves: an object made with the extra property shows the chosen value when it is read back, and one
made without it does not. Cannot: see a property that no operation shows.
"""

from collections.abc import Mapping

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import BODY, Slot
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs import granting
from apiward.scan.proofs.granting import Grant
from apiward.scan.scene import Scene, account_of
from apiward.spec.meaning import accounts

CODE = "PRO01"
SAW = "An object made with {name} set to {value} shows that value when it is read back; one made without it does not."


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation makes objects or accounts."""
    return accounts.is_sign_up(operation) or objects.makes(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Make one object with extra properties; where that is refused, one for each property."""
    say = Saying(CODE, operation.key)
    if scene.owner is None:
        return say.not_run("needs a normal account")
    plain = _made_before(scene, operation, scene.owner)
    if plain is None:
        return say.not_run("nothing could be made here without the extra property either")
    before = await scene.look(plain, scene.owner)
    if not before:
        return say.not_run("nothing shows what was made")
    chosen = granting.chosen_by_callers(scene.operations, plain.noun)
    grants = granting.candidates(operation, before, is_account=plain.is_account, chosen=chosen)
    if not grants:
        return say.holds("nothing that is shown of such objects would give its bearer more")
    made = await _make_with(scene, operation, grants)
    attempts = [(made, grants)] if made else [(await _make_with(scene, operation, [g]), [g]) for g in grants]
    if not any(made for made, _ in attempts):
        return say.holds("with any of the extra properties the request was refused")
    for attempt, tried in attempts:
        if attempt is not None:
            verdict = await _judge(scene, say, (plain, before), attempt, tried)
            if verdict is not None:
                return verdict
    return say.holds("the extra properties were taken, and left without effect")


async def _judge(
    scene: Scene,
    say: Saying,
    plain: tuple[OwnedObject, list[Exchange]],
    made: tuple[OwnedObject, Session, Exchange],
    grants: list[Grant],
) -> Verdict | None:
    target, session, attack = made
    after = await scene.look(target, session)
    for grant in grants:
        usual = granting.value_shown(plain[1], grant.name, plain[0].marks)
        shown = granting.value_shown(after, grant.name, target.marks)
        if not isinstance(shown, NotJson) and shown == grant.value != usual:
            saw = SAW.format(name=grant.name, value=grant.value)
            return say.broken(saw, attack, plain[1][0], more=tuple(after[:1]), place=f"body {grant.name}")
    return None


def _made_before(scene: Scene, operation: Operation, owner: Session) -> OwnedObject | None:
    """Return an object that the operation has made without extra properties."""
    if accounts.is_sign_up(operation):
        is_ours = operation is scene.accounts.sign_up_operation
        return next((t for t in scene.owned_by(owner) if t.is_account), None) if is_ours else None
    return next((t for t in scene.owned_by(owner) if t.maker is operation), None)


async def _make_with(
    scene: Scene, operation: Operation, grants: list[Grant]
) -> tuple[OwnedObject, Session, Exchange] | None:
    slots = {Slot(BODY, grant.pointer): grant.value for grant in grants}
    if accounts.is_sign_up(operation):
        return await _sign_up_with(scene, slots)
    owner = scene.owner
    if owner is None:
        return None
    arguments = scene.arguments(operation, owner)
    for slot, value in slots.items():
        arguments = arguments.put(slot, value)
    exchange = await scene.call(operation, arguments, owner)
    if not judging.is_accepted(exchange):
        return None
    target = await scene.adopt(objects.made(operation, owner.name, arguments, exchange), owner)
    return target, owner, exchange


async def _sign_up_with(scene: Scene, slots: Mapping[Slot, Json]) -> tuple[OwnedObject, Session, Exchange] | None:
    session = await scene.accounts.new(extra=slots)
    if session is None or scene.accounts.sign_up_answer is None:
        return None
    scene.spares.append(session)
    return account_of(session), session, scene.accounts.sign_up_answer


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.CHANGES)
