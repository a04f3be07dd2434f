"""OBJ02: one normal account changes what belongs to another, reached by path or query (CWE-639, OWASP API1:2023).

Proves: after the stranger's request the owner, reading back, sees the stranger's content; for a
password, the account opens with the stranger's. Cannot: see a change that no operation shows.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.ownership import objects
from apiward.scan.proofs.changing import best, telling_marks
from apiward.scan.proofs.foreign import changes_something, prove_foreign_change, reaches_by_address
from apiward.scan.scene import Scene

CODE = "OBJ02"
MAX_TARGETS = 2


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation changes something that path or query name."""
    if scene.is_for_staff(operation):  # FUN01 and FUN02 try these
        return False
    return changes_something(operation) and any(p.place.value in ("path", "query") for p in operation.parameters)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Try to change objects of the first account as the second one."""
    say = Saying(CODE, operation.key)
    if scene.owner is None:
        return say.not_run("needs two normal accounts")
    reachable = [
        target
        for target in scene.reachable(operation, scene.owner)
        if any(reaches_by_address(way) for way in objects.pointings(operation, target))
        and (target.maker is None or target.maker.key != operation.key)  # to make one more beside it is no change
        # asked again of the twin that is tried (`is_open`): these texts may have been shown since
        and (operation.method != "POST" or telling_marks(scene, target, scene.owner, scene.peer))
    ]
    if not reachable:
        return say.not_run("no object of our own that this operation can point at")
    path = "path" if "{" in operation.path else "query"
    return best([await prove_foreign_change(scene, operation, say, target, path) for target in reachable[:MAX_TARGETS]])


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.CHANGES)
