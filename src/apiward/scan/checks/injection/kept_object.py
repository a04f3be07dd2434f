"""INJ10: a text is made into objects of the program, and calls what it names (CWE-502, OWASP API8:2019).

Proves: kept objects that multiply two random numbers have the product in the answer, twice, and the same numbers
without a call do not; or, at level full, answers come later by as many seconds as kept objects wait. Cannot: see
readers of Java, .NET, PHP and Ruby, whose objects do nothing harmless that would show.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.proofs import each_opening, object_probes
from apiward.scan.proofs.computed import shows
from apiward.scan.proofs.object_probes import Kept
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.survey import Survey
from apiward.scan.scene import Scene

CODE = "INJ10"


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send kept objects where such may belong."""
    return await each_opening.judged(scene, operation, Saying(CODE, operation.key), _judged)


async def _judged(survey: Survey, say: Saying) -> Verdict:
    likely = [one for one in survey.openings if _takes_objects(one)]
    if not likely:
        return say.not_run("nothing speaks for kept objects in any value here")
    found = await each_opening.first(survey, say, likely, _tried)
    return found or say.holds(f"{len(likely)} places tried; kept objects called nothing")


async def _tried(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    for form in object_probes.FORMS:
        kept = form(survey.scene.rng)
        verdict = await _proved(survey, say, opening, kept, form(survey.scene.rng))
        if verdict is None and kept.waiting is not None and survey.scene.level >= Level.FULL:
            saw = f"the program waited just as long as kept objects ({kept.label}) in {opening.slot.label} told it to"
            verdict = await each_opening.waited(survey, say, opening, kept.waiting, saw)
        if verdict is not None:
            return verdict
    return None


async def _proved(survey: Survey, say: Saying, opening: Opening, kept: Kept, fresh: Kept) -> Verdict | None:
    attack = await survey.send(opening, kept.text)
    if not shows(attack, kept.sum.result):
        return None
    control = await survey.send(opening, kept.plain)
    again = await survey.send(opening, fresh.text)
    if shows(control, kept.sum.result) or not control.status or not shows(again, fresh.sum.result):
        return each_opening.doubt(say, opening)
    saw = f"kept objects ({kept.label}) that were sent in {opening.slot.label} multiplied two numbers in the program"
    return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)


def _takes_objects(opening: Opening) -> bool:
    if opening.slot.place == "cookie":
        return True  # programs keep their state there, under any name
    return opening.takes_text and object_probes.is_likely(opening.slot.name, opening.schema, opening.value)


CHECK = Check(CODE, each_opening.takes_values, run, phase=Phase.TIMING)
