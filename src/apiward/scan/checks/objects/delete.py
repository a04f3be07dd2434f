"""OBJ04: one normal account deletes what belongs to another (CWE-639, OWASP API1:2023).

Proves: the owner could read a throw-away object, and can no longer after the stranger's request,
twice over; a throw-away account can no longer log in. Cannot: see a deletion that no operation shows.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs.changing import best, victim_of
from apiward.scan.proofs.passwords import opens
from apiward.scan.scene import Scene, account_of

CODE = "OBJ04"
MAX_TARGETS = 2
SAW = "A normal account deleted what another account had made; the owner could read it before, and not after."
SAW_ACCOUNT = "A normal account deleted another account, which could log in before, and not after."


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation deletes one object that it is told."""
    return objects.deletes(operation) and not scene.is_for_staff(operation)  # FUN01 and FUN02 try those


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Delete throw-away objects of the first account as the second one."""
    say = Saying(CODE, operation.key)
    if scene.owner is None or scene.peer is None:
        return say.not_run("needs two normal accounts")
    reachable = scene.reachable(operation, scene.owner)
    if not reachable:
        return say.not_run("no object of our own that this operation can point at")
    pair = (scene.owner, scene.peer)
    return best([await _judge(scene, operation, say, pair, target) for target in reachable[:MAX_TARGETS]])


async def _judge(
    scene: Scene, operation: Operation, say: Saying, pair: tuple[Session, Session], original: OwnedObject
) -> Verdict:
    owner, peer = pair
    twin = await _spare_twin(scene, original, owner)
    if twin is None:
        return say.not_run("no throw-away object could be made to try this on")
    target, victim = twin
    before = await _shown(scene, target, victim)
    if not before:
        return say.not_run("nothing shows whether the object is still there")
    attack = await _delete(scene, operation, target, peer)
    if attack.is_doubtful:
        return say.unsure("the stranger's request got no clear answer")
    after = await scene.look(target, victim)
    if not target.is_account and any(exchange.is_doubtful for exchange in after):
        return say.unsure("what the owner saw afterwards allows no judgement")
    if await _shown(scene, target, victim):
        return say.holds("a stranger tried to delete the owner's object, and it is still there")
    scene.note_gone(target)
    saw = SAW_ACCOUNT if target.is_account else SAW
    place = "path" if "{" in operation.path else "body"
    return say.broken(scene.told_of_strangers(saw, victim), attack, before[0], more=tuple(after[:1]), place=place)


async def _spare_twin(scene: Scene, original: OwnedObject, owner: Session) -> tuple[OwnedObject, Session] | None:
    if not original.is_account:
        return await victim_of(scene, original, owner)
    session = await scene.spare()
    return (account_of(session), session) if session is not None else None


async def _shown(scene: Scene, target: OwnedObject, victim: Session) -> list[Exchange]:
    """Return the answers that show that the object is there; for an account, those to its log-in decide."""
    found = [e for e in await scene.look(target, victim) if objects.shows(target, e)]
    if target.is_account and scene.accounts.log_in_form is not None:
        return found if await opens(scene, victim, victim.password) else []
    return found


async def _delete(scene: Scene, operation: Operation, target: OwnedObject, caller: Session) -> Exchange:
    way = objects.pointings(operation, target)[0]
    return await scene.call(operation, scene.pointed(operation, caller, way), caller)


CHECK = Check(CODE, applies, run, level=Level.FULL, phase=Phase.CHANGES)
