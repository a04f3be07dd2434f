"""RES05: a small compressed body is unpacked to several megabytes (CWE-409, OWASP API4:2023). Said once for the API.

Proves: of two bodies of a few kilobytes that unpack to six megabytes and differ in their last signs alone, one
was refused as no JSON and the other for what is missing in it: so both were unpacked and parsed as a whole.
Cannot: tell whether a larger bound stands somewhere: it sends nothing that unpacks to more.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.proofs import bulk
from apiward.scan.scene import Scene

CODE = "RES05"
LARGE: Final = 6_000_000
SMALL: Final = 20


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation stands for how the API reads bodies."""
    return operation is bulk.chosen(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send packed bodies, short and large, each with and without its end."""
    say = Saying(CODE, WHOLE_API)
    plain = await bulk.pair(scene, operation, SMALL)
    if not plain.tells_apart:
        return say.not_run("short bodies are answered in one way, whether they are JSON or not")
    small = await bulk.pair(scene, operation, SMALL, is_packed=True)
    if small.is_doubtful:
        return say.unsure("a short compressed body got no clear answer")
    if not small.is_like(plain):
        return say.holds("compressed bodies are not unpacked")
    large = await bulk.pair(scene, operation, LARGE, is_packed=True)
    if large.is_doubtful:
        return say.unsure("a body that unpacks to six megabytes got no clear answer")
    if not large.is_like(small):
        return say.holds("a body that unpacks to six megabytes is not answered like a short one")
    saw = f"Bodies that unpack to {LARGE // 1_000_000} MB were unpacked and parsed to their end at {operation.key}."
    return say.broken(saw, large.broken, small.broken, more=(large.whole, small.whole))


CHECK = Check(CODE, applies, run, level=Level.FULL, phase=Phase.TIMING)
