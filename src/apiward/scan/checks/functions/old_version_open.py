"""FUN07: another version of a staff operation lacks the refusal that this one has (CWE-1059, OWASP API9:2023).

Proves: a normal account that was refused was served what staff gets at the same path under another
version, twice; a path that does not exist was not served there. Cannot: find versions that are not
part of the path.
"""

from collections.abc import Iterator

from apiward.core.api import Operation
from apiward.core.exchange import Request
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs import bypassing, neighbours
from apiward.scan.proofs.bypassing import Way
from apiward.scan.proofs.staffing import is_staff_operation
from apiward.scan.scene import Scene

CODE = "FUN07"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether staff reads something here, at a path that names a version."""
    if operation.method != "GET" or not operation.has_address or "{" in operation.path:
        return False
    return bool(neighbours.versions_beside(operation.address)) and is_staff_operation(scene, operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask plainly as a normal account, then under other versions."""
    return await bypassing.try_ways(scene, operation, Saying(CODE, operation.key), _ways)


def _ways(plain: Request) -> Iterator[Way]:
    own = bypassing.path_of(plain)
    for other in neighbours.versions_beside(own):
        attack = bypassing.moved(plain, other)
        yield Way(f"at {other}", attack, bypassing.elsewhere_of(attack))


CHECK = Check(CODE, applies, run)
