"""How checks of injection go through an operation, opening by opening. What each proves stands in its own file."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Outcome, Verdict
from apiward.scan.api import Saying, worst_of
from apiward.scan.proofs import survey as surveys
from apiward.scan.proofs import waits
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.survey import Survey
from apiward.scan.scene import Scene

NOTHING_SAFE: Final = "no value here that may be changed safely"
NOT_CLEAR: Final = "the operation gave no clear answer, not even to a harmless value"

Judge = Callable[[Survey, Saying], Awaitable[Verdict]]
Try = Callable[[Survey, Saying, Opening], Awaitable[Verdict | None]]


def takes_values(scene: Scene, operation: Operation) -> bool:  # noqa: ARG001  # the form of `Applies`
    """Whether the operation takes any value."""
    return bool(operation.parameters or operation.bodies) and operation.method not in ("OPTIONS", "TRACE")


async def judged(scene: Scene, operation: Operation, say: Saying, judge: Judge) -> Verdict:
    """Return what `judge` makes of the survey of an operation, and set back what its texts may have changed.

    That nothing showed speaks for nothing where not one of the texts was answered.
    """
    why_not = surveys.why_not(scene, operation)
    if why_not is not None:
        return say.not_run(why_not)
    survey = await surveys.survey(scene, operation)
    survey.begin()
    try:
        verdict = await judge(survey, say)
    finally:
        await survey.restore()
    if verdict.outcome is Outcome.HOLDS and survey.is_unanswered:
        return say.unsure("not one of the texts that were tried here was answered")
    return verdict


async def first(survey: Survey, say: Saying, openings: Iterable[Opening], try_one: Try) -> Verdict | None:
    """Try the openings until one brings a proof; return it, or else the gravest of what was said, or None."""
    found = []
    for opening in openings:
        verdict = await try_one(survey, say, opening)
        if verdict is not None:
            found.append(verdict)
            if verdict.outcome is Outcome.BROKEN:
                break
    return worst_of(found) if found else None


def nothing_shown(survey: Survey, say: Saying, saw: str) -> Verdict:
    """Say that it holds, as far as the usual answer is one that could have shown otherwise."""
    return say.holds(saw) if survey.is_clear else say.unsure(NOT_CLEAR)


def doubt(say: Saying, opening: Opening) -> Verdict:
    """Say that a text did something, which then could not be shown clearly."""
    return say.unsure(f"a text in {opening.slot.label} showed something once, and then not clearly again")


async def waited(
    survey: Survey, say: Saying, opening: Opening, waiting: Callable[[int], str], saw: str
) -> Verdict | None:
    """Say that it is broken where answers come later by as many seconds as the texts of `waiting` tell."""

    async def ask(wait_s: int) -> Exchange:
        return await survey.send(opening, waiting(wait_s), timeout_s=waits.TIMEOUT_S)

    found = await waits.keeps_time(ask, survey.answer.elapsed_s)
    if found is None:
        return None
    longest, none, more = found
    return say.broken(saw, longest, none, more=more, place=opening.slot.label)
