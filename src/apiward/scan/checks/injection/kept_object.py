"""INJ10: a text is made into objects of the program, and calls what it names (CWE-502, OWASP API8:2019).

Proves: kept objects that multiply two random numbers have the product in the answer, twice, and the same numbers
without a call do not; or, at level full, answers come later by as many seconds as kept objects wait. Cannot: see
readers of Java, .NET, PHP and Ruby, whose objects do nothing harmless that would show.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.proofs import object_probes, waits
from apiward.scan.proofs import survey as surveys
from apiward.scan.proofs.computed import shows
from apiward.scan.proofs.object_probes import Kept
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.survey import Survey
from apiward.scan.scene import Scene

CODE = "INJ10"
_WAITING = ("pickle", "yaml")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes any value."""
    return bool(operation.parameters or operation.bodies) and operation.method not in ("OPTIONS", "TRACE")


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send kept objects where such may belong."""
    say = Saying(CODE, operation.key)
    why_not = surveys.why_not(scene, operation)
    if why_not is not None:
        return say.not_run(why_not)
    survey = await surveys.survey(scene, operation)
    likely = [one for one in survey.openings if _takes_objects(one)]
    if not likely:
        return say.not_run("nothing speaks for kept objects in any value here")
    try:
        return await _judged(survey, say, likely)
    finally:
        await survey.restore()


async def _judged(survey: Survey, say: Saying, likely: list[Opening]) -> Verdict:
    answered = False
    for opening in likely:
        for place in range(len(list(object_probes.forms(survey.scene.rng)))):
            kept = _form(survey, place)
            attack = await survey.send(opening, kept.text)
            answered = answered or bool(attack.status)
            verdict = await _proved(survey, say, opening, place, kept, attack)
            if verdict is None and survey.scene.level >= Level.FULL:
                verdict = await _by_waiting(survey, say, opening, kept)
            if verdict is not None:
                return verdict
    if not answered:
        return say.unsure("no answer to kept objects")
    return say.holds(f"{len(likely)} places tried; kept objects called nothing")


async def _proved(
    survey: Survey, say: Saying, opening: Opening, place: int, kept: Kept, attack: Exchange
) -> Verdict | None:
    if not shows(attack, kept.sum.result):
        return None
    control = await survey.send(opening, kept.plain)
    fresh = _form(survey, place)
    again = await survey.send(opening, fresh.text)
    if shows(control, kept.sum.result) or not control.status or not shows(again, fresh.sum.result):
        return None
    saw = f"kept objects ({kept.label}) that were sent in {opening.slot.label} multiplied two numbers in the program"
    return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)


async def _by_waiting(survey: Survey, say: Saying, opening: Opening, kept: Kept) -> Verdict | None:
    if kept.label not in _WAITING:
        return None

    async def ask(wait_s: int) -> Exchange:
        return await survey.send(opening, kept.waiting(wait_s), timeout_s=waits.TIMEOUT_S)

    found = await waits.keeps_time(ask, survey.answer.elapsed_s)
    if found is None:
        return None
    longest, none, more = found
    saw = f"the program waited just as long as kept objects ({kept.label}) in {opening.slot.label} told it to"
    return say.broken(saw, longest, none, more=more, place=opening.slot.label)


def _form(survey: Survey, place: int) -> Kept:
    return list(object_probes.forms(survey.scene.rng))[place]


def _takes_objects(opening: Opening) -> bool:
    if opening.slot.place == "cookie":
        return True  # programs keep their state there, under any name
    return surveys.is_text(opening) and object_probes.is_likely(opening.slot.name, opening.schema, opening.value)


CHECK = Check(CODE, applies, run, phase=Phase.TIMING)
