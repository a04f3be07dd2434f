"""OBJ05: an object that belongs to an account is shown without any log-in (CWE-306, OWASP API1:2023).

Proves: an anonymous answer holds a text that the owner put into the object, and the object is
private: the description asks for a log-in here, or it holds personal data, while no list shows it.
Where only the description says that it is private, it is likely, not proved. Cannot: tell a leak from
a link that is meant to be shared, where nothing says that it is private.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.sessions import Session
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs.changing import best, elsewhere, telling_marks, told_in
from apiward.scan.proofs.openness import is_kept_back, is_of_people, kinds_in
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

CODE = "OBJ05"
MAX_TARGETS = 3


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation reads one object by an identifier."""
    return objects.reads(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Read the owner's object as the owner and anonymously, and one that does not exist."""
    say = Saying(CODE, operation.key)
    if scene.owner is None:
        return say.not_run("needs a normal account")
    targets = scene.targets(operation, scene.owner)
    if not targets:
        return say.not_run("no object of our own that this operation can point at")
    return best([await _judge(scene, operation, say, scene.owner, t, ways) for t, ways in targets[:MAX_TARGETS]])


async def _judge(
    scene: Scene, operation: Operation, say: Saying, owner: Session, target: OwnedObject, ways: list[Arguments]
) -> Verdict:
    if scene.is_hidden_in_a_crowd(target):
        return say.unsure("the list of such objects is too long to tell whether everybody may see this one")
    private = telling_marks(scene, target, owner, None)
    if scene.peer is not None:
        private &= telling_marks(scene, target, owner, scene.peer)
    if target.marks and not private:
        return say.holds("what the object holds is shown to others anyway")
    for arguments in ways:
        own = await scene.call(operation, arguments, owner)
        shown = private & objects.marks_in(own.text) if own.is_success else frozenset[str]()
        shown = shown or scene.private_texts(operation, own, target)
        if not shown:
            continue
        attack = await scene.call(operation, arguments)
        if attack.is_doubtful:
            return say.unsure("the anonymous request got no clear answer")
        if not shown & told_in(attack):
            return say.holds("nobody is shown the object without logging in")
        if not (_is_guarded(scene, operation) or _is_personal(attack)):
            return say.holds("the description lets everybody read here, and the object holds nothing personal")
        control = await scene.call(operation, elsewhere(scene, arguments))
        if shown & told_in(control):
            return say.unsure("the operation shows the same whatever the identifier")
        saw = "An object that an account had made was shown without any log-in."
        is_private = is_of_people(attack) or await is_kept_back(scene, target, owner, scene.peer)
        confidence = Confidence.PROVED if is_private else Confidence.LIKELY
        return say.broken(saw, attack, control, more=(own,), confidence=confidence)
    return say.not_run("the owner could not read the object here either")


def _is_guarded(scene: Scene, operation: Operation) -> bool:
    """Whether the description asks for a log-in here, or for every other way to handle such objects."""
    if operation.is_secured:
        return True
    noun = naming.nouns(operation.path)[-1:]
    reads = [op for op in scene.operations if naming.nouns(op.path)[-1:] == noun and op.method == "GET"]
    others = [op for op in reads if op.key != operation.key]
    return bool(others) and all(op.is_secured for op in others) and operation.security is None


def _is_personal(exchange: Exchange) -> bool:
    return any(kind.is_personal or kind.is_payment for kind in kinds_in(exchange))


CHECK = Check(CODE, applies, run)
