"""FUN02: an operation that is meant for staff works for a normal account (CWE-285, OWASP API5:2023).

Proves: a normal account was served as staff is, while an anonymous caller is not, or really did
something to a throw-away object. Cannot: find staff operations whose path and words do not say so.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Phase
from apiward.scan.proofs.staffing import is_staff_operation, prove_open
from apiward.scan.scene import Scene

CODE = "FUN02"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the description keeps the operation for staff."""
    return is_staff_operation(scene, operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Call it as a normal account."""
    say = Saying(CODE, operation.key)
    caller = scene.peer or scene.mate
    if caller is None:
        return say.not_run("needs a normal account")
    return await prove_open(scene, operation, say, caller)


CHECK = Check(CODE, applies, run, phase=Phase.CHANGES)
