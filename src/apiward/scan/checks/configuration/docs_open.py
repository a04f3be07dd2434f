"""CFG14: a page that describes the API is open to everybody (OWASP API9:2023). A note: many publish it on purpose.

Proves: the content is that of a known page of this kind, and a made-up name beside it gave something else.
Cannot: know whether it is meant to be public.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs import looked_at, open_places
from apiward.scan.proofs.console_kinds import DESCRIPTIONS
from apiward.scan.scene import Scene

CODE = "CFG14"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for the usual names."""
    looked = await open_places.find_open(scene, DESCRIPTIONS)
    if looked.found:
        return open_places.told(CODE, looked.found)
    return looked.none(Saying(CODE, operation.key), "no page that describes the API was open under a usual name")


CHECK = Check(CODE, applies, run)
