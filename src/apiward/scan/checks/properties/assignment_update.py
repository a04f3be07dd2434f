"""PRO02: a caller changes a property of its own object that it should not choose (CWE-915, OWASP API3:2023).

Proves: the value read back is the chosen one after the update, and was another before. What was
changed is set back. Cannot: see a property that no operation shows.
"""

from dataclasses import replace

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs import granting
from apiward.scan.proofs.changing import best, victim_of
from apiward.scan.proofs.foreign import changes_something
from apiward.scan.proofs.granting import Grant
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

CODE = "PRO02"
MAX_TARGETS = 2
MAX_SPOILED = 6
SAW = "An update of a caller's own object set {name} to {value}; before, it was {before}."


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation updates something with a body, and is no password change."""
    if accounts.is_password_change(operation) or operation.preferred_body() is None or not changes_something(operation):
        return False
    if scene.is_for_staff(operation):
        return False
    return operation.method in ("PUT", "PATCH") or not objects.makes(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Update own objects with extra properties."""
    say = Saying(CODE, operation.key)
    if scene.owner is None:
        return say.not_run("needs a normal account")
    targets = scene.reachable(operation, scene.owner)
    if not targets and "{" not in operation.path and objects.is_about_caller(operation):
        targets = [t for t in scene.owned_by(scene.owner) if t.is_account]
    if not targets:
        return say.not_run("no object of our own that this operation can point at")
    return best([await _judge(scene, operation, say, scene.owner, target) for target in targets[:MAX_TARGETS]])


async def _judge(scene: Scene, operation: Operation, say: Saying, owner: Session, original: OwnedObject) -> Verdict:
    twin = await victim_of(scene, original, owner)
    if twin is None:
        return say.not_run("no throw-away object could be made to try this on")
    before = [e for e in await scene.look(*twin) if e.is_success]
    if not before:
        return say.not_run("nothing shows what was changed")
    chosen = granting.chosen_by_callers(scene.operations, original.noun)
    grants = granting.candidates(operation, before, is_account=original.is_account, chosen=chosen)
    if not grants:
        return say.holds("nothing that is shown of such objects would give its bearer more")
    found = await _try(scene, operation, say, twin, before, grants)
    if isinstance(found, Verdict):
        return found
    if found:
        return say.holds("the extra properties were taken, and left without effect")
    return await _one_by_one(scene, operation, say, owner, original, grants)


async def _try(
    scene: Scene,
    operation: Operation,
    say: Saying,
    twin: tuple[OwnedObject, Session],
    before: list[Exchange],
    grants: list[Grant],
) -> Verdict | bool:
    """Update the twin with these properties. Return the finding, or whether the update was accepted at all."""
    target, session = twin
    ways = objects.pointings(operation, target) or [{}]
    plain = scene.pointed(operation, session, ways[0])
    exchange = await scene.call(operation, _with(plain, grants), session)
    if not judging.is_accepted(exchange):
        return False
    return await _effect(scene, operation, say, twin, before, exchange, plain, grants) or True


async def _one_by_one(
    scene: Scene, operation: Operation, say: Saying, owner: Session, original: OwnedObject, grants: list[Grant]
) -> Verdict:
    """Try each property, and each name that a role may have. What an attempt has spoiled is replaced."""
    twin, before = await _fresh(scene, owner, original)
    spoiled = 0
    for grant in granting.spelled(grants, before, twin[0].marks if twin else frozenset(), scene.staff_roles):
        if twin is None or spoiled > MAX_SPOILED:
            return say.unsure("some of the extra properties broke the throw-away objects that they were tried on")
        found = await _try(scene, operation, say, twin, before, [grant])
        if isinstance(found, Verdict):
            return found
        if not found and not any(e.is_success for e in await scene.look(*twin)):
            spoiled += 1
            twin, before = await _fresh(scene, owner, original)
    return say.holds("the extra properties were refused, or left without effect")


async def _fresh(
    scene: Scene, owner: Session, original: OwnedObject
) -> tuple[tuple[OwnedObject, Session] | None, list[Exchange]]:
    """Return another throw-away twin with what is shown of it; None where none can be had."""
    if original.is_account:
        scene.spend_victim()
    twin = await victim_of(scene, original, owner)
    return twin, [e for e in await scene.look(*twin) if e.is_success] if twin else []


async def _effect(
    scene: Scene,
    operation: Operation,
    say: Saying,
    twin: tuple[OwnedObject, Session],
    before: list[Exchange],
    attack: Exchange,
    plain: Arguments,
    grants: list[Grant],
) -> Verdict | None:
    """Return the finding if any of the properties took; set it back."""
    target, session = twin
    changed = replace(target, marks=target.marks | objects.marks_of(_body(plain)))
    after = await scene.look(target, session)
    for grant in grants:
        usual = granting.value_shown(before, grant.name, target.marks)
        shown = granting.value_shown(after, grant.name, changed.marks)
        if not isinstance(shown, NotJson) and shown == grant.value != usual:
            if not isinstance(usual, NotJson):
                await scene.call(operation, _with(plain, [Grant(grant.pointer, usual)]), session)
            was = "not there" if isinstance(usual, NotJson) else usual
            saw = SAW.format(name=grant.name, value=grant.value, before=was)
            return say.broken(saw, attack, before[0], more=tuple(after[:1]), place=f"body {grant.name}")
    return None


def _with(arguments: Arguments, grants: list[Grant]) -> Arguments:
    for grant in grants:
        arguments = arguments.put(Slot(BODY, grant.pointer), grant.value)
    return arguments


def _body(arguments: Arguments) -> Json:
    return None if isinstance(arguments.body, NotJson) else arguments.body


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.CHANGES)
