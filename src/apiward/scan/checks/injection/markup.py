"""INJ06: a value from the request becomes markup of a page (CWE-79, OWASP API8:2019).

Proves: an element with a name of our own, sent as a value, stands in a page as an element, twice, while the same name
without brackets is plain text there. What another operation has kept counts as well. Cannot: see pages that a program
in the browser makes of answers, or what is only dangerous inside of an attribute or a script.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Outcome, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs import each_opening
from apiward.scan.proofs import survey as surveys
from apiward.scan.proofs.echoes import Echo, echo, echoes
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.pages import has_element, is_page
from apiward.scan.proofs.survey import Survey, word
from apiward.scan.scene import Scene

CODE = "INJ06"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes any value, or may show what others keep."""
    return operation.method not in ("OPTIONS", "TRACE", "DELETE", "HEAD")


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Look at what the first odd text brought; go on only where the answer is a page."""
    say = Saying(CODE, operation.key)
    may_be_shown = operation.parameters or operation.bodies or _was_page(scene, operation)
    if not may_be_shown and surveys.why_not(scene, operation) is None:
        return say.holds("takes no value, and its answer is no page that might show what was kept")
    return await each_opening.judged(scene, operation, say, _judged)


def _was_page(scene: Scene, operation: Operation) -> bool:
    seen = (scene.seen(operation, scene.owner), scene.seen(operation, None))
    return any(exchange is not None and is_page(exchange) for exchange in seen)


async def _judged(survey: Survey, say: Saying) -> Verdict:
    found = await each_opening.first(survey, say, survey.openings, _sent)
    shows_kept = survey.operation.is_safe and is_page(survey.answer)
    if shows_kept and (found is None or found.outcome is not Outcome.BROKEN):
        found = await _kept(survey, say) or found
    if found is not None:
        return found
    is_shown = shows_kept or any(is_page(one.exchange) for one in echoes(survey))
    saw = "markup that was sent is shown as text" if is_shown else "no answer of it is shown as a page"
    return each_opening.nothing_shown(survey, say, saw)


async def _sent(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    first = await echo(survey, opening)
    return await _proved(survey, say, opening) if has_element(first.exchange, first.tag) else None


async def _proved(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    name, other, plain = word(survey.scene.rng), word(survey.scene.rng), word(survey.scene.rng)
    attack = await survey.send(opening, f"{opening.value}<{name}>")
    control = await survey.send(opening, f"{opening.value} {plain} ")
    again = await survey.send(opening, f"{opening.value}<{other}>")
    is_shown = has_element(attack, name) and has_element(again, other)
    if not is_shown or has_element(control, plain) or not is_page(control):
        return each_opening.doubt(say, opening)
    saw = f"an element that was sent in {opening.slot.label} became a part of the page"
    return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)


async def _kept(survey: Survey, say: Saying) -> Verdict | None:
    """Look for what writing operations have kept of the texts that they were sent."""
    sent = [(other, one) for other in survey.scene.surveys.values() for one in _kept_by(other)]
    if not sent:
        return None
    page = await survey.send_whole(survey.base)
    for other, one in sent:
        if has_element(page, one.tag):
            return await _proved_kept(survey, say, other, one)
    return None


def _kept_by(other: Survey) -> list[Echo]:
    return [] if other.operation.is_safe else [one for one in echoes(other) if judging.is_accepted(one.exchange)]


async def _proved_kept(survey: Survey, say: Saying, other: Survey, first: Echo) -> Verdict | None:
    plain, name = word(survey.scene.rng), word(survey.scene.rng)
    await other.send(first.opening, f"{first.opening.value} {plain} ")
    control = await survey.send_whole(survey.base)
    await other.send(first.opening, f"{first.opening.value}<{name}>")
    attack = await survey.send_whole(survey.base)
    await other.restore()
    if not has_element(attack, name) or has_element(control, plain) or not is_page(control):
        return each_opening.doubt(say, first.opening)
    saw = f"an element that was sent in {first.opening.slot.label} to {other.operation.key} became a part of this page"
    return say.broken(saw, attack, control, more=(first.exchange,))


CHECK = Check(CODE, applies, run, phase=Phase.TIMING)
