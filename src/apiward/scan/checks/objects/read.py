"""OBJ01: one normal account reads an object of another by its identifier (CWE-639, OWASP API1:2023).

Proves: the stranger's answer holds a text that the owner put into the object, which stands in no
answer that the stranger gets of its own accord. Cannot: judge objects that the scan could not make,
or that everybody may list.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan import objects
from apiward.scan.api import Check, Saying
from apiward.scan.arguments import Arguments
from apiward.scan.changing import best, elsewhere
from apiward.scan.objects import OwnedObject
from apiward.scan.scene import Scene
from apiward.scan.sessions import Session

CODE = "OBJ01"
MAX_TARGETS = 3


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation reads one object by an identifier."""
    return operation.method == "GET" and any(p.place.value in ("path", "query") for p in operation.parameters)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Read the owner's object as the owner, as a stranger, anonymously, and one that does not exist."""
    say = Saying(CODE, operation.key)
    if scene.owner is None or scene.peer is None:
        return say.not_run("needs two normal accounts")
    targets = scene.targets(operation, scene.owner)
    if not targets:
        return say.not_run("no object of our own that this operation can point at")
    pair = (scene.owner, scene.peer)
    return best([await _judge(scene, operation, say, pair, target, ways) for target, ways in targets[:MAX_TARGETS]])


async def _judge(
    scene: Scene,
    operation: Operation,
    say: Saying,
    pair: tuple[Session, Session],
    target: OwnedObject,
    ways: list[Arguments],
) -> Verdict:
    owner, peer = pair
    private = scene.private_marks(target, peer)
    if not private:
        return say.holds("what the object holds is shown to every account anyway")
    for arguments in ways:
        own = await scene.call(operation, arguments, owner)
        shown = private & objects.marks_in(own.text) if own.is_success else frozenset[str]()
        if not shown:
            continue
        foreign = await scene.call(operation, arguments, peer)
        if foreign.is_doubtful:
            return say.unsure("the stranger's request got no clear answer")
        if not shown & objects.marks_in(foreign.text):
            return say.holds("a stranger asked for the owner's object and was not shown it")
        anonymous = await scene.call(operation, arguments)
        if shown & objects.marks_in(anonymous.text):
            return say.holds("the object is open to everybody, with or without log-in")
        control = await scene.call(operation, elsewhere(scene, arguments), peer)
        if shown & objects.marks_in(control.text):
            return say.unsure("the operation shows the same whatever the identifier")
        saw = "A normal account read an object that another account had made."
        return say.broken(saw, foreign, control, more=(own,))
    return say.not_run("the owner could not read the object here either")


CHECK = Check(CODE, applies, run)
