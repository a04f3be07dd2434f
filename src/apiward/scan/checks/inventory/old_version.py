"""INV02: another version of the API answers that the description does not name (CWE-1059, OWASP API9:2023).

Proves: the same route under another version gave a good answer, while a made-up version was refused.
A route that only takes requests that write is told as likely, where reading it is "not allowed" (405)
in this and in the other version, and "not found" in a made-up one. Cannot: compare how well the two
are protected.
"""

from collections import Counter
from functools import lru_cache
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.proofs import neighbours
from apiward.scan.scene import Scene

CODE = "INV02"
PER_VERSION: Final = 12
NOT_FOUND: Final = 404
NOT_ALLOWED: Final = 405


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation is among those that are tried of its version."""
    return operation.key in _chosen(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for the same route under other versions, and under one that nobody has."""
    say = Saying(CODE, operation.key)
    if not operation.is_safe:
        return await _by_refusal(scene, operation, say)
    session = _viewer(scene, operation)
    path = operation.base_path + operation.path
    base = scene.arguments(operation, session)
    control = await _get(scene, operation, neighbours.version_unlike(path, 97), base, session)
    if control.is_doubtful:
        return say.unsure("a made-up version got no clear answer")
    for other in neighbours.versions_beside(path):
        if neighbours.is_documented(other, scene.api.operations):
            continue
        shown = await _get(scene, operation, other, base, session)
        if neighbours.has_content(shown) and not (neighbours.has_content(control) and judging.is_alike(shown, control)):
            saw = f"{other} answers beside {path}; a made-up version does not"
            return Saying(CODE, f"GET {other}").broken(saw, shown, control, place=other)
    return say.holds("no other version of this route answers")


async def _by_refusal(scene: Scene, operation: Operation, say: Saying) -> Verdict:
    """Read where only writing is taken: "not allowed" tells that the route is there, and does no harm."""
    path = operation.base_path + operation.path
    own = await _read(scene, path)
    control = await _read(scene, neighbours.version_unlike(path, 97))
    if own.status != NOT_ALLOWED or control.status != NOT_FOUND:
        return say.unsure("reading does not tell whether such a route is there")
    for other in neighbours.versions_beside(path):
        if neighbours.is_documented(other, scene.api.operations):
            continue
        shown = await _read(scene, other)
        if shown.status == NOT_ALLOWED:
            saw = f"{other} is there beside {path}; a made-up version is not"
            place = Saying(CODE, f"{operation.method} {other}")
            return place.broken(saw, shown, control, more=(own,), place=other, confidence=Confidence.LIKELY)
    return say.holds("no other version of this route is there")


async def _read(scene: Scene, path: str) -> Exchange:
    return await scene.call(Operation("GET", path), Arguments())


# Asked once for each operation: without the memo, the time would grow with the square of their number.
@lru_cache(maxsize=2)
def _chosen(scene: Scene) -> frozenset[str]:
    """Return the keys of some operations of each version: those that gave a good answer, and those that post."""
    found: dict[str, list[tuple[int, bool, str]]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for operation in scene.operations:
        path = operation.base_path + operation.path
        stem = neighbours.version_stem(path)
        if not stem or "{" in path:
            continue
        is_read = operation.method == "GET" and any(one and judging.is_accepted(one) for one in _seen(scene, operation))
        if is_read or operation.method == "POST":
            part = stem, path[len(stem) :].strip("/").partition("/")[0]
            found.setdefault(stem, []).append((counts[part], not is_read, operation.key))
            counts[part] += 1
    # one of each part of the API before a second one: what is left of an old version may be a single part
    return frozenset(key for some in found.values() for _, _, key in sorted(some, key=_order)[:PER_VERSION])


def _order(one: tuple[int, bool, str]) -> tuple[int, bool]:
    return one[:2]


def _seen(scene: Scene, operation: Operation) -> tuple[Exchange | None, Exchange | None]:
    return scene.seen(operation, scene.owner), scene.seen(operation, None)


def _viewer(scene: Scene, operation: Operation) -> Session | None:
    anonymous = scene.seen(operation, None)
    return None if anonymous is not None and judging.is_accepted(anonymous) else scene.owner


async def _get(
    scene: Scene, operation: Operation, path: str, arguments: Arguments, session: Session | None
) -> Exchange:
    return await scene.call(neighbours.at_path(operation, path), arguments, session)


CHECK = Check(CODE, applies, run)
