"""FLO02: an action that counts once counts more often when it is asked for several times at once (CWE-362, CWE-367).

Proves: one after another, the second request of an account has no effect; sent at the same moment by another
throw-away account, or about another throw-away record, several counted, as the account is shown afterwards.
Cannot: see a race that our requests did not meet by chance, or try with accounts of real people.
"""

import asyncio
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs import once
from apiward.scan.proofs.once import Reading, Trial
from apiward.scan.scene import Scene

CODE = "FLO02"
AT_ONCE: Final = 6
TRIES: Final = 2


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the name of the operation says that it gives something once."""
    return once.is_one_time(operation) and not scene.is_for_staff(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Do it twice in a row with one account, then six times at once with another, twice over."""
    say = Saying(CODE, operation.key)
    for at, trial in enumerate(await once.trials(scene, operation)):
        before = await once.read(scene, trial)
        first = await once.act(scene, operation, trial)
        after = await once.read(scene, trial)
        gains = after.gains_since(before)
        if not judging.is_accepted(first) or not any(moved > 0 for moved in gains.values()):
            continue
        second = await once.act(scene, operation, trial)
        if second.is_doubtful:
            return say.unsure("the second request in a row got no clear answer")
        if (await once.read(scene, trial)).gains_since(after):
            return say.not_run("it counts again even one after another; see FLO01")
        return await _raced(scene, operation, say, at, (gains, second))
    return say.not_run("nothing of that kind that has an effect even once is known, or no account to try it with")


async def _raced(
    scene: Scene, operation: Operation, say: Saying, at: int, control: tuple[dict[str, float], Exchange]
) -> Verdict:
    has_counted = False
    for _ in range(TRIES):
        trials = await once.trials(scene, operation)
        if len(trials) <= at:
            break
        before, answers, after = await _at_once(scene, operation, trials[at])
        verdict = _judged(say, trials[at], (before, after), answers, control)
        if verdict is not None:
            return verdict
        has_counted |= bool(after.gains_since(before))
    if not has_counted:
        return say.not_run("tried anew, it did not count even once, so that nothing can be said about several at once")
    return say.holds(f"of {AT_ONCE} requests at once only one counted")


async def _at_once(scene: Scene, operation: Operation, trial: Trial) -> tuple[Reading, list[Exchange], Reading]:
    """Send the same request several times at the same moment, over connections that are open already."""
    view, arguments = trial.views[0]
    await asyncio.gather(*(scene.call(view, arguments, trial.session) for _ in range(AT_ONCE)))
    before = await once.read(scene, trial)
    calls = (scene.call(operation, trial.arguments, trial.session, backs_off=False) for _ in range(AT_ONCE))
    answers = list(await asyncio.gather(*calls))
    return before, answers, await once.read(scene, trial)


def _judged(
    say: Saying,
    trial: Trial,
    readings: tuple[Reading, Reading],
    answers: list[Exchange],
    control: tuple[dict[str, float], Exchange],
) -> Verdict | None:
    before, after = readings
    gains, refused = control
    for place, moved in after.gains_since(before).items():
        usual = gains.get(place, 0.0)
        times = round(moved / usual) if usual > 0 else 0
        good = [one for one in answers if judging.is_accepted(one)]
        if times > 1 and abs(moved - times * usual) < 1e-6 and len(good) > 1:
            shown = next(i for i, (op, _) in enumerate(trial.views) if place.startswith(f"{op.key} "))
            saw = f"Of {AT_ONCE} requests at once, {times} counted: {place} moved by {moved:g} instead of {usual:g}."
            return say.broken(saw, good[-1], refused, more=(before.exchanges[shown], after.exchanges[shown]))
    return None


CHECK = Check(CODE, applies, run, level=Level.FULL, phase=Phase.CHANGES)
