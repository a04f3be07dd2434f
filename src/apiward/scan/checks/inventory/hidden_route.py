"""INV01: a route exists that the description does not name, or one for debugging is open (OWASP API9:2023).

Proves: a usual name beside documented routes gave a good answer, while made-up names beside it were refused
or got another kind of answer. Where no description was written (recorded requests tell only what was called),
it is likely, not proved, unless the route is one for debugging. Cannot: find names that we do not try, or say
that the route does harm.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.proofs import looked_at, neighbours
from apiward.scan.scene import Scene

CODE = "INV01"
_ROOT: Final = ""
# A page for people under such a name is a part of a website, not a forgotten route of the API.
_MAY_BE_PAGES: Final = frozenset({"admin", "test", "all", "config"})
_MAY_BE_OBJECTS: Final = frozenset({"admin", "test", "all", "internal", "config"})


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation stands first below a documented prefix, or is itself a left-over."""
    return neighbours.is_left_over(operation) or bool(_prefixes(scene, operation))


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for usual names beside the documented routes, and for made-up ones as control."""
    say = Saying(CODE, operation.key)
    if neighbours.is_left_over(operation):
        found = await _left_open(scene, operation)
        if found is not None:
            shown, control = found
            return say.broken("a route for debugging is described and open to everybody", shown, control)
    for prefix in _prefixes(scene, operation):
        verdict = await _beside(scene, operation, prefix)
        if verdict is not None:
            return verdict
    return say.holds("no usual name beside the documented routes gave an answer")


def _prefixes(scene: Scene, operation: Operation) -> tuple[str, ...]:
    return _all_prefixes(scene).get(operation.key, ())


# Asked once for each operation: without the memo, the time would grow with the square of their number.
@lru_cache(maxsize=2)
def _all_prefixes(scene: Scene) -> Mapping[str, tuple[str, ...]]:
    """Return the prefixes to look below, by the key of the operation that stands first there."""
    found: dict[str, tuple[str, ...]] = {}
    for prefix, first in neighbours.prefixes(scene.operations).items():
        found[first.key] = (*found.get(first.key, ()), prefix)
    if scene.operations:
        first_key = scene.operations[0].key
        found[first_key] = (*found.get(first_key, ()), _ROOT)
    return found


async def _left_open(scene: Scene, operation: Operation) -> tuple[Exchange, Exchange] | None:
    shown = scene.seen(operation, None) or await scene.look_at(operation, None)
    if not neighbours.has_content(shown):
        return None
    prefix = (operation.base_path + operation.path).rstrip("/").rpartition("/")[0]
    control = await _get(scene, operation, f"{prefix}/_{_made_up(scene)}", None)
    is_alike = neighbours.has_content(control) and judging.is_alike(shown, control)
    return None if is_alike or control.is_doubtful else (shown, control)


async def _beside(scene: Scene, operation: Operation, prefix: str) -> Verdict | None:
    made_up, hidden = f"{prefix}/{_made_up(scene)}", f"{prefix}/_{_made_up(scene)}"
    viewer: Session | None = None
    control = await _get(scene, operation, made_up, viewer)
    if judging.is_logged_out(control) and scene.owner is not None:
        viewer = scene.owner
        control = await _get(scene, operation, made_up, viewer)
    controls = (control, await _get(scene, operation, hidden, viewer))
    if any(one.is_doubtful for one in controls):
        return None
    found = []
    for name in neighbours.AT_ROOT if prefix == _ROOT else neighbours.BESIDE:
        path = f"{prefix}/{name}"
        if neighbours.is_documented(path, scene.api.operations) or not neighbours.is_harmless(path):
            continue
        shown = await _get(scene, operation, path, viewer)
        if shown.status in (401, 403) and not judging.is_logged_out(controls[0]) and scene.owner is not None:
            shown = await _get(scene, operation, path, scene.owner)
        if neighbours.has_content(shown) and not _is_usual(scene, prefix, name, shown, controls):
            found.append((path, shown))
    return _said(scene, found, controls[0]) if found else None


def _said(scene: Scene, found: list[tuple[str, Exchange]], control: Exchange) -> Verdict:
    path, shown = found[0]
    also = f"; so do {', '.join(other for other, _ in found[1:])}" if len(found) > 1 else ""
    say = Saying(CODE, f"GET {path}")
    more = tuple(exchange for _, exchange in found[1:])
    saw = f"{path} is not in the description and answers{also}"
    is_for_debugging = any(neighbours.is_left_over(Operation("GET", one)) for one, _ in found)
    confidence = Confidence.PROVED if scene.api.tells_all or is_for_debugging else Confidence.LIKELY
    return say.broken(saw, shown, control, more=more, place=path, confidence=confidence)


def _is_usual(scene: Scene, prefix: str, name: str, shown: Exchange, controls: tuple[Exchange, ...]) -> bool:
    """Whether any name below the prefix gets such an answer, made up or that of a real object; or it is a page."""
    if name in _MAY_BE_PAGES and shown.response is not None and shown.response.media_type == "text/html":
        return True
    answered = [control for control in controls if neighbours.has_content(control)]
    if any(judging.is_alike(shown, control) for control in answered) or _draws_any_name(shown, answered):
        return True
    for operation in scene.operations:
        path = operation.base_path + operation.path
        if (
            operation.has_address
            and operation.method == "GET"
            and path.startswith(f"{prefix}/{{")
            and path.count("/") == prefix.count("/") + 1
        ):
            seen = [one for one in looked_at.views(scene, operation) if judging.is_accepted(one)]
            if any(judging.is_alike(shown, one) for one in seen) or (not seen and name in _MAY_BE_OBJECTS):
                return True
    return False


def _draws_any_name(shown: Exchange, answered: list[Exchange]) -> bool:
    """Whether every made-up name gets an answer of its own, of the same kind as this one (a picture of the name)."""
    if len(answered) < 2 or judging.is_alike(answered[0], answered[1]):
        return False
    return len({one.response.media_type for one in (shown, *answered) if one.response is not None}) == 1


async def _get(scene: Scene, operation: Operation, path: str, session: Session | None) -> Exchange:
    return await scene.call(neighbours.at_path(operation, path), Arguments(), session)


def _made_up(scene: Scene) -> str:
    return "".join(scene.rng.choices("bcdfghjklmnp", k=8))


CHECK = Check(CODE, applies, run)
