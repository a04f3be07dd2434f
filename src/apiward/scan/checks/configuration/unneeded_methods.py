"""CFG05: the server takes methods that it need not (CWE-749, RFC 9110, sections 9.3.7 and 9.3.8). Said once.

Proves: after TRACE or TRACK, a header that only we know came back in the body, while the same address asked
with GET did not echo it. Told as likely: the server itself lists methods for a route that its description
does not, and does not list them for a route that is not there. Cannot: try methods that may change something.
"""

from collections.abc import Iterator
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Request
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.calling.arguments import url_of
from apiward.scan.proofs import looked_at
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

CODE = "CFG05"
MAX_PATHS: Final = 20
MAX_NAMED: Final = 4
_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


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
    return await _listed(scene, say) or say.holds(
        "TRACE is not carried out, and no method beyond the described is listed"
    )


async def _listed(scene: Scene, say: Saying) -> Verdict | None:
    """Ask routes which methods they take; nothing is called with the methods themselves."""
    control = await scene.send(Request("OPTIONS", f"{scene.caller.origin}/{scene.rng.getrandbits(48):012x}"))
    generic = _allowed(control)
    found: list[tuple[str, Exchange]] = []
    for operation in list(_first_of_each_path(scene))[:MAX_PATHS]:
        url = url_of(operation, scene.arguments(operation, scene.owner), scene.caller.origin)
        answer = await scene.send(Request("OPTIONS", url))
        described = {op.carrier.method for op in scene.api.operations if _covers(op, operation)}
        extra = sorted((_allowed(answer) - described - generic) & _CHANGING)
        if extra:
            found.append((f"{' and '.join(extra)} for {operation.address}", answer))
    if not found:
        return None
    named = "; ".join(text for text, _ in found[:MAX_NAMED])
    saw = f"The server lists methods that the description does not: {named}"
    return say.broken(saw, found[0][1], control, confidence=Confidence.LIKELY)


def _first_of_each_path(scene: Scene) -> Iterator[Operation]:
    seen = set()
    for operation in scene.operations:
        if operation.address not in seen:
            seen.add(operation.address)
            yield operation


def _covers(one: Operation, other: Operation) -> bool:
    """Whether the path of `one` fits wherever that of `other` leads: `/users/{name}` covers `/users/login`."""
    mine, theirs = (naming.segments(op.address) for op in (one, other))
    pairs = zip(mine, theirs, strict=False)
    return len(mine) == len(theirs) and all(a == b or naming.is_template(a) for a, b in pairs)


def _allowed(exchange: Exchange) -> set[str]:
    """Return the methods that an answer lists in Allow (RFC 9110, section 10.2.1)."""
    line = exchange.response.header("allow") if exchange.response else None
    return {word.strip().upper() for word in (line or "").split(",") if word.strip()}


CHECK = Check(CODE, applies, run)
