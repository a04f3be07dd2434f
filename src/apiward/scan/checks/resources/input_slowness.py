"""RES01: a short text keeps the API busy (CWE-1333, OWASP API4:2023).

Proves: the time to answer grows much faster than the text, measured twice, while harmless texts of the same
length are answered quickly in between. Cannot: see growth that starts beyond a few seconds of the target's
time, or patterns that our few families of text do not upset.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs import openings, slow_texts
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.slowness import TIMEOUT_S, Budget, Growth, Meter
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming

CODE = "RES01"
MAX_SLOTS: Final = 3
_TOO_SLOW_S: Final = 1.0
_FAMILIES: Final = (5, 2, 2, 1)  # by how likely a pattern looks at the slot


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes a text."""
    return bool(operation.parameters or operation.bodies) and operation.method in ("GET", "POST", "PUT", "PATCH")


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send growing texts into the likeliest slots; stop at the first that proves itself."""
    say = Saying(CODE, operation.key)
    why_not = openings.own_write(scene, operation)
    if why_not is not None:
        return say.not_run(why_not)
    session = scene.owner
    base, answer = await openings.working(scene, operation, session)
    chosen = _chosen(operation, openings.openings(scene, operation, session, base), session)
    if not chosen:
        return say.not_run("takes no text that a pattern is likely to look at")
    if answer.status in (0, 429, 503) or answer.elapsed_s > _TOO_SLOW_S:
        return say.unsure("too slow or too silent for measuring, whatever is sent")
    try:
        return await _measured(scene, operation, say, session, chosen, answer)
    finally:
        await openings.restore(scene, operation, session, base)


def _chosen(operation: Operation, found: list[Opening], session: Session | None) -> list[Opening]:
    if accounts.is_password_change(operation):
        return []
    most = 2 if operation.is_safe else 3
    fitting = [one for one in found if slow_texts.families(one.slot.name, one.schema) and _rank(one) <= most]
    kept = [one for one in fitting if operation.is_safe or not _may_lock_out(operation, one, session)]
    return sorted(kept, key=_rank)[:MAX_SLOTS]


def _may_lock_out(operation: Operation, opening: Opening, session: Session | None) -> bool:
    return naming.is_password_name(opening.slot.name) or openings.holds_own_key(operation, opening, session)


def _rank(opening: Opening) -> int:
    return slow_texts.rank(opening.slot.name, opening.schema)


async def _measured(
    scene: Scene,
    operation: Operation,
    say: Saying,
    session: Session | None,
    chosen: list[Opening],
    answer: Exchange,
) -> Verdict:
    budget = Budget()
    for opening in chosen:
        growth = await _grown(scene, operation, session, opening, budget, answer)
        if growth is not None:
            saw = (
                f"{growth.length} characters in {opening.slot.label} took {growth.slow.elapsed_s:.2f} s, "
                f"{growth.shorter_length} took {growth.shorter.elapsed_s:.2f} s, harmless ones {growth.usual_s:.2f} s"
            )
            return say.broken(saw, growth.slow, growth.control, more=(growth.shorter,), place=opening.slot.label)
    if budget.has_timed_out:
        return say.unsure("one text got no answer in time, so we stopped; growth could not be measured")
    if budget.was_uneven:
        return say.unsure("some answers came late, but too unevenly to say whether the text was the reason")
    return say.holds("the time to answer did not grow with the text")


async def _grown(
    scene: Scene,
    operation: Operation,
    session: Session | None,
    opening: Opening,
    budget: Budget,
    answer: Exchange,
) -> Growth | None:
    async def send(text: str, timeout_s: float) -> Exchange:
        return await scene.call(operation, _put(opening, text), session, timeout_s=timeout_s)

    first = await send("!" * 13, TIMEOUT_S)
    budget.requests -= 1
    if not operation.is_safe and _is_unchecked(operation, first, answer):
        openings.note_made(scene, operation, session, _put(opening, "!" * 13), first)
        return None
    for family in slow_texts.families(opening.slot.name, opening.schema)[: _FAMILIES[_rank(opening)]]:
        if budget.is_spent:
            return None
        growth = await Meter(send, family, budget, min(first.elapsed_s, answer.elapsed_s)).measure()
        if growth is not None:
            return growth
    return None


def _put(opening: Opening, text: str) -> Arguments:
    return opening.with_text(text)


def _is_unchecked(operation: Operation, nonsense: Exchange, answer: Exchange) -> bool:
    """Whether no pattern seems to look at the slot, so that each try would be kept or count as a wrong log-in."""
    if judging.is_accepted(nonsense):
        return True
    return accounts.is_log_in(operation) and (nonsense.status, nonsense.text) == (answer.status, answer.text)


CHECK = Check(CODE, applies, run, level=Level.FULL, phase=Phase.TIMING)
