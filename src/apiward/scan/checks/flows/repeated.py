"""FLO01: an action that should count once counts each time it is repeated (CWE-841, OWASP API6:2023).

Proves: the same request by the same throw-away account, sent three times, moved what the account holds or owes
by the same amount each time, read back after each, while nothing of it moved by itself and nothing was paid for it.
Cannot: see an effect that no operation shows, find codes that neither the description nor an answer gives, or try
with accounts of real people.
"""

from itertools import pairwise

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs import once
from apiward.scan.proofs.once import Reading, Trial
from apiward.scan.scene import Scene

CODE = "FLO01"
TIMES = 3


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the name of the operation says that it gives something once."""
    return once.is_one_time(operation) and not scene.is_for_staff(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Do the same three times, and read what the account holds after each."""
    say = Saying(CODE, operation.key)
    trials = await once.trials(scene, operation)
    if not trials:
        return say.not_run("no throw-away account that is shown what it holds could be had to try this on")
    for trial in trials:
        verdict = await _judge(scene, operation, say, trial)
        if verdict is not None:
            return verdict
    return say.not_run("we know no code, or nothing of that kind, that has an effect even once")


async def _judge(scene: Scene, operation: Operation, say: Saying, trial: Trial) -> Verdict | None:
    earlier, before = await once.read(scene, trial), await once.read(scene, trial)
    if before.gains_since(earlier):
        return say.unsure("what the account holds changes by itself")
    acts: list[Exchange] = []
    readings = [before]
    for _ in range(TIMES):
        acts.append(await once.act(scene, operation, trial))
        readings.append(await once.read(scene, trial))
        if acts[-1].is_doubtful:
            return say.unsure("a request got no clear answer")
        if len(acts) == 1 and not (judging.is_accepted(acts[0]) and readings[1].gains_since(before)):
            return None
    steps = [after.gains_since(sooner) for sooner, after in pairwise(readings)]
    if any(moved < 0 for step in steps for moved in step.values()):
        return say.holds("what the account gets is paid for with something else that it holds")
    again = {place: moved for place, moved in steps[0].items() if all(s.get(place) == moved for s in steps)}
    if not again:
        return say.holds("done again by the same account, it had no such effect any more")
    return _broken(say, trial, again, acts, readings)


def _broken(
    say: Saying, trial: Trial, again: dict[str, float], acts: list[Exchange], readings: list[Reading]
) -> Verdict:
    place, moved = next(iter(again.items()))
    shown = next(i for i, (op, _) in enumerate(trial.views) if place.startswith(f"{op.key} "))
    saw = f"One account did the same {TIMES} times, and each time {place} moved by {moved:g} to its advantage."
    more = tuple(one.exchanges[shown] for one in readings[1:])
    confidence = Confidence.PROVED if trial.is_told else Confidence.LIKELY
    return say.broken(saw, acts[-1], readings[0].exchanges[shown], more=more, confidence=confidence)


CHECK = Check(CODE, applies, run, level=Level.FULL, phase=Phase.CHANGES)
