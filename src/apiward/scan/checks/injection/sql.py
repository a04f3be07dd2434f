"""INJ01: a value from the request becomes part of a database command (CWE-89, OWASP API8:2019).

Proves: pairs of texts that differ only in what a database makes of them are answered differently, again
and again. Cannot: find values that are stored now and used in a command later. Writing operations get
only texts that join or narrow, so that no other row can change.
"""

import asyncio
from typing import Final

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import values
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.proofs import each_opening, openings, sql_log_in
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.sql_trial import Proof, Trial
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

CODE = "INJ01"
MAX_WRITE_OPENINGS: Final = 8
MAX_WAITING: Final = 3


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Try every opening; the first proof ends it. Waiting is tried last, and only where answers hide everything."""
    say = Saying(CODE, operation.key)
    if operation.method == "DELETE" and scene.level >= Level.FULL:
        return await _at_nothing(scene, operation, say)
    why_not = openings.own_write(scene, operation)
    if why_not is not None:
        return say.not_run(why_not)
    if accounts.is_log_in(operation):
        proof = await sql_log_in.judge(scene, operation)
        return _said(say, "log-in name", proof) if proof else say.holds("no quote and no condition opened the log-in")
    session = scene.owner
    base, answer = await openings.working(scene, operation, session)
    trials = _trials(scene, operation, session, base)
    if not trials:
        return say.not_run(each_opening.NOTHING_SAFE)
    try:
        return await _verdict(scene, operation, say, trials)
    finally:
        if not operation.is_safe and not answer.is_doubtful:
            await openings.restore(scene, operation, session, base)


async def _at_nothing(scene: Scene, operation: Operation, say: Saying) -> Verdict:
    """Ask to delete what does not exist, with quotes behind its name: nothing can go."""
    base = scene.arguments(operation, scene.owner)
    for slot, value in list(base.slots()):
        base = base.put(slot, values.unlike(value, scene.rng))
    trials = [
        (one, Trial(scene, operation, scene.owner, one, reads=False))
        for one in openings.openings(scene, operation, scene.owner, base)
        if one.slot.place == "path"
    ]
    for opening, trial in trials:
        proof = await trial.judge_quotes()
        if proof is not None:
            return _said(say, opening.slot.label, proof)
    if not any(trial.was_answered for _, trial in trials):
        return say.not_run("nothing here that could be tried without deleting")
    return say.holds("quotes behind the name of what does not exist changed nothing")


def _trials(
    scene: Scene, operation: Operation, session: Session | None, base: Arguments
) -> list[tuple[Opening, Trial]]:
    found = openings.openings(scene, operation, session, base)
    if not operation.is_safe:
        found = [one for one in found if not openings.holds_own_key(operation, one, session)][:MAX_WRITE_OPENINGS]
    return [(one, Trial(scene, operation, session, one, reads=openings.only_reads(operation))) for one in found]


async def _verdict(scene: Scene, operation: Operation, say: Saying, trials: list[tuple[Opening, Trial]]) -> Verdict:
    if operation.is_safe:
        proofs = await asyncio.gather(*(trial.judge() for _, trial in trials))
    else:
        proofs = [await trial.judge() for _, trial in trials]
    for (opening, _), proof in zip(trials, proofs, strict=True):
        if proof is not None:
            return _said(say, opening.slot.label, proof)
    if not any(trial.was_answered for _, trial in trials):
        return say.unsure(each_opening.NOT_CLEAR)
    if scene.level >= Level.FULL:
        for opening, trial in _hidden(trials):
            proof = await trial.judge_waiting()
            if proof is not None:
                return _said(say, opening.slot.label, proof)
    if any(trial.was_uneven for _, trial in trials):
        return say.unsure("answers came late when the database was told to wait, but too unevenly to be sure")
    return say.holds(f"{len(trials)} places tried; the database took every text as a mere value")


def _hidden(trials: list[tuple[Opening, Trial]]) -> list[tuple[Opening, Trial]]:
    texts = [(one, trial) for one, trial in trials if trial.is_blind and trial.was_answered and one.takes_text]
    return texts[:MAX_WAITING]


def _said(say: Saying, place: str, proof: Proof) -> Verdict:
    return say.broken(proof.saw, proof.attack, proof.control, more=proof.more, place=place)


CHECK = Check(CODE, each_opening.takes_values, run, phase=Phase.TIMING)
