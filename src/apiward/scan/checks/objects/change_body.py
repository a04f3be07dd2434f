"""OBJ03: one normal account changes what belongs to another, named in the body (CWE-639, OWASP API1:2023).

Proves: after a request whose body names the owner's object, the owner, reading back, sees the
stranger's content. Cannot: judge messages and the like, which are meant to reach other people.
"""

import re

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import BODY
from apiward.scan.level import Level, Phase
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs.changing import best
from apiward.scan.proofs.foreign import changes_something, prove_foreign_change, reaches_by_address
from apiward.scan.scene import Scene
from apiward.spec.meaning import spoken

CODE = "OBJ03"
MAX_TARGETS = 2
_MEANT_FOR_OTHERS = re.compile(
    r"(^|-)(message|messages|mail|send|invite|invitation|share|transfer|pay|payment|follow|friend|friends|chat|contact|"
    r"comment|comments|review|reviews|rate|rating|like|vote|report|gift)(-|$)"
)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes a body and may change what that names."""
    if scene.is_for_staff(operation):  # FUN01 and FUN02 try these
        return False
    return changes_something(operation) and operation.preferred_body() is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Try to change objects of the first account as the second one."""
    say = Saying(CODE, operation.key)
    if scene.owner is None or scene.peer is None:
        return say.not_run("needs two normal accounts")
    reachable = [
        (target, slots)
        for target in scene.reachable(operation, scene.owner)
        # What is made for another person is meant to reach that person.
        if not (target.is_account and objects.creates(operation))
        and scene.private_marks(target, scene.peer)
        and (slots := _body_slots(operation, target))
    ]
    if not reachable or _MEANT_FOR_OTHERS.search(spoken.spoken_path(operation)):
        return say.not_run("no object of our own that this operation's body can name")
    verdicts = [
        await prove_foreign_change(scene, operation, say, target, slots[0]) for target, slots in reachable[:MAX_TARGETS]
    ]
    return best(verdicts)


def _body_slots(operation: Operation, target: OwnedObject) -> list[str]:
    """Return the body slots that can name the target, where nothing in the address does."""
    ways = objects.pointings(operation, target)
    if not ways or reaches_by_address(ways[0]):
        return []
    return [slot.label for slot in ways[0] if slot.place == BODY]


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.CHANGES)
