"""OBJ06: an object below somebody else's parent is read through a parent of one's own (CWE-639, OWASP API1:2023).

Proves: through the owner's parent the stranger is shown nothing of the object; through a parent of its own it is shown
a text that the owner put into it, and a made-up identifier below the same parent shows no such thing.
Cannot: judge objects that the scan could not make, changes of them, or parents that the stranger has none of.
"""

from typing import Final

from apiward.core.api import Operation, Place
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import values
from apiward.scan.calling.arguments import Arguments, Slot
from apiward.scan.identities.sessions import Session
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs.changing import best, telling_marks, told_in
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

CODE = "OBJ06"
MAX_TARGETS: Final = 2
MAX_WAYS: Final = 2
SAW = "A normal account read what another account had made, by asking for it below something of its own."


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation reads one object below another."""
    return objects.reads(operation) and len(operation.parameters_in(Place.PATH)) > 1


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for the owner's object below the owner's parent and below one of the stranger's."""
    say = Saying(CODE, operation.key)
    if scene.owner is None or scene.peer is None:
        return say.not_run("needs two normal accounts")
    targets = [(t, ways) for t, ways in scene.targets(operation, scene.owner) if not t.is_account and t.parents]
    if not targets:
        return say.not_run("no object of our own that this operation can point at")
    pair = (scene.owner, scene.peer)
    return best([await _judge(scene, operation, say, pair, t, ways[:MAX_WAYS]) for t, ways in targets[:MAX_TARGETS]])


async def _judge(
    scene: Scene,
    operation: Operation,
    say: Saying,
    pair: tuple[Session, Session],
    target: OwnedObject,
    ways: list[Arguments],
) -> Verdict:
    owner, peer = pair
    private = telling_marks(scene, target, owner, peer)
    if not private:
        return say.holds("what the object holds is shown to every account anyway")
    for arguments in ways:
        own = await scene.call(operation, arguments, owner)
        shown = private & objects.marks_in(own.text) if own.is_success else frozenset[str]()
        mixed = _below_own(scene, operation, arguments, peer)
        if not shown or mixed is None:
            continue
        if shown & told_in(await scene.call(operation, arguments, peer)):
            return say.holds("a stranger needs no parent of its own for it; see OBJ01")
        attack = await scene.call(operation, mixed, peer)
        if attack.is_doubtful:
            return say.unsure("the stranger's request got no clear answer")
        if not shown & told_in(attack):
            return say.holds("below a parent of its own, a stranger was not shown the owner's object")
        last = Slot("path", (operation.parameters_in(Place.PATH)[-1].name,))
        control = await scene.call(operation, mixed.put(last, _other(scene, mixed, last)), peer)
        if shown & told_in(control):
            return say.unsure("the operation shows the same whatever the identifier")
        return say.broken(scene.told_of_strangers(SAW), attack, control, more=(own,), place=last.label)
    return say.not_run("the owner could not read the object here, or the stranger has no such parent")


def _below_own(scene: Scene, operation: Operation, arguments: Arguments, peer: Session) -> Arguments | None:
    """Return the arguments with parents of the stranger's own; None where it has none, or the same."""
    mixed = arguments
    for parameter in operation.parameters_in(Place.PATH)[:-1]:
        names = naming.id_names(parameter.name, naming.noun_before(operation.path, parameter.name))
        own = scene.objects.latest(peer.name, names)
        if not own or not values.fits(own[0], parameter.schema):
            return None
        mixed = mixed.put(Slot("path", (parameter.name,)), own[0])
    return mixed if mixed != arguments else None


def _other(scene: Scene, arguments: Arguments, slot: Slot) -> Json:
    value = arguments.path[slot.name]
    return values.unlike(value, scene.rng)


CHECK = Check(CODE, applies, run)
