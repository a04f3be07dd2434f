"""FUN01: an operation that is meant for staff works without any log-in (CWE-306, OWASP API5:2023).

Proves: the anonymous request was served with content, or really did something to a throw-away
object. Cannot: find staff operations whose path and words do not say that they are.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Phase
from apiward.scan.proofs.staffing import is_staff_operation, prove_open
from apiward.scan.scene import Scene

CODE = "FUN01"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the description keeps the operation for staff."""
    return is_staff_operation(scene, operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Call it without a credential."""
    return await prove_open(scene, operation, Saying(CODE, operation.key), None)


CHECK = Check(CODE, applies, run, phase=Phase.CHANGES)
