"""RES04: JSON that is nested deeply makes the API fail (CWE-674, OWASP API4:2023). Said once for the API.

Proves: a body nested two thousand levels deep was answered with an error of the server, or not at all, twice over; a
flat body of the same length in between was answered well or refused as usual.
Cannot: see that a parser is slow with depth, or fails at more levels than we send; more might stop some servers.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Failure
from apiward.core.verdict import Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.proofs import bulk
from apiward.scan.scene import Scene

CODE = "RES04"
DEPTH: Final = 2_000
_CLOSED: Final = (Failure.HUNG_UP, Failure.BAD_PROTOCOL)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation stands for how the API reads bodies."""
    return operation is bulk.chosen(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send flat and deep bodies in turn."""
    say = Saying(CODE, WHOLE_API)
    deep = b'{"%s": %s}' % (bulk.FIELD.encode(), b"[" * DEPTH + b"]" * DEPTH)
    flat = b'{"%s": [%s]}' % (bulk.FIELD.encode(), b",".join([b"1"] * DEPTH))
    sent = [await bulk.raw(scene, operation, body) for body in (flat, deep)]
    if sent[0].is_doubtful:
        return say.not_run("a flat body got no clear answer either")
    if not _fails(sent[1]):
        return say.holds("a body that is nested deeply is answered like others")
    # Two flat ones in between: what fails every other time is not the depth.
    sent += [await bulk.raw(scene, operation, body) for body in (flat, flat, deep, flat)]
    if not _fails(sent[4]) or any(one.is_doubtful for one in (sent[2], sent[3], sent[5])):
        return say.unsure("a body that is nested deeply got an error once, and not again")
    how = f"with status {sent[1].status}" if sent[1].status else "by closing the connection"
    saw = f"JSON nested {DEPTH} levels deep was answered {how} at {operation.key}, twice; flat JSON was not."
    return say.broken(saw, sent[1], sent[0], more=(sent[4], sent[5]))


def _fails(exchange: Exchange) -> bool:
    return exchange.status in (500, 502) or exchange.failure in _CLOSED


CHECK = Check(CODE, applies, run, level=Level.FULL, phase=Phase.TIMING)
