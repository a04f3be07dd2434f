"""UPS01: a receiver of events believes whoever sends them (CWE-345, CWE-347, OWASP API10:2023).

Proves: after a forged event without a valid signature, the owner sees its own throw-away record changed, with two
records, and after the same event about a record that is not there it does not. Where nothing shows the effect, the
finding is only likely: the event was taken, and nonsense was refused.
Cannot: replay a genuine event, as it has none and no secret to sign one; so old events are not tried.
"""

from dataclasses import dataclass
from itertools import islice
from typing import Final

from apiward.core.account import Origin
from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Headers
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import values
from apiward.scan.calling.arguments import Arguments, Slot
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs import events
from apiward.scan.proofs.changing import best, seen_steadily, steady_texts
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

CODE = "UPS01"
MAX_TARGETS: Final = 2
SAW = "An event that nobody has signed changed a record, as its owner then saw."
SAW_TAKEN = "An event that nobody has signed was taken with {status}, where nonsense was refused with {other}."


@dataclass(frozen=True, slots=True)
class _Tried:
    """What one event brought: its answer, that of the control, what the owner then saw, and whether that is new."""

    attack: Exchange
    control: Exchange
    after: tuple[Exchange, ...]
    is_seen: bool


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes events from the systems of others."""
    return events.is_receiver(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send events about throw-away records of our own, unsigned and wrongly signed."""
    say = Saying(CODE, operation.key)
    owner = scene.owner
    if owner is None or owner.account.origin is not Origin.SIGNED_UP:
        return say.not_run("needs an account of our own: an event might cost a real one something")
    originals = [t for t in scene.owned_by(owner) if _fits(scene, operation, t)]
    verdicts = [await _judge(scene, operation, say, owner, t) for t in originals[:MAX_TARGETS]]
    return best(verdicts or [say.not_run("no record of our own that an event could be about")])


def _fits(scene: Scene, operation: Operation, target: OwnedObject) -> bool:
    if target.maker is None or target.maker.key == operation.key or events.is_receiver(target.maker):
        return False
    return next(events.forged(scene, operation, target), None) is not None


async def _judge(scene: Scene, operation: Operation, say: Saying, owner: Session, original: OwnedObject) -> Verdict:
    target = await scene.create(original.maker, owner) if original.maker is not None else None
    if target is None:
        return say.not_run("no throw-away record could be made to try this on")
    before = await seen_steadily(scene, target, owner)
    answers: list[tuple[Exchange, Exchange]] = []
    for at in range(events.MAX_EVENTS):
        for headers in ((), events.wrong_signature(operation, scene.clock())):
            tried = await _try(scene, operation, owner, target, (at, headers), before)
            if tried is None:
                break
            answers.append((tried.attack, tried.control))
            if tried.is_seen and await _is_so_again(scene, operation, owner, original, (at, headers)):
                more = (before[0], *tried.after[:1])
                return say.broken(SAW, tried.attack, tried.control, more=more, place="signature")
    return await _by_answer(scene, operation, say, answers, is_shown=bool(before))


async def _try(
    scene: Scene,
    operation: Operation,
    owner: Session,
    target: OwnedObject,
    event: tuple[int, Headers],
    before: list[Exchange],
) -> _Tried | None:
    """Send one event about a record that is not there, then about this one; None where there is no such event."""
    at, headers = event
    forged = next(islice(events.forged(scene, operation, target), at, None), None)
    if forged is None:
        return None
    control = await _sent(scene, operation, _about_nothing(scene, *forged), headers)
    between = await scene.look(target, owner) if before else []
    attack = await _sent(scene, operation, forged[0], headers)
    after = await scene.look(target, owner) if before else []
    is_new = steady_texts(between) == steady_texts(before) != steady_texts(after)
    is_clear = bool(before) and all(exchange.is_success for exchange in after)
    return _Tried(attack, control, tuple(after), is_seen=is_clear and is_new)


async def _is_so_again(
    scene: Scene, operation: Operation, owner: Session, original: OwnedObject, event: tuple[int, Headers]
) -> bool:
    """Whether the same happens to a second record: some records change by themselves soon after they are made."""
    target = await scene.create(original.maker, owner) if original.maker is not None else None
    before = await seen_steadily(scene, target, owner) if target is not None else []
    tried = await _try(scene, operation, owner, target, event, before) if target is not None else None
    return tried is not None and tried.is_seen


async def _by_answer(
    scene: Scene, operation: Operation, say: Saying, answers: list[tuple[Exchange, Exchange]], *, is_shown: bool
) -> Verdict:
    taken = [attack for attack, _ in answers if judging.is_accepted(attack)]
    if answers and all(judging.is_refused(attack) for attack, _ in answers):
        return say.holds("events that nobody has signed are refused")
    if not taken:
        return say.unsure("unsigned events got no clear answer")
    nonsense = await _sent(scene, operation, Arguments(body={}, media_type="application/json"), ())
    if events.signature_header(operation) is None or not judging.is_refused(nonsense) or nonsense.status >= 500:
        seen = "and nothing of it was seen" if is_shown else "and nothing shows whether they had an effect"
        return say.unsure(f"unsigned events are answered like others, {seen}")
    saw = SAW_TAKEN.format(status=taken[-1].status, other=nonsense.status)
    return say.broken(saw, taken[-1], nonsense, place="signature", confidence=Confidence.LIKELY)


def _about_nothing(scene: Scene, event: Arguments, named: Slot) -> Arguments:
    """Return the event with identifiers of records that nobody has."""
    wanted = event.get(named)
    for slot, value in list(event.slots()):
        if value == wanted and (slot == named or naming.is_id_name(slot.name) or slot.name in ("value", "receipt")):
            event = event.put(slot, values.unlike(value, scene.rng))
    return event


async def _sent(scene: Scene, operation: Operation, event: Arguments, headers: Headers) -> Exchange:
    return await scene.call(operation, event, headers=headers)


CHECK = Check(CODE, applies, run, level=Level.FULL, phase=Phase.CHANGES)
