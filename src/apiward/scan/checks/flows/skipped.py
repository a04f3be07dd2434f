"""FLO04: a step that should come after another can be taken first (CWE-841, OWASP API6:2023).

Proves: one record of the scan's own account was taken through both steps in order, and its states were read after
each; another reached the same last state without the step between, while the description says that it is needed.
Cannot: know the order of your steps: where no words of the description tell it, the finding is only likely.
"""

import re
from typing import Final

from apiward.core.account import Origin
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Outcome, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs import money
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming, spoken

CODE = "FLO04"
_LATER: Final = re.compile(
    r"(^|-)(ship|send|dispatch|deliver|collect|complete|fulfil|fulfill|download|release|activate|issue|finish|pick-up|"
    r"hand-over)$"
)
_BEFORE: Final = re.compile(r"(^|-)(pay|payment|payments|checkout|purchase|capture|verify|approve|sign)(-|$)")
_STATES: Final = frozenset("state status stage".split())
_DONE: Final = r"(paid|verified|approved|signed(?![ -](in|up|on|out)\b))"
_NEEDS: Final = re.compile(
    rf"\b(is|are|be|was|once|after|when|already|only) (it is |been )?(fully )?{_DONE}\b|"
    rf"\b{_DONE} \w+\b|"
    r"\bafter (the )?(payment|approval|verification|signature)\b|\bneeds (a )?(payment|approval|verification)\b"
)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation is a last step on one record of the caller's, for which there is a step before."""
    is_last = operation.method in ("POST", "PUT", "PATCH") and bool(_LATER.search(spoken.spoken_path(operation)))
    return is_last and "{" in operation.path and not scene.is_for_staff(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Take one record through both steps, another through the last one alone, and leave a third as it is."""
    say = Saying(CODE, operation.key)
    owner = scene.owner
    if owner is None or owner.account.origin is not Origin.SIGNED_UP:
        return say.not_run("needs an account of our own: with a real one, a step might cost somebody something")
    target = next((t for t in scene.reachable(operation, owner) if t.maker is not None), None)
    if target is None or target.maker is None:
        return say.not_run("no object of our own that this operation can point at")
    before = _steps_before(scene, operation, target)
    if before is None:
        return say.not_run("no operation on such a record is a step before this one")
    made = [await scene.create(target.maker, owner) for _ in range(3)]
    walked, skipping, idle = made
    if walked is None or skipping is None or idle is None:
        return say.not_run("no throw-away record could be made to try this on")
    verdict = await _judge(scene, say, owner, (before, operation), (walked, skipping))
    if (
        verdict.outcome is Outcome.BROKEN
        and (await _state(scene, owner, idle))[0] == (await _state(scene, owner, skipping))[0]
    ):
        return say.unsure("such records come to their last state by themselves")
    return verdict


async def _judge(
    scene: Scene,
    say: Saying,
    owner: Session,
    steps: tuple[Operation, Operation],
    pair: tuple[OwnedObject, OwnedObject],
) -> Verdict:
    before, last = steps
    walked, skipping = pair
    fresh, _ = await _state(scene, owner, walked)
    await _take(scene, before, owner, walked)
    between, _ = await _state(scene, owner, walked)
    control = await _take(scene, last, owner, walked)
    end, seen_end = await _state(scene, owner, walked)
    if "" in (fresh, between, end) or between in (fresh, end) or not judging.is_accepted(control):
        return say.not_run("the two steps in their order do not show as two changes of state")
    start, _ = await _state(scene, owner, skipping)
    attack = await _take(scene, last, owner, skipping)
    reached, seen = await _state(scene, owner, skipping)
    if attack.is_doubtful or start != fresh or not reached:
        return say.unsure("the step alone got no clear answer, or nothing shows what came of it")
    if reached != end:
        return say.holds("without the step before, the record did not get so far")
    saw = f"A record went from {fresh!r} to {end!r} without {before.key}; in order it is {between!r} between them."
    told = _NEEDS.search(spoken.prose(last)) is not None
    confidence = Confidence.PROVED if told else Confidence.LIKELY
    return say.broken(saw, attack, control, more=(*seen_end, *seen), confidence=confidence)


def _steps_before(scene: Scene, operation: Operation, target: OwnedObject) -> Operation | None:
    """Return the operation on the same record that has to come first."""
    for other in scene.pointing_at(target):
        is_step = other.method in ("POST", "PUT", "PATCH") and other.key != operation.key
        if is_step and _BEFORE.search(spoken.spoken_path(other)) and not scene.is_for_staff(other):
            return other
    return None


async def _take(scene: Scene, operation: Operation, session: Session, target: OwnedObject) -> Exchange:
    way = objects.pointings(operation, target)[0]
    return await scene.call(operation, scene.pointed(operation, session, way), session)


async def _state(scene: Scene, session: Session, target: OwnedObject) -> tuple[str, tuple[Exchange, ...]]:
    """Return the state that the record shows ("" for none), with the answer that shows it."""
    for exchange in await scene.look(target, session):
        for name, value in money.record_of(exchange, target).items():
            if isinstance(value, str) and _STATES & set(naming.words(name)):
                return value, (exchange,)
    return "", ()


CHECK = Check(CODE, applies, run, level=Level.FULL, phase=Phase.CHANGES)
