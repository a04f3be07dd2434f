"""OBJ09: a refusal tells whether an object exists that is somebody else's (CWE-204, OWASP API1:2023).

Proves: a stranger is told "not yours" for the owner's object and "not there" for made-up ones of the same form, twice
over. Only where identifiers can be guessed or mean something by themselves: numbers, names, addresses.
Cannot: know whether it matters that somebody learns which of them exist.
"""

import re
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments, text_of
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs.changing import best, elsewhere
from apiward.scan.scene import Scene

CODE = "OBJ09"
MAX_TARGETS: Final = 2
_NOT_YOURS: Final = (401, 403)
_NOT_THERE: Final = (404, 410)
_UNGUESSABLE: Final = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|(?=.*\d)(?=.*[A-Za-z])[\w=-]{16,}")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation reads one object by an identifier in its path."""
    return operation.method == "GET" and "{" in operation.path and not scene.is_for_staff(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask as a stranger for the owner's object, and for ones that nobody has."""
    say = Saying(CODE, operation.key)
    if scene.owner is None or scene.peer is None:
        return say.not_run("needs two normal accounts")
    pair = (scene.owner, scene.peer)
    found = [(t, ways[0]) for t, ways in scene.targets(operation, scene.owner) if ways and _is_guessable(ways[0])]
    if not found:
        return say.not_run("no object of our own whose identifier could be guessed")
    return best([await _judge(scene, operation, say, pair, target, way) for target, way in found[:MAX_TARGETS]])


async def _judge(
    scene: Scene, operation: Operation, say: Saying, pair: tuple[Session, Session], target: OwnedObject, way: Arguments
) -> Verdict:
    owner, peer = pair
    own = await scene.call(operation, way, owner)
    if not judging.is_accepted(own):
        return say.not_run("the owner could not read the object here either")
    foreign = await scene.call(operation, way, peer)
    if foreign.is_doubtful:
        return say.unsure("the stranger's request got no clear answer")
    if foreign.status not in _NOT_YOURS or judging.is_logged_out(foreign) or _is_shown(scene, target, peer):
        return say.holds("a stranger is not told that the object is there")
    made_up = [await scene.call(operation, elsewhere(scene, way), peer) for _ in range(2)]
    again = await scene.call(operation, way, peer)
    if any(one.is_doubtful for one in (*made_up, again)):
        return say.unsure("a request for what is not there got no clear answer")
    if not _are_apart(foreign, again, made_up):
        return say.holds("a stranger is refused in the same way whether the object is there or not")
    saw = (
        f"For an object of another account a normal account is answered {foreign.status}, "
        f"for one that is not there {made_up[0].status}."
    )
    return say.broken(saw, foreign, made_up[0], more=(own, again, made_up[1]))


def _are_apart(foreign: Exchange, again: Exchange, made_up: list[Exchange]) -> bool:
    return foreign.status == again.status and all(one.status in _NOT_THERE for one in made_up)


def _is_shown(scene: Scene, target: OwnedObject, peer: Session) -> bool:
    """Whether the stranger's lists show the object anyway."""
    return bool(target.marks) and any(scene.is_shown_to(peer, mark) for mark in target.marks)


def _is_guessable(way: Arguments) -> bool:
    return all(not _UNGUESSABLE.fullmatch(text_of(value)) for value in way.path.values())


CHECK = Check(CODE, applies, run)
