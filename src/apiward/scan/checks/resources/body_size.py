"""RES03: bodies of several megabytes are read to their end (CWE-770, OWASP API4:2023). Said once for the API.

Proves: of two bodies of three megabytes that differ in their last signs alone, one was refused as no JSON and the other
for what is missing in it, just like two short ones: so both were read and parsed as a whole.
Cannot: tell whether a larger bound stands somewhere: it sends no more than three megabytes, four times.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.proofs import bulk
from apiward.scan.scene import Scene

CODE = "RES03"
LARGE: Final = 3_000_000
SMALL: Final = 20


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation stands for how the API reads bodies."""
    return operation is bulk.chosen(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send short and large bodies that are refused, each with and without its end."""
    say = Saying(CODE, WHOLE_API)
    small = await bulk.pair(scene, operation, SMALL)
    if not small.tells_apart:
        return say.not_run("short bodies are answered in one way, whether they are JSON or not")
    large = await bulk.pair(scene, operation, LARGE)
    if large.whole.status == 413 or large.broken.status == 413:
        return say.holds("a body of three megabytes is refused for its size")
    again = await bulk.pair(scene, operation, LARGE) if large.is_like(small) else large
    if large.is_doubtful or again.is_doubtful:
        return say.unsure("a body of three megabytes got no clear answer")
    if not again.is_like(small):
        return say.holds("a body of three megabytes is not answered like a short one")
    saw = f"Bodies of {LARGE // 1_000_000} MB were read and parsed to their end at {operation.key}."
    return say.broken(saw, large.broken, small.broken, more=(large.whole, small.whole))


CHECK = Check(CODE, applies, run, level=Level.FULL, phase=Phase.TIMING)
