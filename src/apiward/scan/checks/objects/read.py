"""OBJ01: one normal account reads an object of another by its identifier (CWE-639, OWASP API1:2023).

Proves: the stranger's answer holds a text that the owner put into the object, or for an account what it
says of its owner in person, which stands in no answer that the stranger gets of its own accord. Cannot:
judge objects that the scan could not make, or that everybody may list.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Outcome, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs.changing import best, elsewhere, telling_marks, told_in
from apiward.scan.scene import Scene

CODE = "OBJ01"
MAX_TARGETS = 3
SAW_ACCOUNT = "A normal account read what the API keeps of another account."


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation reads one object by an identifier."""
    return objects.reads(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Read the owner's object as the owner, as a stranger, anonymously, and one that does not exist."""
    say = Saying(CODE, operation.key)
    other = scene.peer or scene.mate
    if scene.owner is None or other is None:
        return say.not_run("needs two normal accounts")
    targets = scene.targets(operation, scene.owner)
    if not targets:
        return say.not_run("no object of our own that this operation can point at")
    pair = (scene.owner, other)
    found = best([await _judge(scene, operation, say, pair, target, ways) for target, ways in targets[:MAX_TARGETS]])
    if found.outcome is Outcome.BROKEN and scene.is_mate(other):
        return say.unsure("an account of the same tenant was shown it, which may be meant; one of another would tell")
    return found


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
    if target.is_account:  # what an account shows of its owner's other things counts as well
        private |= frozenset(m for other in scene.owned_by(owner) for m in scene.private_marks(other, peer))
    lists = [] if target.is_account else await _lists_of_stranger(scene, pair, target)
    if open_anyway := _open_anyway(scene, say, target, private, lists):
        return open_anyway
    for arguments in ways:
        own = await scene.call(operation, arguments, owner)
        shown = private & objects.marks_in(own.text) if own.is_success else frozenset[str]()
        shown = shown or scene.private_texts(operation, own, target)
        if not shown:
            verdict = await _judge_unmarked(scene, operation, say, pair, target, arguments, lists)
            if verdict is not None:
                return verdict
            continue
        foreign = await scene.call(operation, arguments, peer)
        if foreign.is_doubtful:
            return say.unsure("the stranger's request got no clear answer")
        if not shown & told_in(foreign):
            return say.holds("a stranger asked for the owner's object and was not shown it")
        anonymous = await scene.call(operation, arguments)
        if shown & told_in(anonymous):
            return say.holds("the object is open to everybody, with or without log-in")
        control = await scene.call(operation, elsewhere(scene, arguments), peer)
        if shown & told_in(control):
            return say.unsure("the operation shows the same whatever the identifier")
        saw = SAW_ACCOUNT if target.is_account else "A normal account read an object that another account had made."
        return say.broken(scene.told_of_strangers(saw), foreign, control, more=(own,))
    return say.not_run("the owner could not read the object here either")


def _open_anyway(
    scene: Scene, say: Saying, target: OwnedObject, private: frozenset[str], lists: list[Exchange]
) -> Verdict | None:
    """Return the verdict where nothing about the object is private, or nobody can tell whether it is."""
    if scene.is_hidden_in_a_crowd(target):
        return say.unsure("the list of such objects is too long to tell whether everybody may see this one")
    if (target.marks and not private) or any(objects.shows(target, answer) for answer in lists):
        return say.holds("what the object holds is shown to every account anyway")
    return None


async def _judge_unmarked(
    scene: Scene,
    operation: Operation,
    say: Saying,
    pair: tuple[Session, Session],
    target: OwnedObject,
    arguments: Arguments,
    lists: list[Exchange],
) -> Verdict | None:
    """Judge an object without any text of ours by its identifier, where a list shows it to its owner alone."""
    owner, peer = pair
    own = await scene.call(operation, arguments, owner)
    if not objects.shows(target, own) or not lists:
        return None
    foreign = await scene.call(operation, arguments, peer)
    if foreign.is_doubtful:
        return say.unsure("the stranger's request got no clear answer")
    if not _is_same(foreign, own):
        return say.holds("a stranger asked for the owner's object and was not shown it")
    if _is_same(await scene.call(operation, arguments), own):
        return say.holds("the object is open to everybody, with or without log-in")
    control = await scene.call(operation, elsewhere(scene, arguments), peer)
    if _is_same(control, own):
        return say.unsure("the operation shows the same whatever the identifier")
    saw = "A normal account read an object that another account had made, and that only its owner finds in the list."
    return say.broken(scene.told_of_strangers(saw), foreign, control, more=(own, lists[0]))


async def _lists_of_stranger(scene: Scene, pair: tuple[Session, Session], target: OwnedObject) -> list[Exchange]:
    """Return the stranger's view of the lists that show an object without any text of ours to its owner."""
    owner, peer = pair
    views = [] if target.marks else await scene.views(target, owner)
    lists = [view for view, arguments in views if "{" not in view.path and not arguments.query]
    answers = [await scene.call(view, scene.arguments(view, peer), peer) for view in lists]
    return [answer for answer in answers if judging.is_accepted(answer)]


def _is_same(one: Exchange, other: Exchange) -> bool:
    return judging.is_accepted(one) and judging.steady_text(one) == judging.steady_text(other)


CHECK = Check(CODE, applies, run)
