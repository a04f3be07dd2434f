"""CFG05: the server echoes requests to TRACE or TRACK (CWE-749, RFC 9110, section 9.3.8). Said once for the host.

Proves: a header that only we know came back in the body, while the same address asked with GET did not echo
it. Cannot: try methods that may change something.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Request
from apiward.core.verdict import Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.calling.arguments import url_of
from apiward.scan.proofs import looked_at
from apiward.scan.scene import Scene

CODE = "CFG05"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send TRACE and TRACK with a header of our own; GET with the same header is the control."""
    say = Saying(CODE, WHOLE_API)
    url = url_of(operation, scene.arguments(operation, scene.owner), scene.caller.origin)
    mark = f"aw-{scene.rng.getrandbits(48):012x}"
    headers = (("X-Apiward-Echo", mark),)
    control = await scene.send(Request("GET", url, headers))
    if control.response is None or mark in control.text:
        return say.unsure("the address does not answer, or echoes every request")
    for method in ("TRACE", "TRACK"):
        attack = await scene.send(Request(method, url, headers))
        if attack.is_success and mark in attack.text:
            return say.broken(f"{method} is carried out and echoes the request, headers included", attack, control)
    return say.holds("TRACE and TRACK are not carried out")


CHECK = Check(CODE, applies, run)
